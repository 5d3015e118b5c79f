import Foundation
import Glibc
import TestKit
import Testing
import Transcript
import XMPP

@testable import Output

/// Rule 11 of the transcript format: whose connection goes on.
@Suite struct AccountLineTests {
    private func written(_ style: TextStyle) throws -> String {
        let folder = try TemporaryFolder()
        let descriptor = open(folder.path + "/out", O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        let sink = StreamedText(DescriptorWriter(descriptor, name: "out"), style: style)
        for connection in 1...2 {
            sink.began(
                ConnectionTitle(
                    connection: connection,
                    client: "192.0.2.\(connection):40000",
                    domain: "a",
                    server: nil,
                    time: nil,
                    program: "stanzatap"
                )
            )
        }
        var packet = PacketRecord(number: 1, direction: .clientToServer, xml: Array("<a/>".utf8))
        packet.client = ClientFacts(account: "anna@a/phone")
        for connection in [1, 2, 1, 2] {
            sink.add(.packet(packet), connection: connection)
            packet.client = nil
        }
        try sink.end()
        return try String(contentsOfFile: folder.path + "/out", encoding: .utf8)
    }

    private func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { $0.hasPrefix("[Connection") }
    }

    @Test("a terminal is told the account once it is known, files never are")
    func accounts() throws {
        #expect(
            try lines(written(TextStyle(columns: 80, isTerminal: true))) == [
                "[Connection 1: client 192.0.2.1:40000]", "[Connection 2: client 192.0.2.2:40000]",
                "[Connection 1: anna@a/phone]", "[Connection 2: client 192.0.2.2:40000]",
            ]
        )
        #expect(
            try lines(written(.plain)) == [
                "[Connection 1: client 192.0.2.1:40000]", "[Connection 2: client 192.0.2.2:40000]",
                "[Connection 1: client 192.0.2.1:40000]", "[Connection 2: client 192.0.2.2:40000]",
            ]
        )
    }
}
