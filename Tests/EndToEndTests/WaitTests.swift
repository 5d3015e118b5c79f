import Foundation
import Glibc
import TestKit
import Testing

private let serverHeader =
    "<stream:stream from='jabber.test' id='1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
private let features =
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"
private let clientHeader =
    "<stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

/// A replay as the client of a session with STARTTLS, at a server that the test plays.
private struct PlayedClient {
    let process: ChildProcess
    let server: RawPeer
    private let folder: TemporaryFolder

    init(_ sample: String = "prosody-starttls", options: [String] = []) throws {
        folder = try TemporaryFolder()
        let listener = try RawListener()
        process = try ChildProcess(
            Recorder.executable,
            ["replay", "\(checkout)/captures/samples/\(sample).pcapng", "--as", "client"]
                + ["--to", "127.0.0.1:\(listener.port)", "--out", folder.path, "--timeout", "1"] + options
        )
        server = listener.accept()
    }

    /// The client has asked for TLS.
    func reachSTARTTLS() {
        #expect(server.read(until: "<stream:stream"))
        server.send(serverHeader + features)
        #expect(server.read(until: "<starttls"))
    }
}

/// Seconds that it takes a program to end after a signal; nil if it does not within 20.
private func ends(_ process: ChildProcess, after signal: Int32) -> Double? {
    let start = Date()
    process.send(signal: signal)
    process.stopReading()
    return process.waitForEnd(seconds: 20) ? Date().timeIntervalSince(start) : nil
}

@Suite("every wait has a limit", .serialized)
struct WaitTests {
    @Test("a server that refuses STARTTLS ends a replay in words, and gets no TLS", .timeLimit(.minutes(1)))
    func refusedTLS() throws {
        let play = try PlayedClient()
        play.reachSTARTTLS()
        play.server.send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
        play.server.closeOutput()
        play.server.readToEnd()
        #expect(!play.server.received.contains(0x16) && !play.server.text.contains("<auth"))
        // The next connections of the recording find no server.
        #expect([1, 2].contains(play.process.wait(seconds: 15)))
        #expect(play.process.output.text.contains("now: it refuses"), "\(play.process.output.text)")
    }

    @Test("a server that does not answer STARTTLS is not waited for", .timeLimit(.minutes(1)))
    func silentBeforeTLS() throws {
        let play = try PlayedClient()
        play.reachSTARTTLS()
        #expect([1, 2].contains(play.process.wait(seconds: 15)))
        #expect(play.process.output.text.contains("now: nothing for 1 s"), "\(play.process.output.text)")
        #expect(!play.server.received.contains(0x16))
    }

    @Test(
        "a replay whose server falls silent ends at once when it is asked to, whatever its time limit",
        .timeLimit(.minutes(1)),
        arguments: [SIGINT, SIGTERM],
        [true, false]
    )
    func silentInTLS(_ signal: Int32, _ agrees: Bool) throws {
        let play = try PlayedClient(options: ["--timeout", "3000"])
        play.reachSTARTTLS()
        if agrees {
            play.server.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
            #expect(play.server.read { $0.received.contains(0x16) })
        }
        let seconds = try #require(ends(play.process, after: signal))
        #expect(seconds < 8, "\(seconds) s")
    }

    @Test("a server that agrees to TLS and falls silent is given ten seconds", .timeLimit(.minutes(1)))
    func silentHandshake() throws {
        let play = try PlayedClient()
        play.reachSTARTTLS()
        play.server.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        #expect(play.process.wait(seconds: 25) == 2)
        #expect(play.process.output.text.contains("did not answer within 10 s"))
    }

    @Test(
        "with --tls starttls a server without STARTTLS is a failure, on this machine too",
        .timeLimit(.minutes(1)),
        arguments: ["prosody-starttls", "prosody-plain"]
    )
    func meansSTARTTLS(_ sample: String) throws {
        let play = try PlayedClient(sample, options: ["--tls", "starttls"])
        #expect(play.server.read(until: "<stream:stream"))
        play.server.send(
            serverHeader + features.replacing("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", with: "")
        )
        #expect(play.process.wait(seconds: 15) == 2)
        play.server.readToEnd()
        #expect(!play.server.text.contains("<auth") && !play.server.text.contains("<iq"), "\(play.server.text)")
    }

    @Test("a server that speaks without end ends a replay", .timeLimit(.minutes(1)))
    func endlessServer() throws {
        let play = try PlayedClient("prosody-plain", options: ["--timeout", "3"])
        #expect(play.server.read(until: "<stream:stream"))
        play.server.send(serverHeader + "<stream:features/>")
        play.server.sendAside { number in
            number < 200_000 ? Array("<message id='\(number)'><body>more</body></message>".utf8) : nil
        }
        #expect(play.process.wait(seconds: 40) == 2)
        #expect(play.process.output.text.contains("more than 2000 things"))
        let differences = play.process.output.text.split(separator: "\n").count { $0.hasPrefix("[Difference") }
        #expect(differences < 2100, "\(differences)")
    }

    @Test(
        "a recording ends though nobody reads what it shows, and its transcripts are whole",
        .timeLimit(.minutes(1)),
        arguments: [SIGINT, SIGTERM]
    )
    func fullOutput(_ signal: Int32) throws {
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port)
        recorder.process.output.stopReading()
        let client = try RawPeer(port: recorder.port)
        let server = listener.accept()
        client.send(clientHeader)
        let count = 3000
        client.sendAside { number in
            number < count
                ? Array("<message id='\(number)'><body>\(String(repeating: "x", count: 100))</body></message>".utf8)
                : nil
        }
        #expect(server.read(until: "id='\(count - 1)'"))
        recorder.process.send(signal: signal)
        #expect(recorder.process.waitForEnd(seconds: 20), "it still runs")
        #expect(recorder.transcript().contains("id='\(count - 1)'"))
    }

    @Test("with standard error full, clients are served and the recording ends", .timeLimit(.minutes(1)))
    func fullErrors() throws {
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, options: ["--proxy-protocol"])
        recorder.process.errors.stopReading()
        for _ in 0..<3000 {
            let refused = try RawPeer(port: recorder.port)
            refused.send("no header of the PROXY protocol, and no more to come\r\n")
            refused.readToEnd()
        }
        let client = try RawPeer(port: recorder.port)
        client.send("PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n" + clientHeader)
        let server = listener.accept()
        #expect(server.read(until: "version='1.0'>"))
        recorder.process.send(signal: SIGTERM)
        #expect(recorder.process.waitForEnd(seconds: 20), "it still runs")
    }

    @Test("what peers cause is told once a minute, with a count", .timeLimit(.minutes(1)))
    func limitedLines() throws {
        let recorder = try Recorder(upstream: 1, options: ["--proxy-protocol"])
        for _ in 0..<50 {
            let refused = try RawPeer(port: recorder.port)
            refused.send("no header\r\n")
            refused.readToEnd()
        }
        #expect(recorder.stop() == 0)
        let lines = recorder.process.errors.text.split(separator: "\n").filter { $0.contains("PROXY protocol") }
        #expect(lines.count == 2 && lines[0].contains("it does not begin with one"), "\(lines)")
        #expect(lines.last?.contains("49 more of that kind") == true)
    }

    @Test("clients are served while idle connections lie on the port of the figures", .timeLimit(.minutes(1)))
    func idleMetrics() throws {
        let listener = try RawListener()
        let recorder = try Recorder(
            upstream: listener.port,
            options: ["--metrics", "127.0.0.1:0"],
            prefix: ["/bin/sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"]
        )
        #expect(recorder.process.errors.wait { $0.contains("/metrics") })
        let found = recorder.process.errors.text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/metrics/)
        let port = try #require(found.flatMap { Int($0.1) })
        let idle = try (0..<250).map { _ in try RawPeer(port: port) }
        let client = try RawPeer(port: recorder.port)
        client.send(clientHeader)
        let server = listener.accept()
        #expect(server.read(until: "version='1.0'>"))
        // Those that were taken are closed after some seconds, unasked.
        let start = Date()
        idle[0].readToEnd()
        #expect(Date().timeIntervalSince(start) < 10)
        withExtendedLifetime(idle) {}
        #expect(recorder.stop() == 0)
    }

    @Test(
        "a ClientHello whose server name is none is answered at once with an alert, and told",
        .timeLimit(.minutes(1))
    )
    func strangeServerName() throws {
        let recorder = try Recorder(upstream: try RawListener().port)
        let client = try RawPeer(port: recorder.port)
        let start = Date()
        client.send(hello(serverName: Array("a\u{0}b.c".utf8)))
        client.readToEnd()
        #expect(Date().timeIntervalSince(start) < 5)
        #expect(client.received.first == 0x15, "an alert")
        #expect(recorder.stop() == 0)
        #expect(recorder.transcript().contains("is no name of a server"), "\(recorder.transcript())")
    }

    /// A ClientHello of TLS 1.2 (RFC 5246 section 7.4.1.2) with the extensions that a handshake needs.
    private func hello(serverName: [UInt8]) -> [UInt8] {
        func vector(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes }
        let name = vector([0] + vector(serverName))
        let groups: [UInt8] = [0, 10] + vector([0, 2, 0, 23])
        let extensions = vector([0, 0] + vector(name) + groups + [0, 13] + vector([0, 2, 4, 3]))
        let body = [3, 3] + [UInt8](repeating: 7, count: 32) + [0] + vector([0xC0, 0x2B]) + [1, 0] + extensions
        return [22, 3, 1] + vector([1, 0] + vector(body))
    }

    @Test(
        "sniffing ends though nobody reads what it shows",
        .enabled(if: getuid() == 0, "needs root"),
        .timeLimit(.minutes(1))
    )
    func fullOutputOfSniff() throws {
        let listener = try RawListener()
        let sniff = try ChildProcess(Recorder.executable, ["sniff", "-i", "lo", "--bpf", "port \(listener.port)"])
        #expect(sniff.errors.wait { $0.contains("listening on") })
        sniff.output.stopReading()
        let client = try RawPeer(port: listener.port)
        let server = listener.accept()
        client.send(clientHeader)
        for number in 0..<3000 {
            client.send("<message id='\(number)'><body>\(String(repeating: "x", count: 100))</body></message>")
        }
        #expect(server.read(until: "id='2999'"))
        // A pipe takes 64 KiB.
        #expect(sniff.output.waitUntilUnread(60_000))
        let seconds = try #require(ends(sniff, after: SIGTERM))
        #expect(seconds < 10, "\(seconds) s")
    }
}
