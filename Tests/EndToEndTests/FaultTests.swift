import Foundation
import Glibc
import TestKit
import Testing

private let header =
    "<stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

/// A client through a recorder at a server that a test plays itself.
private struct Play {
    let recorder: Recorder
    let client: RawPeer
    let server: RawPeer
    private let listener: RawListener

    init(_ options: [String] = [], out: String? = nil) throws {
        listener = try RawListener()
        recorder = try Recorder(upstream: listener.port, options: options, out: out)
        client = try RawPeer(port: recorder.port)
        server = listener.accept()
    }
}

@Suite(.serialized)
struct FaultTests {
    @Test(
        "bytes arrive unchanged when each is a write of its own, and the transcript is the golden one",
        .timeLimit(.minutes(1))
    )
    func byteByByte() throws {
        let play = try Play()
        let said = try (client: fixture("client-to-server.xml"), server: fixture("server-to-client.xml"))
        for byte in said.client { play.client.send([byte]) }
        #expect(play.server.read { $0.received.count == said.client.count })
        for byte in said.server { play.server.send([byte]) }
        #expect(play.client.read { $0.received.count == said.server.count })
        #expect(play.server.received == said.client && play.client.received == said.server)
        play.client.closeOutput()
        play.server.readToEnd()
        play.server.closeOutput()
        play.client.readToEnd()
        #expect(play.recorder.stop() == 0)
        let transcript = play.recorder.transcript()
        #expect(transcript.contains("Registration step 4 of 4: the server confirms that test3@jabber.org now exists."))
        #expect(try play.recorder.show().output == transcript)
    }

    @Test(
        "after kill -9 everything that a peer received is in the capture, and every reader reads it",
        .timeLimit(.minutes(1))
    )
    func killed() throws {
        let play = try Play()
        play.client.send(header)
        for number in 0..<20_000 { play.client.send("<message id='\(number)'><body>text</body></message>") }
        _ = play.server.read { $0.received.count > 500_000 }
        play.recorder.process.send(signal: SIGKILL)
        _ = play.recorder.process.wait(seconds: 10)
        play.server.readToEnd()
        let shown = try play.recorder.show(["--format", "jsonl"])
        #expect(shown.status == 0)
        var recorded: [UInt8] = []
        for line in shown.output.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            if let xml = object?["xml"] as? String { recorded += Array(xml.utf8) }
        }
        // The capture may end in half a packet, which is no line of its own.
        let common = min(recorded.count, play.server.received.count)
        #expect(recorded.prefix(common) == play.server.received.prefix(common))
        #expect(recorded.count + 200 > play.server.received.count)
        #expect(shown.output.contains("The recording ends here, while the connection is open"))
    }

    @Test(
        "Wireshark's and tcpdump's readers read a capture, events included",
        .enabled(if: hasPeers),
        .timeLimit(.minutes(1))
    )
    func otherReaders() throws {
        let play = try Play()
        play.client.send(header + "<iq id='1' type='get'><query xmlns='jabber:iq:register'/></iq></stream:stream>")
        play.client.closeOutput()
        play.server.readToEnd()
        play.server.closeOutput()
        #expect(play.recorder.stop() == 0)
        let tshark = try run(
            "/usr/bin/tshark",
            [
                "-r", play.recorder.capture, "-d", "tcp.port==\(play.recorder.port),xmpp", "-T", "fields", "-e",
                "frame.comment", "-e", "_ws.col.Protocol",
            ]
        )
        #expect(tshark.status == 0)
        #expect(
            tshark.output.contains("Connection 1: ") && tshark.output.contains("{\"stanzatap\":1,")
                && tshark.output.contains("XMPP")
        )
        let tcpdump = try run("/usr/bin/tcpdump", ["-n", "-r", play.recorder.capture])
        #expect(tcpdump.status == 0, "\(tcpdump.errors)")
        #expect(tcpdump.output.contains("Flags [S]") && tcpdump.output.contains("Flags [F.]"))
    }

    @Test(
        "a full disk ends the recording with one clear line, and nothing passes unrecorded",
        .enabled(if: canMount, "needs root and mount for a disk that is full"),
        .timeLimit(.minutes(1)),
        arguments: [[], ["--redact"]]
    )
    func fullDisk(options: [String]) throws {
        let folder = try TemporaryFolder()
        #expect(try run("/bin/mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder.path]).status == 0)
        defer { _ = try? run("/bin/umount", ["-l", folder.path]) }
        let play = try Play(options, out: folder.path)
        play.client.send(header)
        play.server.send(header.replacing("to=", with: "id='1' from="))
        #expect(play.client.read(until: "version='1.0'>"))
        // In steps, so that no byte lies unread in a socket: closing it would reset the connection and with it the error.
        var sent = header.utf8.count
        repeat {
            play.client.send([UInt8](repeating: UInt8(ascii: " "), count: 10_000))
            sent += 10_000
        } while sent < 1_000_000 && play.server.read { $0.received.count >= sent }
        play.server.readToEnd()
        play.client.readToEnd()
        let status = play.recorder.process.wait(seconds: 20)
        #expect(status == 1)
        #expect(play.recorder.process.errors.text.contains("the disk is full"))
        #expect(play.client.text.contains("resource-constraint"))
        let size = (try FileManager.default.attributesOfItem(atPath: play.recorder.capture)[.size] as? Int) ?? 0
        let errors = play.recorder.process.errors.text
        #expect(!errors.contains("/proc/"))
        // What peers received is in the capture, or it is said that it is not.
        #expect(play.server.received.count < size || errors.contains("lacks the end of the recording, about "))
        #expect(try play.recorder.show().status == 0)
    }

    @Test(
        "a server that is not there is told to the client by stanzatap, and the transcript says who sent it",
        .timeLimit(.minutes(1))
    )
    func noServer() throws {
        let port = try RawListener().port
        let recorder = try Recorder(upstream: port)
        let client = try RawPeer(port: recorder.port)
        client.send("<?xml version='1.0'?>" + header)
        client.readToEnd()
        #expect(client.text.contains("<remote-connection-failed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"))
        #expect(client.text.hasSuffix("</stream:stream>"))
        #expect(recorder.stop() == 0)
        let transcript = recorder.transcript()
        #expect(transcript.hasPrefix("XMPP session with jabber.test\n") && transcript.contains("server not reached"))
        #expect(transcript.contains("\n[Sent by stanzatap]\n"))
        #expect(transcript.contains("with the error remote-connection-failed"))
        #expect(try recorder.show().output == transcript)
    }

    @Test("bytes that are not XML pass, and are told", .timeLimit(.minutes(1)))
    func notXML() throws {
        let play = try Play()
        play.client.send("GET / HTTP/1.1\r\n\r\n")
        #expect(play.server.read(until: "\r\n\r\n"))
        play.server.send("HTTP/1.1 400 no\r\n\r\n")
        #expect(play.client.read(until: "\r\n\r\n"))
        #expect(play.recorder.stop(signal: SIGTERM) == 0)
        let transcript = play.recorder.transcript()
        #expect(
            transcript.contains(
                "[What the client sends cannot be read: it begins as a request of HTTP does, where XMPP begins with < "
                    + "(not-well-formed). At offset 0 of C->S, marked ►: \"►GET / HTTP/1.1&#xD;&#xA;&#xD;&#xA;\"."
            )
        )
    }

    @Test("escape sequences of a peer never reach the terminal", .timeLimit(.minutes(1)))
    func escapes() throws {
        let play = try Play()
        play.client.send(header + "<message><body>\u{9B}31m</body></message>\u{1B}[2J<message to='\u{1B}[2J'/>")
        #expect(play.server.read(until: "/>"))
        #expect(play.recorder.stop() == 0)
        let output = play.recorder.process.output.text
        #expect(!output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) })
        #expect(output.contains("&#x9B;31m"))
    }
}

/// A wrong call or a wrong file: its status and what standard error must say.
struct WrongCall: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let status: Int32
    let says: String
    var testDescription: String { arguments.joined(separator: " ") }
}

private let wrongCalls = [
    WrongCall(arguments: ["record", "--listen", "nonsense"], status: 2, says: "--listen"),
    WrongCall(arguments: ["record", "--upstream", "host:99999"], status: 2, says: "99999"),
    WrongCall(arguments: ["record", "--nonsense"], status: 2, says: "--nonsense"),
    WrongCall(arguments: ["record", "--max-packet", "0"], status: 2, says: "above 0"),
    WrongCall(
        arguments: ["record", "--listen", "127.0.0.1:0", "--out", "/dev/null/x"],
        status: 1,
        says: "/dev/null/x"
    ),
    WrongCall(arguments: ["show", "--out", "/nowhere"], status: 1, says: "no file is named"),
    WrongCall(arguments: ["show", "/nowhere"], status: 1, says: "there is no file /nowhere"),
    WrongCall(arguments: ["show", "/etc/hostname"], status: 1, says: "neither a capture nor a transcript"),
    WrongCall(arguments: ["show", "--connection", "0", "x"], status: 2, says: "numbered from 1"),
    WrongCall(arguments: ["nonsense"], status: 2, says: "nonsense"),
]

struct CallTests {
    @Test("a wrong call says what is wrong and ends with its status", .timeLimit(.minutes(1)), arguments: wrongCalls)
    func wrong(_ call: WrongCall) throws {
        let result = try run(Recorder.executable, call.arguments, seconds: 20)
        #expect(result.status == call.status)
        #expect(result.errors.contains(call.says), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("an open relay is refused", .timeLimit(.minutes(1)))
    func openRelay() throws {
        let result = try run(Recorder.executable, ["record", "--listen", "0.0.0.0:0"], seconds: 20)
        #expect(result.status == 2)
        #expect(result.errors.contains("--upstream"))
    }

    @Test(
        "help and version stand on standard output",
        arguments: [["--help"], ["record", "--help"], ["show", "--help"], ["--version"]]
    )
    func help(arguments: [String]) throws {
        let result = try run(Recorder.executable, arguments, seconds: 20)
        #expect(result.status == 0)
        #expect(result.output.contains("stanzatap") && result.errors.isEmpty)
    }
}

/// True for root on a machine where mounting is permitted.
private let canMount: Bool = {
    guard getuid() == 0, let folder = try? TemporaryFolder() else { return false }
    let mounted = (try? run("/bin/mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path]).status) == 0
    if mounted { _ = try? run("/bin/umount", [folder.path]) }
    return mounted
}()
