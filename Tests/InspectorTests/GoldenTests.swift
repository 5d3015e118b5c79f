import Capture
import TestKit
import Testing
import Transcript
import XMPP

@testable import Inspector

/// The two sides of the founding conversation, cut into what each said in turn.
private func conversation() throws -> [(Direction, [UInt8])] {
    let client = try fixture("client-to-server.xml")
    let server = try fixture("server-to-client.xml")
    func cut(_ bytes: [UInt8], before marks: [String]) -> [[UInt8]] {
        var rest = bytes[...]
        var pieces: [[UInt8]] = []
        for mark in marks {
            let text = String(decoding: rest, as: UTF8.self)
            guard let range = text.firstRange(of: mark) else { continue }
            let count = text[..<range.lowerBound].utf8.count
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces + [Array(rest)]
    }
    let fromClient = cut(client, before: ["<iq id='uid1'", "<iq id='uid2'"])
    let fromServer = cut(
        server,
        before: ["<iq xmlns='jabber:client' id='uid1'", "<iq xmlns='jabber:client' id='uid2'"]
    )
    return zip(fromClient, fromServer).flatMap { [(.clientToServer, $0), (.serverToClient, $1)] }
}

private func transcript(chunk: Int?) throws -> String {
    let address = try #require(Endpoint("127.0.0.1:5222"))
    let follower = ConnectionFollower(connection: 1, client: address, program: nil, time: nil)
    var writer = TextWriter()
    var text: [UInt8] = []
    func tell(_ content: CaptureRecord.Content) {
        let output = follower.handle(CaptureRecord(connection: 1, time: nil, content: content))
        if let title = output.title { writer.append(title: title.lines, to: &text) }
        for record in output.records { writer.append(record, to: &text) }
    }
    tell(.event(.upstreamConnected(host: "jabber.org", address: address, how: "")))
    for (direction, bytes) in try conversation() {
        for slice in bytes.slices(of: chunk) { tell(.bytes(direction, Array(slice)[...], .peer)) }
    }
    tell(.event(.ended(clientToServerBytes: 0, serverToClientBytes: 0)))
    return String(decoding: text, as: UTF8.self)
}

struct GoldenTests {
    @Test(
        "the wire bytes of the founding conversation give the golden transcript, however they are cut",
        arguments: chunkSizes
    )
    func golden(chunk: Int?) throws {
        let golden = String(decoding: try fixture("registration.txt"), as: UTF8.self)
        let body = try transcript(chunk: chunk)
        let start = try #require(body.firstRange(of: "C->S 001"))
        let goldenStart = try #require(golden.firstRange(of: "C->S 001"))
        #expect(body[start.lowerBound...] == golden[goldenStart.lowerBound...])
        #expect(
            body.hasPrefix(
                "XMPP session with jabber.org\nClient 127.0.0.1:5222, server jabber.org (127.0.0.1:5222), stanzatap\n\n"
            )
        )
    }
}
