import Capture
import Testing
import Transcript
import XMPP

@testable import Inspector

struct BlottedBytesTests {
    @Test(
        "bytes are cut where they are blotted out",
        arguments: [
            ([], ["abcdef"]), ([0..<6], ["6"]), ([0..<2], ["2", "cdef"]), ([4..<6], ["abcd", "2"]),
            ([1..<2, 3..<5], ["a", "1", "c", "2", "f"]),
            // What stands in somebody's file may be anything.
            ([4..<9], ["abcd", "2"]), ([7..<9], ["abcdef"]), ([1..<5, 2..<3], ["a", "4", "f"]), ([3..<3], ["abcdef"]),
        ]
    )
    func cutting(_ places: [Range<Int>], _ expected: [String]) {
        var blotted = BlottedBytes()
        for place in places { blotted.add(kept: place.lowerBound, count: place.count) }
        let told = { (pieces: [BlottedBytes.Piece]) in
            pieces.map { piece in
                switch piece {
                case .readable(let bytes): String(decoding: bytes, as: UTF8.self)
                case .blotted(let count): "\(count)"
                }
            }
        }
        let bytes = Array("--abcdef".utf8)[2...]
        #expect(told(blotted.take(bytes)) == expected)
        #expect(told(blotted.take(bytes)) == ["abcdef"])
    }

    @Test("what is blotted out is told as that, once, and what follows is told again")
    func telling() throws {
        let header = "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='\(NS.streams)'>"
        let told = try told([
            header, "<presence/>xxx", "xxxxx", "xx<presence/>", "<message/>", "xxxx",
        ])
        #expect(
            told == [
                "packet 1", "packet 2",
                "10 bytes of the client could not be read when the secrets were taken out of this recording, and are blotted out",
                "packet 3", "packet 4",
                "4 bytes of the client could not be read when the secrets were taken out of this recording, and are blotted out",
            ]
        )
    }

    /// What is said of a client's segments, in which every `x` is blotted out.
    private func told(_ segments: [String]) throws -> [String] {
        let (client, server) = try (#require(Endpoint("192.0.2.1:40000")), #require(Endpoint("192.0.2.2:5222")))
        var contents: [CaptureRecord.Content] = [
            .opened(client: client, listener: server, program: "stanzatap", recorder: nil),
            .event(.upstreamConnected(host: "a", address: server, how: "fixed")),
        ]
        for segment in segments {
            let bytes = Array(segment.utf8)
            let isBlotted = segment.contains("xx")
            if isBlotted, let first = bytes.firstIndex(of: UInt8(ascii: "x")) {
                let count = bytes[first...].prefix { $0 == UInt8(ascii: "x") }.count
                contents.append(.event(.blotted(.client, kept: first, count: count)))
            }
            contents.append(.bytes(.clientToServer, bytes[...], .peer))
        }
        contents.append(.event(.ended(clientToServerBytes: 1, serverToClientBytes: 0)))
        let follower = ConnectionFollower(connection: 1, client: client, program: "stanzatap", time: nil)
        let records = contents.flatMap { content in
            follower.handle(CaptureRecord(connection: 1, time: nil, content: content)).records
        }
        return records.compactMap { record in
            switch record {
            case .packet(let packet): "packet \(packet.number ?? 0)"
            case .event(let event): event.text
            case .summary, .prose: nil
            }
        }
    }
}
