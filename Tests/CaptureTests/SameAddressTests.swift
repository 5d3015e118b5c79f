import TestKit
import Testing
import XMPP

@testable import Capture

/// Connections that are alive together and have the same addresses, as in captures of stanzatap 0.1 behind a proxy.
struct SameAddressTests {
    private static let client = Endpoint("192.0.2.1:1111")
    private static let listener = Endpoint("192.0.2.2:5222")

    private func recorder(_ file: CaptureFile, _ number: Int, as recorded: Endpoint? = nil) throws -> ConnectionRecorder
    {
        try ConnectionRecorder(
            file: file,
            number: number,
            client: try #require(Self.client),
            recordedClient: recorded,
            listener: try #require(Self.listener),
            program: "p"
        )
    }

    private func told(_ path: String) throws -> [String] {
        let reader = try CaptureReader(path: path)
        var told: [String] = []
        while let record = try reader.next() {
            switch record.content {
            case .opened(let client, _, _, _): told.append("\(record.connection) from \(client)")
            case .bytes(let direction, let bytes, _):
                told.append("\(record.connection) \(direction.rawValue) \(String(decoding: bytes, as: UTF8.self))")
            case .closed: told.append("\(record.connection) closed")
            case .event: told.append("\(record.connection) event")
            case .continued, .lost, .reset: told.append("\(record.connection) else")
            }
        }
        return told
    }

    @Test(
        "they are kept apart by their sequence numbers, also inside TLS, and after one has ended",
        arguments: [false, true]
    )
    func keptApart(isDecrypted: Bool) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.pcapng"
        let file = try CaptureFile(path: path, program: "p")
        var (one, two) = (try recorder(file, 1), try recorder(file, 2))
        if isDecrypted {
            try one.decryptionBegan()
            try two.decryptionBegan()
        }
        var expected =
            ["1 from 192.0.2.1:1111", "2 from 192.0.2.1:1111"] + (isDecrypted ? ["1 event", "2 event"] : [])
        for round in 0..<3 {
            for (number, direction) in [
                (1, Direction.clientToServer), (2, .clientToServer), (2, .serverToClient), (1, .serverToClient),
            ] {
                let text = "\(number) in round \(round)"
                try Array(text.utf8).withUnsafeBytes {
                    if number == 1 { try one.received($0, direction) } else { try two.received($0, direction) }
                }
                expected.append("\(number) \(direction.rawValue) \(text)")
            }
        }
        try one.closed(.clientToServer)
        try one.ended()
        try two.closed(.serverToClient)
        #expect(try told(path) == expected + ["1 closed", "1 event", "2 closed"])
    }

    @Test("one that is recorded under another port is told with its own")
    func madeUpPort() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.pcapng"
        let file = try CaptureFile(path: path, program: "p")
        _ = try recorder(file, 7, as: #require(Self.client).with(port: 1112))
        #expect(try told(path) == ["7 from 192.0.2.1:1111"])
    }
}
