import Capture
import Testing
import Transcript
import XMPP

@testable import Inspector

/// Records that lie ready.
private final class Records: RecordSource {
    private var records: [CaptureRecord]

    init(_ contents: [CaptureRecord.Content]) {
        records = contents.enumerated().map { CaptureRecord(connection: 1, time: UInt64($0), content: $1) }
    }

    var offset: Int { 0 }
    var file: String? { nil }

    func next() -> CaptureRecord? { records.isEmpty ? nil : records.removeFirst() }
    func finish() {}
    func leftOver() -> Int { 0 }
}

private final class Told: TranscriptSink {
    private(set) var title: String?
    private(set) var events: [String] = []

    func began(_ title: ConnectionTitle) { self.title = title.lines.first }

    func add(_ record: Record, connection: Int) {
        if case .event(let event) = record { events.append(event.text) }
    }

    func finished(connection: Int) {}
    func flush() throws(OutputError) {}
}

/// A ClientHello of TLS 1.2 without extensions.
private let hello: [UInt8] =
    [0x16, 3, 1, 0, 47, 1, 0, 0, 43, 3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0x13, 1, 1, 0, 0, 0]
private let data: [UInt8] = [0x17, 3, 3, 0, 2, 1, 2]

/// What is said of connections in TLS that other programs captured.
struct EncryptedTests {
    private static let lost: [CaptureRecord.Content] = [.lost(.clientToServer, nil), .lost(.serverToClient, nil)]
    private static let howToRead =
        ". To read it, record with stanzatap in between, or give Wireshark the secrets of one of the two (SSLKEYLOGFILE)"

    private func told(_ contents: [CaptureRecord.Content], program: String? = nil) throws -> Told {
        let (client, server) = try (#require(Endpoint("192.0.2.1:40000")), #require(Endpoint("192.0.2.2:5223")))
        let opened = CaptureRecord.Content.opened(client: client, listener: server, program: program, recorder: nil)
        let reached = CaptureEvent.upstreamConnected(host: "192.0.2.2", address: server, how: "captured")
        let sink = Told()
        let inspector = Inspector(reader: Records([opened, .event(reached)] + contents), sinks: [sink])
        while try inspector.step() > 0 {}
        _ = try inspector.finish()
        return sink
    }

    @Test(
        "TLS is told where it begins, and as what it may be",
        arguments: [
            ([], hello, "The client begins with TLS: everything is encrypted and passed through unread"),
            (lost, hello, "TLS begins: what follows is encrypted and passed through unread"),
            (
                lost, data,
                "The connection is encrypted by TLS, which began before the recording; it is passed through unread"
            ),
        ]
    )
    func foreign(_ before: [CaptureRecord.Content], _ bytes: [UInt8], _ event: String) throws {
        let told = try told(before + [.bytes(.clientToServer, bytes[...], .peer)])
        #expect(told.title == "TLS connection with 192.0.2.2, perhaps XMPP")
        #expect(told.events.contains(event + Self.howToRead), "\(told.events)")
    }

    @Test("what stanzatap was given to record is a session of XMPP")
    func own() throws {
        let told = try told([.bytes(.clientToServer, hello[...], .peer)], program: "stanzatap 0.1.0")
        #expect(told.title == "XMPP session with 192.0.2.2")
    }

    @Test("what stood in the clear before TLS tells that it is XMPP")
    func afterSTARTTLS() throws {
        let header = "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='\(NS.streams)'>"
        let told = try told([.bytes(.clientToServer, Array(header.utf8)[...], .peer)])
        #expect(told.title == "XMPP session with a")
    }
}
