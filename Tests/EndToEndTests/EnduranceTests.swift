import Capture
import Foundation
import Glibc
import TestKit
import Testing
import XMPP

private let header =
    "<stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

/// Bytes in the memory of a process.
private func memory(of process: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    return try #require(Int(line.filter(\.isNumber))) * 1024
}

/// What a capture holds of one direction.
private func recorded(_ path: String, _ direction: Direction) throws -> [UInt8] {
    let reader = try CaptureReader(path: path)
    var bytes: [UInt8] = []
    while let record = try reader.next() {
        if case .bytes(direction, let part, _) = record.content { bytes += part }
    }
    return bytes
}

@Suite(.serialized)
struct EnduranceTests {
    @Test(
        "kill -9 at 100 moments: what the server had received is in the capture, which is readable",
        .timeLimit(.minutes(5))
    )
    func killedManyTimes() throws {
        for _ in 0..<100 {
            let listener = try RawListener()
            let recorder = try Recorder(upstream: listener.port, options: ["--quiet"])
            let client = try RawPeer(port: recorder.port)
            let server = listener.accept()
            client.send(header)
            // The moment is by chance: somewhere in the first megabyte.
            let wanted = Int.random(in: 0..<1_000_000)
            client.sendAside { number in
                number < 30_000 ? Array("<message id='\(number)'><body>\(number)</body></message>".utf8) : nil
            }
            _ = server.read { $0.received.count >= wanted }
            recorder.process.send(signal: SIGKILL)
            _ = recorder.process.wait(seconds: 10)
            server.readToEnd()
            let capture = try recorded(recorder.capture, .clientToServer)
            #expect(capture.count >= server.received.count)
            #expect(capture.prefix(server.received.count).elementsEqual(server.received))
        }
    }

    @Test(
        "500 connections whose peers send a byte now and then, in both directions, lose none",
        .timeLimit(.minutes(3))
    )
    func slow() throws {
        raiseDescriptorLimit()
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, options: ["--quiet", "--tls", "pass"])
        var pairs: [(client: RawPeer, server: RawPeer)] = []
        for _ in 0..<500 {
            let client = try RawPeer(port: recorder.port)
            pairs.append((client, listener.accept()))
        }
        let text = Array("<a b='c'/>".utf8)
        for byte in text {
            for pair in pairs {
                pair.client.send([byte])
                pair.server.send([byte])
            }
            // Each has arrived before the next one is sent, so that each is a read of its own.
            for pair in pairs {
                let count = pair.client.received.count + 1
                #expect(
                    pair.server.read { $0.received.count >= count } && pair.client.read { $0.received.count >= count }
                )
            }
        }
        for pair in pairs { #expect(pair.client.received == text && pair.server.received == text) }
        #expect(recorder.stop() == 0)
        #expect(try recorded(recorder.capture, .clientToServer).count == 500 * text.count)
    }

    @Test("9,900 connections that never say a word keep nobody else from being served", .timeLimit(.minutes(3)))
    func silent() throws {
        raiseDescriptorLimit()
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, options: ["--quiet"])
        let before = try memory(of: recorder.process.identifier)
        var peers: [RawPeer] = []
        for _ in 0..<9_900 {
            peers.append(try RawPeer(port: recorder.port))
            peers.append(listener.accept())
        }
        let client = try RawPeer(port: recorder.port)
        let server = listener.accept()
        client.send(header)
        #expect(server.read(until: header))
        let each = (try memory(of: recorder.process.identifier) - before) / 9_900
        #expect(each < 64 * 1024, "\(each) bytes for each")
        #expect(recorder.stop() == 0)
        for peer in peers.prefix(100) { #expect(peer.read { _ in false } == false) }
    }

    @Test("a stanza of a gigabyte is relayed and recorded, and cut in the transcript", .timeLimit(.minutes(5)))
    func gigabyte() throws {
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, options: ["--quiet"])
        let client = try RawPeer(port: recorder.port)
        let server = listener.accept()
        let (start, end) = (header + "<message to='b@a'><body>", "</body></message><presence/>")
        let (piece, pieces) = ([UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000), 1_000)
        client.sendAside { number in
            switch number {
            case 0: Array(start.utf8)
            case 1...pieces: piece
            case pieces + 1: Array(end.utf8)
            default: nil
            }
        }
        var total = 0
        let wanted = start.utf8.count + piece.count * pieces + end.utf8.count
        var buffer = [UInt8](repeating: 0, count: 1_000_000)
        while total < wanted {
            let count = recv(server.descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            total += count
        }
        #expect(total == wanted)
        #expect(recorder.wait(seconds: 240) { $0.contains("The client is online") })
        #expect(try memory(of: recorder.process.identifier) < 200_000_000)
        #expect(recorder.stop() == 0)
        let told = recorder.transcript()
        #expect(told.contains("A packet of 1000000041 bytes that is not taken apart"), "\(told.suffix(600))")
        let size = try FileManager.default.attributesOfItem(atPath: recorder.capture)[.size] as? Int ?? 0
        #expect(size > wanted)
    }

    @Test(
        "bytes in encodings that are none make nobody write to the user's terminal",
        arguments: [
            "<?\0\0\0\0?>", "<\0\0\0", "<?xml version='1.0' encoding='UTF-16'?>",
            "<?xml version='1.0' encoding='UCS-4'?>",
        ]
    )
    func strangeEncodings(start: String) throws {
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, options: ["--quiet", "--tls", "pass"])
        let before = recorder.process.errors.text
        let client = try RawPeer(port: recorder.port)
        let server = listener.accept()
        client.send(start + header + "<presence/>")
        #expect(server.read(until: "<presence/>"))
        client.closeOutput()
        #expect(recorder.stop() == 0)
        let told = recorder.process.errors.text.dropFirst(before.count)
        #expect(told.split(separator: "\n").allSatisfy { $0.hasPrefix("stanzatap: ") }, "\(told)")
    }

    @Test("a client that vanishes in the middle of a stanza is told, and its server gets the RST")
    func vanishes() throws {
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port)
        var client: RawPeer? = try RawPeer(port: recorder.port)
        let server = listener.accept()
        client?.send(header + "<message to='b@a'><body>half a")
        #expect(server.read(until: "half a"))
        client?.resetAtEnd()
        client = nil
        var byte: UInt8 = 0
        #expect(recv(server.descriptor, &byte, 1, 0) == -1 && errno == ECONNRESET)
        #expect(recorder.wait { $0.contains("Half a packet was left when the client stopped") })
        #expect(recorder.transcript().contains("[The client resets the connection]"))
        #expect(recorder.stop() == 0)
    }

    @Test("SIGTERM ends a recording like Ctrl-C: all is written", arguments: [SIGTERM, SIGINT])
    func ended(signal: Int32) throws {
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port)
        let client = try RawPeer(port: recorder.port)
        let server = listener.accept()
        client.send(header + "<presence/>")
        #expect(server.read(until: "<presence/>"))
        #expect(recorder.stop(signal: signal) == 0)
        #expect(recorder.transcript().contains("The client is online"))
        #expect(try recorder.show().output == recorder.process.output.text)
    }

    @Test(
        "nothing is opened because a packet says so",
        .enabled(if: hasPeers, "strace is not installed: run tools/setup --tests")
    )
    func noEntities() throws {
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, options: ["--quiet"])
        for packet in [
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" + header + "<a>&x;</a>",
            header + "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/evil.dtd'><a/>",
            header
                + "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/hostname' parse='text'/></a>",
            header + "<a>&x;</a>", header + "<?xml-stylesheet href='/etc/hostname'?><a/>",
        ] {
            let client = try RawPeer(port: recorder.port)
            let server = listener.accept()
            client.send(packet)
            client.closeOutput()
            server.readToEnd()
        }
        #expect(recorder.stop() == 0)
        let folder = try TemporaryFolder()
        let (log, page) = (folder.path + "/log", folder.path + "/page")
        for format in ["text", "jsonl", "html"] {
            let result = try run(
                "/usr/bin/strace",
                ["-f", "-e", "trace=open,openat,openat2,connect,socket,execve", "-o", log, Recorder.executable, "show"]
                    + ["--format", format, "--output", page + format, recorder.capture]
            )
            #expect(result.status == 0, "\(result.errors)")
            let calls = try String(contentsOfFile: log, encoding: .utf8)
            #expect(calls.contains(recorder.capture))
            for evil in ["hostname", "evil.dtd", "socket(AF_INET"] { #expect(!calls.contains(evil)) }
        }
    }
}
