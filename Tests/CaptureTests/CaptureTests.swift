import Foundation
import TestKit
import Testing
import XMPP

@testable import Capture

private let client = Endpoint("127.0.0.1:41234")
private let listener = Endpoint("127.0.0.1:5222")

/// A capture with one connection of each address family, and what its records are, told in a line each.
private func recorded(in folder: TemporaryFolder) throws -> (path: String, told: [String]) {
    let path = folder.path + "/a.pcapng"
    let file = try CaptureFile(path: path, program: "stanzatap test")
    let four = (try #require(client), try #require(listener))
    let six = (try #require(Endpoint("[::1]:40000")), try #require(Endpoint("[::1]:5222")))
    var one = try ConnectionRecorder(file: file, number: 1, client: four.0, listener: four.1, program: "p")
    var two = try ConnectionRecorder(file: file, number: 2, client: six.0, listener: six.1, program: "p")
    try one.happened(.upstreamConnected(host: "h\u{1B}\"", address: four.1, how: "fixed"))
    try Array("hello".utf8).withUnsafeBytes { try one.received($0, .clientToServer) }
    try [UInt8](repeating: 7, count: 150_000).withUnsafeBytes { try two.received($0, .serverToClient) }
    try Array("<e/>".utf8).withUnsafeBytes { try one.sentByProxy($0, .serverToClient, reason: "no server") }
    try one.decryptionBegan()
    try Array("<f/>".utf8).withUnsafeBytes {
        try one.changed(Array("<f>\"ü</f>".utf8), into: $0, .serverToClient, reason: "it would break")
    }
    try one.closed(.clientToServer)
    try one.reset(.serverToClient)
    try one.ended()
    return (
        path,
        [
            "1 opened 127.0.0.1:41234 127.0.0.1:5222 p", "2 opened [::1]:40000 [::1]:5222 p", "1 connected h\u{1B}\"",
            "1 C->S 5", "2 S->C 65000", "2 S->C 65000", "2 S->C 20000", "1 S->C 4 by proxy: no server", "1 decrypted 1",
            "1 S->C 4 for 10: it would break", "1 closed C->S", "1 reset S->C", "1 ended 5 10",
        ]
    )
}

private func told(_ record: CaptureRecord) -> String {
    let content =
        switch record.content {
        case .opened(let client, let listener, let program, let recorder):
            "opened \(client) \(listener) \(program ?? "-")" + (recorder.map { " by \($0)" } ?? "")
        case .continued(let client, let program, _, let isDecrypted): "continued \(client) \(program) \(isDecrypted)"
        case .bytes(let direction, let bytes, .peer): "\(direction.rawValue) \(bytes.count)"
        case .bytes(let direction, let bytes, .proxy(let reason)):
            "\(direction.rawValue) \(bytes.count) by proxy: \(reason)"
        case .bytes(let direction, let bytes, .changed(let original, let reason)):
            "\(direction.rawValue) \(bytes.count) for \(original.count): \(reason)"
        case .lost(let direction, let count): "lost \(direction.rawValue) \(count ?? -1)"
        case .closed(let direction): "closed \(direction.rawValue)"
        case .reset(let direction): "reset \(direction.rawValue)"
        case .event(.upstreamConnected(let host, _, _)): "connected \(host)"
        case .event(.ended(let up, let down)): "ended \(up) \(down)"
        case .event(.decrypted(let connection)): "decrypted \(connection)"
        case .event(let event): "\(event)"
        }
    return "\(record.connection) \(content)"
}

private func read(_ path: String) throws -> [String] {
    let reader = try CaptureReader(path: path)
    var records: [String] = []
    while let record = try reader.next() { records.append(told(record)) }
    return records
}

struct CaptureTests {
    @Test("a decrypted stream is a TCP connection of its own, far from the numbers of the first")
    func decryptedStream() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.pcapng"
        let file = try CaptureFile(path: path, program: "stanzatap test")
        let ends = (try #require(client), try #require(listener))
        var recorder = try ConnectionRecorder(file: file, number: 1, client: ends.0, listener: ends.1, program: "p")
        try Array("hello".utf8).withUnsafeBytes { try recorder.received($0, .clientToServer) }
        try recorder.decryptionBegan()
        let sequences = try synchronising(path)
        // The SYN counts as one, and "hello" as five.
        #expect(sequences.count == 2 && sequences[1] == sequences[0] &+ 6 &+ 0x4000_0000, "\(sequences)")
    }

    /// The sequence numbers of the client's SYN segments: found by ports, header length and flags.
    private func synchronising(_ path: String) throws -> [UInt32] {
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        let ports = try [#require(client), #require(listener)].flatMap { [UInt8($0.port >> 8), UInt8($0.port & 0xFF)] }
        return bytes.indices.dropLast(14).filter { index in
            bytes[index..<index + 4].elementsEqual(ports) && bytes[index + 12] == 0x50 && bytes[index + 13] == 0x02
        }.map { index in bytes[index + 4..<index + 8].reduce(0) { $0 << 8 | UInt32($1) } }
    }

    @Test("what was recorded is read back")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let (path, expected) = try recorded(in: folder)
        #expect(try read(path) == expected)
    }

    @Test("who recorded is told, also where it goes on in another file; a capture without it reads as before")
    func recorder() throws {
        let folder = try TemporaryFolder()
        let rotation = CaptureFile.Rotation { folder.path + "/b.pcapng" }
        let paths = [folder.path + "/a.pcapng", folder.path + "/b.pcapng"]
        let file = try CaptureFile(path: paths[0], program: "p", recorder: "one", rotation: rotation)
        let ends = (try #require(client), try #require(listener))
        var recorder = try ConnectionRecorder(file: file, number: 1, client: ends.0, listener: ends.1, program: "p")
        #expect(file.rotate() == nil)
        try recorder.closed(.clientToServer)
        let reader = try CaptureSeriesReader(#require(CaptureSeries.recordings(of: paths).last))
        #expect(
            try reader.next()?.content == .opened(client: ends.0, listener: ends.1, program: "p", recorder: "one")
        )
        #expect(reader.file == "a.pcapng")
        #expect(
            try reader.next()?.content
                == .continued(client: ends.0, program: "p", recorder: "one", isDecrypted: false)
        )
        #expect(reader.file == "b.pcapng")
        let old = #"{"stanzatap":1,"client":"[::1]:1","connection":1,"event":"accepted","listener":"[::1]:2"}"#
        guard case .accepted(1, _, _, "stanzatap", nil) = CaptureEvent(json: old) else {
            Issue.record("an event of stanzatap 0.1 is not read")
            return
        }
    }

    @Test("a capture is for its owner only, and never overwritten")
    func safety() throws {
        let folder = try TemporaryFolder()
        let (path, _) = try recorded(in: folder)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(throws: CaptureError.self) { try CaptureFile(path: path, program: "again") }
    }

    @Test("a capture cut anywhere is readable up to the last whole record")
    func cut() throws {
        let folder = try TemporaryFolder()
        let (path, expected) = try recorded(in: folder)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let cutPath = folder.path + "/cut.pcapng"
        for count in stride(from: 4, to: bytes.count, by: 997) {
            try bytes.prefix(count).write(to: URL(fileURLWithPath: cutPath))
            let records = try read(cutPath)
            #expect(records == Array(expected.prefix(records.count)))
        }
    }

    @Test("a growing capture is read as it grows")
    func growing() throws {
        let folder = try TemporaryFolder()
        let file = try CaptureFile(path: folder.path + "/g.pcapng", program: "p")
        let reader = try CaptureReader(path: file.path)
        #expect(try reader.next() == nil)
        var recorder = try ConnectionRecorder(
            file: file,
            number: 1,
            client: #require(client),
            listener: #require(listener),
            program: "p"
        )
        #expect(try reader.next().map(told) == "1 opened 127.0.0.1:41234 127.0.0.1:5222 p")
        #expect(try reader.next() == nil)
        try [1, 2, 3].withUnsafeBytes {
            try recorder.received(UnsafeRawBufferPointer(rebasing: $0.prefix(3)), .clientToServer)
        }
        #expect(try reader.next().map(told) == "1 C->S 3")
        #expect(reader.offset == file.committed)
        #expect(reader.leftOver() == 0)
    }

    @Test("every event survives its JSON", arguments: everyEvent)
    func events(event: CaptureEvent) {
        #expect(CaptureEvent(json: event.json) == event)
        #expect(event.json.hasPrefix("{\"stanzatap\":1,"))
        #expect(!event.json.utf8.contains(0x0A))
    }

    @Test("the fields of an event stand in the order of their names, and what they hold is quoted where it must be")
    func written() throws {
        let (client, listener) = (try #require(client), try #require(listener))
        let events: [CaptureEvent] = [
            .accepted(number: 3, client: client, listener: listener, program: "p \"1\"", recorder: nil),
            .continued(
                number: 3,
                client: client,
                listener: listener,
                program: "p",
                recorder: "r",
                isDecrypted: true
            ),
            .upstreamConnected(host: "a\\b/ü", address: listener, how: "\u{1B}"),
            .tlsFailed(.server, reason: "no", certificate: nil, remedy: "yes"),
            .ended(clientToServerBytes: 1, serverToClientBytes: 2),
        ]
        let expected = [
            #"{"stanzatap":1,"client":"127.0.0.1:41234","connection":3,"event":"accepted","listener":"127.0.0.1:5222","program":"p \"1\""}"#,
            #"{"stanzatap":1,"client":"127.0.0.1:41234","connection":3,"decrypted":true,"event":"continued","listener":"127.0.0.1:5222","program":"p","recorder":"r"}"#,
            #"{"stanzatap":1,"address":"127.0.0.1:5222","event":"upstream-connected","host":"a\\b/ü","how":"\u001b"}"#,
            #"{"stanzatap":1,"event":"tls-failed","reason":"no","remedy":"yes","side":"server"}"#,
            #"{"stanzatap":1,"bytes-from-client":1,"bytes-from-server":2,"event":"ended"}"#,
        ]
        #expect(events.map(\.json) == expected)
    }

    @Test(
        "events of a later version, and comments of others, are passed over",
        arguments: [
            "", "a comment", "{\"stanzatap\":2,\"event\":\"ended\"}", "{\"stanzatap\":1,\"event\":\"unheard-of\"}",
            "{\"stanzatap\":1,",
        ]
    )
    func foreignComments(comment: String) {
        #expect(CaptureEvent(json: comment) == nil)
    }
}

private let everyEvent: [CaptureEvent] = [client, listener].compactMap(\.self).flatMap { endpoint in
    [
        .accepted(number: 3, client: endpoint, listener: endpoint, program: "p", recorder: nil),
        .accepted(number: 3, client: endpoint, listener: endpoint, program: "p", recorder: "one \"of\" ü"),
        .continued(number: 3, client: endpoint, listener: endpoint, program: "p", recorder: "r", isDecrypted: true),
        .upstreamConnected(host: "a\"\n\u{1}ü", address: endpoint, how: "h"),
        .upstreamFailed(host: "a", condition: "host-unknown", reason: "r"), .sentByProxy(reason: "r"),
        .changed(original: "<a b=\"ü\"/>", reason: "r"), .decrypted(connection: 3), .noticed("n"),
        .blotted(.client, kept: 3, count: 4),
        .replay(.client), .replay(.server),
        .tls(.client, TLSFacts()), .tls(.server, everyFact), .tls(.server, refusedFact),
        .tlsFailed(.server, reason: "r", certificate: everyFact.certificate, remedy: "Do it."),
        .tlsFailed(.client, reason: "r", certificate: nil, remedy: ""), .failed(reason: "r"),
        .ended(clientToServerBytes: 1, serverToClientBytes: 2),
    ]
}

private let everyFact: TLSFacts = {
    var facts = TLSFacts()
    facts.version = "TLS 1.3"
    facts.cipherSuite = "TLS_AES_128_GCM_SHA256"
    facts.applicationProtocol = "xmpp-client"
    facts.serverName = "a.org"
    facts.isDirect = true
    facts.verification = .trusted(domain: "a.org")
    facts.certificate = TLSFacts.Certificate(
        subject: "CN=a.org",
        issuer: "CN=ca",
        notBefore: 0,
        notAfter: 1_767_225_599,
        sha256: "ab",
        names: (1...8).map { "\($0).org" }
    )
    return facts
}()

private let refusedFact: TLSFacts = {
    var facts = everyFact
    facts.verification = .refused(reason: "it expired")
    return facts
}()

@Test("TLS is told in a line")
func toldTLS() {
    let certificate =
        "of CN=a.org for 1.org, 2.org, 3.org, 4.org, 5.org, 6.org and 2 more, issued by CN=ca, valid from 1970-01-01"
        + " until 2025-12-31, SHA-256 ab"
    #expect(
        everyFact.told(with: .server)
            == "TLS 1.3 with the server from the first byte, TLS_AES_128_GCM_SHA256, SNI a.org, ALPN xmpp-client,"
            + " the certificate is \(certificate), verified for a.org"
    )
    #expect(refusedFact.told(with: .server).hasSuffix(", NOT verified: it expired"))
    #expect(TLSFacts().told(with: .client) == "TLS with the client after STARTTLS")
    #expect(
        CaptureEvent.tlsFailed(.server, reason: "r", certificate: everyFact.certificate, remedy: "Do it.").sentence
            == "TLS with the server failed: r. The certificate is \(certificate). Do it."
    )
}

/// A file that is no capture of ours, and what the error must say.
struct Damage: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let says: String
    var testDescription: String { name }
}

private func block(_ type: UInt32, _ body: [UInt8], big: Bool = false, length: UInt32? = nil) -> [UInt8] {
    func number(_ value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: big ? value.bigEndian : value.littleEndian) { Array($0) }
    }
    let size = number(length ?? UInt32(body.count + 12))
    return number(type) + size + body + size
}

private let section = block(0x0A0D_0D0A, [0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0] + [UInt8](repeating: 255, count: 8))

private let damages: [Damage] = [
    Damage(name: "an empty file", bytes: [], says: "is no capture"),
    Damage(name: "a text", bytes: Array("hello, world".utf8), says: "is no capture"),
    Damage(
        name: "no byte-order mark",
        bytes: block(0x0A0D_0D0A, [UInt8](repeating: 9, count: 16)),
        says: "without a byte-order mark"
    ),
    Damage(name: "a block too short", bytes: section + block(6, [], length: 8), says: "a block cannot have 8 bytes"),
    Damage(
        name: "a block too long",
        bytes: section + block(6, [], length: 0x7FFF_FFFC),
        says: "a block cannot have 2147483644 bytes"
    ),
    Damage(
        name: "lengths that differ",
        bytes: section + [5, 0, 0, 0, 12, 0, 0, 0, 16, 0, 0, 0],
        says: "the two lengths of a block differ"
    ),
    Damage(
        name: "a packet without an interface",
        bytes: section + block(6, [UInt8](repeating: 0, count: 20)),
        says: "unknown interface"
    ),
    Damage(
        name: "a packet longer than its block",
        bytes: section + block(6, [UInt8](repeating: 0, count: 12) + [255, 255, 0, 0, 0, 0, 0, 0]),
        says: "longer than its block"
    ),
    Damage(
        name: "a link type that nobody knows",
        bytes: section + block(1, [147, 0, 0, 0, 0, 0, 0, 0]) + block(6, [UInt8](repeating: 0, count: 20)),
        says: "link type 147"
    ),
]

struct DamageTests {
    @Test("what is wrong with a file is said, with the place", arguments: damages)
    func damage(_ damage: Damage) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/d.pcapng"
        try Data(damage.bytes).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: CaptureError.self) { _ = try read(path) }
        #expect(error?.description.contains(damage.says) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains(path) == true)
    }

    @Test("big-endian sections, unknown blocks, other programs' time stamps")
    func foreign() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/b.pcapng"
        var segment: [UInt8] = []
        SyntheticSegment(
            source: try #require(client),
            destination: try #require(listener),
            sequence: 1,
            acknowledgment: 0,
            flags: .psh,
            payloadCount: 8
        ).write(to: &segment)
        segment += Array("<iq   />".utf8)
        let header = block(
            0x0A0D_0D0A,
            [0x1A, 0x2B, 0x3C, 0x4D, 0, 1, 0, 0] + [UInt8](repeating: 255, count: 8),
            big: true
        )
        let interface = block(1, [0, 101, 0, 0, 0, 0, 0, 0], big: true)
        let packet: [UInt8] = [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, UInt8(segment.count), 0, 0, 0, UInt8(segment.count),
        ]
        let bytes = header + block(0x0BAD, [1, 2, 3, 4], big: true) + interface + block(6, packet + segment, big: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let reader = try CaptureReader(path: path)
        #expect(try reader.next().map(told) == "1 opened 127.0.0.1:41234 127.0.0.1:5222 -")
        #expect(try reader.next().map(told) == "1 connected 127.0.0.1")
        #expect(try reader.next().map(told) == "1 lost C->S -1")
        #expect(try reader.next().map(told) == "1 lost S->C -1")
        let record = try reader.next()
        #expect(record.map(told) == "1 C->S 8")
        #expect(record?.time == 5000)
    }

    @Test("random bytes behind a good header never crash the reader", arguments: 0..<50)
    func random(seed: Int) throws {
        let folder = try TemporaryFolder()
        let path = try recorded(in: folder).path
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)).prefix(3000))
        var state = UInt64(seed) &+ 99
        for _ in 0..<20 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes[4 + Int((state >> 20) % UInt64(bytes.count - 4))] = UInt8(truncatingIfNeeded: state >> 55)
        }
        let damaged = folder.path + "/r.pcapng"
        try Data(bytes).write(to: URL(fileURLWithPath: damaged))
        _ = try? read(damaged)
    }
}
