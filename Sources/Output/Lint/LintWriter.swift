import Transcript
import XMPP

/// Writes findings in one of the forms of linters.
public protocol LintWriter: AnyObject {
    func add(_ finding: LintFinding) throws(OutputError)
    /// The recording is over: what was gathered of it goes out.
    func endFile() throws(OutputError)
    /// Nothing more comes.
    func end() throws(OutputError)
}

/// The forms in which findings are written.
public enum LintFormat: String, Sendable, CaseIterable {
    /// A line for each, with its place first, as compilers write them.
    case text
    case jsonl
    /// For the code scanning of forges: SARIF 2.1.0.
    case sarif

    /// - Parameters:
    ///   - isColored: of the text.
    ///   - program: what writes, for example `stanzatap 0.2.0`.
    public func writer(_ output: DescriptorWriter, isColored: Bool, program: String) -> any LintWriter {
        switch self {
        case .text: LintText(output, isColored: isColored)
        case .jsonl: LintJSONLines(output)
        case .sarif: LintSARIF(output, program: program)
        }
    }
}

/// Writes a line for each finding; of equal ones the first, with the numbers of the others.
final class LintText: LintWriter {
    private var output: GatheredOutput
    private var fold = LintFold()
    private let isColored: Bool

    init(_ output: DescriptorWriter, isColored: Bool) {
        self.output = GatheredOutput(output)
        self.isColored = isColored
    }

    func add(_ finding: LintFinding) throws(OutputError) {
        let full = fold.add(finding)
        if !full.isEmpty { try write(full) }
    }

    func endFile() throws(OutputError) { try write(fold.takeAll()) }

    func end() throws(OutputError) { try endFile() }

    private func write(_ entries: [LintFold.Entry]) throws(OutputError) {
        for entry in entries { output.bytes += Array((line(entry) + "\n").utf8) }
        try output.flush()
    }

    private func line(_ entry: LintFold.Entry) -> String {
        let finding = entry.first
        let place = finding.file.shown(limit: .max) + (finding.line.map { ":\($0)" } ?? "")
        let severity = colored(finding.code.severity.word, finding.code.severity == .warning ? "33" : "2")
        // Where the sentence names the section, the code is enough.
        let reference = finding.reference
        let isNamed = reference.isEmpty || finding.text.contains(reference)
        let source = isNamed ? finding.code.id : "\(finding.code.id), \(reference)"
        return "\(place): \(finding.placeName): \(severity): \(finding.text)\(entry.rest) [\(source)]"
    }

    private func colored(_ text: String, _ color: String) -> String {
        isColored ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text
    }
}
