import Foundation
import TestKit
import Testing

private let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("captures/samples").path

@Suite("two recordings are compared")
struct CompareTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let arguments: [String]
        let status: Int32
        var said = ""
        var complaint = ""
    }

    static let cases: [Case] = [
        Case(
            testDescription: "a recording with itself",
            arguments: ["prosody-plain.pcapng", "prosody-plain.pcapng"],
            status: 0,
            said: "Both do the same."
        ),
        Case(
            testDescription: "a capture with its transcript",
            arguments: ["prosody-plain.pcapng", "prosody-plain.txt"],
            status: 0,
            said: "Both do the same."
        ),
        Case(
            testDescription: "with and without STARTTLS",
            arguments: ["prosody-plain.pcapng", "prosody-starttls.pcapng"],
            status: 1,
            said: "B encrypts by STARTTLS, A does not"
        ),
        Case(
            testDescription: "rows",
            arguments: ["prosody-plain.pcapng", "prosody-starttls.pcapng", "--format", "jsonl"],
            status: 1,
            said: "{\"kind\":\"summary\""
        ),
        Case(
            testDescription: "a page",
            arguments: ["prosody-plain.pcapng", "prosody-starttls.pcapng", "--format", "html"],
            status: 1,
            said: "<!DOCTYPE html>"
        ),
        Case(
            testDescription: "a file that is not there",
            arguments: ["prosody-plain.pcapng", "nowhere.pcapng"],
            status: 2,
            complaint: "nowhere.pcapng"
        ),
        Case(
            testDescription: "a connection that is not there",
            arguments: ["prosody-plain.pcapng", "prosody-plain.pcapng", "--connection", "9"],
            status: 2,
            complaint: "holds no connection 9"
        ),
        Case(
            testDescription: "connections twice",
            arguments: ["prosody-plain.pcapng", "prosody-plain.txt", "--connection", "1", "--connection-a", "2"],
            status: 2,
            complaint: "--connection is of both"
        ),
        Case(
            testDescription: "a wrong expression",
            arguments: ["prosody-plain.pcapng", "prosody-plain.txt", "--ignore", "//["],
            status: 2,
            complaint: "XPath"
        ),
    ]

    @Test("status, result and complaint", arguments: cases)
    func compares(_ test: Case) throws {
        let arguments = test.arguments.map { $0.hasSuffix(".pcapng") || $0.hasSuffix(".txt") ? "\(samples)/\($0)" : $0 }
        let result = try run(Recorder.executable, ["compare"] + arguments)
        #expect(result.status == test.status)
        #expect(test.said.isEmpty ? result.output.isEmpty : result.output.contains(test.said))
        #expect(test.complaint.isEmpty || result.errors.contains(test.complaint))
    }
}
