import Foundation
import TestKit
import Testing

@Suite("the name of a recorder")
struct RecorderNameTests {
    /// What the line of the first connection tells, live and of the capture afterwards.
    private func connectionLines(_ options: [String]) throws -> (
        live: [String: Any], shown: [String: Any], file: String
    ) {
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, options: ["--format", "jsonl"] + options)
        let client = try RawPeer(port: recorder.port)
        let server = listener.accept()
        client.send("<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
        #expect(server.read(until: "to='a'"))
        client.closeOutput()
        server.readToEnd()
        #expect(recorder.stop() == 0)
        let live = recorder.process.output.text
        let shown = try recorder.show(["--format", "jsonl"])
        #expect(shown.status == 0 && shown.output == live)
        func first(_ text: String) throws -> [String: Any] {
            let line = try #require(text.split(separator: "\n").first)
            return try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        return (try first(live), try first(shown.output), String(recorder.capture.split(separator: "/").last ?? ""))
    }

    @Test("it is told live and afterwards, with the name of the capture", arguments: [[], ["--redact"]])
    func given(_ options: [String]) throws {
        let (live, shown, file) = try connectionLines(["--recorder", "gate \"1\" ü"] + options)
        for line in [live, shown] {
            #expect(line["kind"] as? String == "connection" && line["version"] as? Int == 2)
            #expect(line["recorder"] as? String == "gate \"1\" ü")
            #expect(line["file"] as? String == file)
        }
    }

    @Test("without one it is that of the host")
    func ofHost() throws {
        let host = try run("/usr/bin/env", ["uname", "-n"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try connectionLines([]).live["recorder"] as? String == host)
    }

    @Test(
        "one that nobody could read is refused",
        arguments: ["", "a\nb", "\u{1B}[2J", String(repeating: "a", count: 101)]
    )
    func refused(_ name: String) throws {
        let result = try run(Recorder.executable, ["record", "--recorder", name])
        #expect(result.status == 2 && result.errors.contains("--recorder needs a name"), "\(result.errors)")
    }
}
