import FoundationEssentials
import Transcript
import XMPP

/// Writes one object a line, one for each finding.
final class LintJSONLines: LintWriter {
    private var output: GatheredOutput
    private let encoder = JSONEncoder()

    private static let batchBytes = 64 * 1024

    /// The fields of a line; what is unknown is left out.
    private struct Line: Encodable {
        let file: String
        let connection: Int?
        let line: Int?
        let direction: String?
        let number: Int?
        /// The number of the packet before what is none.
        let after: Int?
        let severity: String
        let code: String
        let reference: String?
        let text: String
        let fingerprint: String

        init(_ finding: LintFinding) {
            file = finding.file
            connection = finding.connection
            line = finding.line
            switch finding.place {
            case .packet(let direction, let number):
                (self.direction, self.number, after) = (direction.rawValue, number, nil)
            case .event(let number):
                (direction, self.number, after) = (nil, nil, number)
            }
            severity = finding.code.severity.word
            code = finding.code.id
            reference = finding.reference.isEmpty ? nil : finding.reference
            text = finding.text
            fingerprint = finding.fingerprint
        }
    }

    init(_ output: DescriptorWriter) {
        self.output = GatheredOutput(output)
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    func add(_ finding: LintFinding) throws(OutputError) {
        guard let line = try? encoder.encode(Line(finding)) else { return }
        output.bytes += line + [UInt8(ascii: "\n")]
        if output.bytes.count >= Self.batchBytes { try output.flush() }
    }

    func endFile() throws(OutputError) { try output.flush() }

    func end() throws(OutputError) { try output.flush() }
}
