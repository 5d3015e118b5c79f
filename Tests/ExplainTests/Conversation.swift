import Testing

/// A conversation in which each packet has its sentence.
struct Conversation: Sendable, CustomTestStringConvertible {
    /// A packet, beginning with `C ` or `S `, and a text that its explanation must hold; empty for any.
    typealias Line = (packet: String, says: String)

    let name: String
    var before: [String] = bound
    let lines: [Line]
    /// True if warnings and notes are expected; else each is a failure.
    var hasFindings = false
    /// What findings may say all the same.
    var expected: [String] = []
    var testDescription: String { name }

    /// Runs it.
    func expect() {
        let all = told(before + lines.map(\.packet))
        guard all.count == before.count + lines.count + 1 else {
            Issue.record(
                "\(all.count - 1 - before.count) sentences for \(lines.count) packets:\n\(all.joined(separator: "\n"))"
            )
            return
        }
        for (index, line) in lines.enumerated() {
            let sentence = all[before.count + index]
            #expect(sentence.contains(line.says), "\(line.says) is not in:\n\(sentence)")
            if !hasFindings {
                let findings = sentence.split(separator: "\n").filter { line in
                    (line.hasPrefix("Warning: ") || line.hasPrefix("Note: "))
                        && !expected.contains { line.contains($0) }
                }
                #expect(findings.isEmpty, "there are findings:\n\(sentence)")
            }
            #expect(!sentence.contains("  ") && !sentence.contains(" ."), "a hole is in:\n\(sentence)")
        }
    }
}

/// An error answer's content.
func stanzaError(_ condition: String, _ more: String = "") -> String {
    "<error type='cancel'><\(condition) xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\(more)</error>"
}
