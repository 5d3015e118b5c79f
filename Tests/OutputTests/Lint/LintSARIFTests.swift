import Foundation
import TestKit
import Testing
import Transcript
import XMPP

@testable import Output

@Suite("SARIF of lint")
struct LintSARIFTests {
    private func log(_ recordings: [[Record]], packetLines: [Int]? = nil) throws -> [String: Any] {
        let told = try linted(recordings, as: .sarif, packetLines: packetLines)
        return try #require(JSONSerialization.jsonObject(with: Data(told.text.utf8)) as? [String: Any])
    }

    private func run(_ log: [String: Any]) throws -> (results: [[String: Any]], driver: [String: Any]) {
        let runs = try #require(log["runs"] as? [[String: Any]])
        #expect(runs.count == 1)
        let tool = try #require(runs[0]["tool"] as? [String: Any])
        return (
            try #require(runs[0]["results"] as? [[String: Any]]), try #require(tool["driver"] as? [String: Any])
        )
    }

    @Test("a log of nothing is a log")
    func empty() throws {
        let log = try log([[]])
        let (results, driver) = try run(log)
        #expect(log["version"] as? String == "2.1.0" && results.isEmpty)
        #expect(driver["name"] as? String == "stanzatap" && driver["version"] as? String == "1.2.3")
        #expect((driver["rules"] as? [Any])?.isEmpty == true)
    }

    @Test("each result has its rule, its place and what it is known by")
    func results() throws {
        let missing = Finding(missingID, "it has no id.")
        let (results, driver) = try run(
            try log([[request(1, []), request(2, [missing]), request(3, [missing])]], packetLines: [4, 9, 14])
        )
        let result = try #require(results.first)
        #expect(results.count == 1 && result["ruleId"] as? String == "iq.id.missing")
        #expect(result["level"] as? String == "warning" && result["occurrenceCount"] as? Int == 2)
        #expect((result["message"] as? [String: Any])?["text"] as? String == "it has no id. (and 1 more: 003)")
        let location = try #require((result["locations"] as? [[String: Any]])?.first)
        let physical = try #require(location["physicalLocation"] as? [String: [String: Any]])
        #expect(physical["artifactLocation"]?["uri"] as? String == "r1.pcapng")
        #expect(physical["region"]?["startLine"] as? Int == 9)
        let logical = try #require((location["logicalLocations"] as? [[String: Any]])?.first)
        #expect(logical["fullyQualifiedName"] as? String == "C->S 002")
        let prints = try #require(result["partialFingerprints"] as? [String: String])
        #expect(prints["stanzatap/v1"] == "iq.id.missing C->S iq get {urn:x}q")
        #expect(prints["primaryLocationLineHash"]?.wholeMatch(of: /[0-9a-f]{16}:1/) != nil)
        let rule = try #require((driver["rules"] as? [[String: Any]])?.first)
        #expect(rule["id"] as? String == "iq.id.missing")
        #expect((rule["shortDescription"] as? [String: String])?["text"] == "It has no id.")
        #expect((rule["fullDescription"] as? [String: String])?["text"] == "It has no id. Give it one.")
        #expect(rule["helpUri"] as? String == "https://www.rfc-editor.org/rfc/rfc6120#section-8.1.3")
        #expect((rule["defaultConfiguration"] as? [String: String])?["level"] == "warning")
    }

    @Test(
        "paths become URIs",
        arguments: [
            ("captures/a.pcapng", "captures/a.pcapng"), ("./a b.txt", "a%20b.txt"),
            ("/tmp/ä.txt", "file:///tmp/%C3%A4.txt"),
            ("standard input", "standard%20input"),
        ]
    )
    func paths(_ path: String, _ uri: String) {
        let finding = LintFinding(
            file: path,
            connection: 1,
            place: .event(after: 0),
            line: nil,
            subject: "event x",
            code: missingID,
            text: "x."
        )
        let result = SARIF.Result(LintFold.Entry(first: finding))
        #expect(result.locations[0].physicalLocation.artifactLocation.uri == uri)
        #expect(result.locations[0].physicalLocation.region.startLine == 1)
    }
}
