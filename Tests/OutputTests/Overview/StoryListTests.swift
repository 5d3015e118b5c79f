import Foundation
import Glibc
import TestKit
import Testing
import Transcript
import XMPP

@testable import Output

@Suite("the list of stories")
struct StoryListTests {
    @Test("stories stand below their connection, in the order of the connections, and escaped")
    func order() throws {
        let folder = try TemporaryFolder()
        let descriptor = open(folder.path + "/out", O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        let list = StoryList(DescriptorWriter(descriptor, name: "out"), columns: nil)
        for connection in [1, 2] { list.began(ConnectionTitle(connection: connection, lines: [])) }
        for (connection, line) in [(2, "Second\u{1B} (001 to 002)."), (1, "First (003).")] {
            var summary = Summary(text: "x", stories: [])
            summary.storyLines = [line]
            list.add(.summary(summary), connection: connection)
            list.finished(connection: connection)
        }
        try list.end()
        let output = try String(contentsOfFile: folder.path + "/out", encoding: .utf8)
        let lines = output.split(separator: "\n").map { $0.drop { $0 == " " } }
        #expect(lines.count == 6 && lines[2] == "First (003)." && lines[5].hasPrefix("Second"))
        #expect(!output.contains("\u{1B}"))
    }
}
