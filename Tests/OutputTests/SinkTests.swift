import Capture
import Foundation
import Glibc
import Inspector
import TestKit
import Testing
import Transcript
import XMPP

@testable import Output

private let header =
    "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

/// A capture of two connections that take turns, with the file of its text in `OrderedText` and `StreamedText`.
private struct Recorded {
    let folder: TemporaryFolder
    let file: CaptureFile
    private var recorders: [ConnectionRecorder] = []

    init(connections: Int) throws {
        folder = try TemporaryFolder()
        file = try CaptureFile(path: folder.path + "/c.pcapng", program: "stanzatap test")
        for number in 1...connections {
            let client = try #require(Endpoint("127.0.0.1:\(40000 + number)"))
            let listener = try #require(Endpoint("127.0.0.1:5222"))
            recorders.append(
                try ConnectionRecorder(
                    file: file,
                    number: number,
                    client: client,
                    listener: listener,
                    program: "stanzatap test"
                )
            )
            try recorders[number - 1].happened(.upstreamConnected(host: "a", address: listener, how: "fixed"))
        }
    }

    mutating func say(_ connection: Int, _ text: String, _ direction: Direction = .clientToServer) throws {
        try Array(text.utf8).withUnsafeBytes { try recorders[connection - 1].received($0, direction) }
    }

    mutating func happen(_ connection: Int, _ event: CaptureEvent) throws {
        try recorders[connection - 1].happened(event)
    }

    mutating func beginTLS(_ connection: Int, with side: Side) throws {
        try happen(connection, .tls(side, TLSFacts()))
        try recorders[connection - 1].decryptionBegan()
    }

    mutating func end(_ connection: Int) throws { try recorders[connection - 1].ended() }

    mutating func fail(_ connection: Int) throws {
        try recorders[connection - 1].happened(
            .upstreamFailed(host: "a", condition: "host-unknown", reason: "nobody there")
        )
        try Array("<stream:error xmlns:stream='x'/>".utf8).withUnsafeBytes {
            try recorders[connection - 1].sentByProxy($0, .serverToClient, reason: "nobody there")
        }
    }

    /// Runs an inspector over the capture; what it writes to its descriptor.
    func inspect(_ makeSink: (DescriptorWriter) -> any TranscriptSink, steps: Int = 10_000) throws -> String {
        let path = folder.path + "/out"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        let inspector = Inspector(
            reader: try CaptureReader(path: file.path),
            sinks: [makeSink(DescriptorWriter(descriptor, name: "out"))]
        )
        while try inspector.step(limit: steps) > 0 {}
        #expect(try inspector.finish() == 0)
        return try String(contentsOfFile: path, encoding: .utf8)
    }
}

@Suite("sinks of a whole capture")
struct SinkTests {
    @Test("connections are told one after the other by show, whatever the batches", arguments: [1, 2, 10_000])
    func ordered(steps: Int) throws {
        var recorded = try Recorded(connections: 2)
        try recorded.say(2, header)
        try recorded.say(1, header + "<a/>")
        try recorded.say(2, "<b/>")
        try recorded.end(2)
        try recorded.say(1, "<c/>")
        try recorded.end(1)
        let text = try recorded.inspect({ OrderedText($0, style: .plain) }, steps: steps)
        let order = ["Client 127.0.0.1:40002", "<b/>", "Client 127.0.0.1:40001", "<a/>", "<c/>"]
        let places = order.map { text.firstRange(of: $0)?.lowerBound }
        #expect(
            places.compactMap(\.self).count == order.count
                && places.compactMap(\.self) == places.compactMap(\.self).sorted()
        )
        #expect(!text.contains("[Connection"))
    }

    @Test("on a terminal a line tells which connection goes on")
    func streamed() throws {
        var recorded = try Recorded(connections: 2)
        try recorded.say(1, header)
        try recorded.say(2, header)
        try recorded.say(1, "<a/>")
        let text = try recorded.inspect { StreamedText($0, style: .plain) }
        #expect(text.contains("\n\n[Connection 1: client 127.0.0.1:40001]\n\nC->S 002\n<a/>\n"))
        #expect(text.contains("[The recording ends here, while the connection is open]"))
    }

    @Test("colours come in whole lines and only when asked for")
    func colors() throws {
        var recorded = try Recorded(connections: 1)
        try recorded.say(1, header)
        let plain = try recorded.inspect { StreamedText($0, style: .plain) }
        let colored = try recorded.inspect { StreamedText($0, style: .colored) }
        #expect(!plain.contains("\u{1B}"))
        #expect(colored.contains("\u{1B}[1;32mC->S 001\u{1B}[0m\n"))
        #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    }

    @Test("what stanzatap sent is marked, and the title says that the server was not reached")
    func sentByProxy() throws {
        var recorded = try Recorded(connections: 1)
        try recorded.say(1, header)
        try recorded.fail(1)
        try recorded.end(1)
        let text = try recorded.inspect { OrderedText($0, style: .plain) }
        #expect(text.contains("[The server a was not reached: nobody there (host-unknown)]"))
        #expect(text.contains("[Sent by stanzatap]") || text.contains("is not explained"))
    }

    @Test("TLS of a replay has one leg, which is enough to be encrypted", arguments: [Side.client, .server])
    func replay(_ side: Side) throws {
        var recorded = try Recorded(connections: 1)
        try recorded.happen(1, .replay(side))
        try recorded.say(1, header)
        try recorded.say(1, "<starttls xmlns='\(NS.tls)'/>")
        try recorded.say(1, header, .serverToClient)
        try recorded.say(1, "<proceed xmlns='\(NS.tls)'/>", .serverToClient)
        try recorded.beginTLS(1, with: side.other)
        try recorded.say(1, header)
        try recorded.say(1, header, .serverToClient)
        let offer = "<mechanisms xmlns='\(NS.sasl)'><mechanism>EXTERNAL</mechanism></mechanisms>"
        try recorded.say(1, "<stream:features>\(offer)</stream:features>", .serverToClient)
        try recorded.say(1, "<auth xmlns='\(NS.sasl)' mechanism='PLAIN'>AGEAYg==</auth>")
        try recorded.say(1, "<auth xmlns='\(NS.sasl)' mechanism='EXTERNAL'>=</auth>")
        try recorded.end(1)
        let text = try recorded.inspect { OrderedText($0, style: .plain) }
        for wrong in ["unencrypted", "It offers no encryption", "reaches stanzatap only", "decrypted by stanzatap"] {
            #expect(!text.contains(wrong), "\(text)")
        }
        #expect(text.contains(", encrypted."))
    }

    @Test("TLS with the server alone does not encrypt what a relayed client says")
    func oneLegOfTwo() throws {
        var recorded = try Recorded(connections: 1)
        try recorded.say(1, header)
        try recorded.happen(1, .tls(.server, TLSFacts()))
        try recorded.say(1, "<auth xmlns='\(NS.sasl)' mechanism='PLAIN'>AGEAYg==</auth>")
        let text = try recorded.inspect { OrderedText($0, style: .plain) }
        #expect(text.contains("the password crosses the network unencrypted"))
    }

    @Test("a file for each connection, for its owner only")
    func files() throws {
        var recorded = try Recorded(connections: 2)
        try recorded.say(1, header)
        try recorded.say(2, header)
        let directory = recorded.folder.path + "/t"
        _ = try recorded.inspect({ _ in TranscriptFiles(directory: directory) }, steps: 1)
        let text = try String(contentsOfFile: directory + "/002.txt", encoding: .utf8)
        #expect(text.hasPrefix("XMPP session with a\n"))
        let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/001.txt")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("JSON Lines come in the order of events, each a valid object")
    func jsonLines() throws {
        var recorded = try Recorded(connections: 2)
        try recorded.say(1, header)
        try recorded.say(2, header + "<iq id='1' type='get'><q xmlns='q'/></iq>")
        try recorded.say(1, "<x/>")
        let lines = try recorded.inspect { StreamedJSONLines($0) }.split(separator: "\n")
        let objects = try lines.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
        #expect(
            objects.map { "\($0?["kind"] ?? "") \($0?["connection"] ?? "") \($0?["name"] ?? "")" } == [
                "connection 1 ", "packet 1 stream", "connection 2 ", "packet 2 stream", "packet 2 iq", "packet 1 x",
                "event 1 ", "summary 1 ", "event 2 ", "summary 2 ",
            ]
        )
    }

    @Test("a text file that cannot be written keeps no other from being written, and the next batch is tried")
    func cannotWrite() throws {
        let folder = try TemporaryFolder()
        let sink = TranscriptFiles(directory: folder.path)
        try FileManager.default.createDirectory(atPath: folder.path + "/001.txt", withIntermediateDirectories: false)
        for connection in 1...3 { sink.began(ConnectionTitle(connection: connection, lines: ["a", "b"])) }
        #expect(throws: OutputError("cannot make the transcript \(folder.path)/001.txt: it is a folder")) {
            try sink.flush()
        }
        #expect(try String(contentsOfFile: folder.path + "/003.txt", encoding: .utf8) == "a\nb\n")
        sink.add(.event(EventRecord(kind: "", text: "c")), connection: 2)
        try sink.flush()
        #expect(try String(contentsOfFile: folder.path + "/002.txt", encoding: .utf8) == "a\nb\n\n[c]\n")
    }

    @Test("what waits for its turn comes back from its file in order, and whole")
    func spool() throws {
        let spool = TextSpool()
        let pieces = (1...5).map { [UInt8](repeating: UInt8($0), count: $0 * 100_000) }
        for (index, piece) in pieces.enumerated() { try spool.append(piece, connection: index % 2) }
        var taken: [[UInt8]] = []
        try spool.take(0) { taken.append($0) }
        try spool.take(0) { taken.append($0) }
        #expect(taken == [pieces[0], pieces[2], pieces[4]])
    }
}
