import Crypto
import FoundationEssentials
import Transcript
import XMPP

/// Writes a log of SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), as the code scanning of forges takes it.
///
/// Results go out as they come, so that the log may be of any length; the rules they name stand behind them.
final class LintSARIF: LintWriter {
    private var output: GatheredOutput
    private var fold = LintFold()
    private let program: String
    private let encoder = JSONEncoder()
    private var rules: [String: FindingCode] = [:]
    private var hasBegun = false
    private var hasResults = false

    private static let schema = "https://json.schemastore.org/sarif-2.1.0.json"

    init(_ output: DescriptorWriter, program: String) {
        self.output = GatheredOutput(output)
        self.program = program
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    func add(_ finding: LintFinding) throws(OutputError) {
        let full = fold.add(finding)
        if !full.isEmpty { try write(full) }
    }

    func endFile() throws(OutputError) { try write(fold.takeAll()) }

    func end() throws(OutputError) {
        try endFile()
        let words = program.split(separator: " ", maxSplits: 1)
        let driver = SARIF.Driver(
            name: String(words.first ?? "stanzatap"),
            version: words.count > 1 ? String(words[1]) : nil,
            rules: rules.values.sorted { $0.id < $1.id }.map(SARIF.Rule.init)
        )
        append("\n      ],\n      \"tool\": ")
        append(SARIF.Tool(driver: driver))
        append("\n    }\n  ]\n}\n")
        try output.flush()
    }

    private func write(_ entries: [LintFold.Entry]) throws(OutputError) {
        if !hasBegun {
            hasBegun = true
            append("{\n  \"$schema\": \"\(Self.schema)\",\n  \"version\": \"2.1.0\",\n  \"runs\": [\n    {\n")
            append("      \"columnKind\": \"unicodeCodePoints\",\n      \"results\": [")
        }
        for entry in entries {
            append(hasResults ? ",\n        " : "\n        ")
            hasResults = true
            rules[entry.first.code.id] = entry.first.code
            append(SARIF.Result(entry))
        }
        try output.flush()
    }

    private func append(_ text: String) { output.bytes += Array(text.utf8) }

    private func append(_ value: some Encodable) {
        if let bytes = try? encoder.encode(value) { output.bytes += bytes }
    }
}

/// What is used of the log's model, by the names of the standard.
enum SARIF {
    struct Text: Encodable { let text: String }

    struct Tool: Encodable { let driver: Driver }

    struct Driver: Encodable {
        let name: String
        let version: String?
        let rules: [Rule]
    }

    struct Configuration: Encodable { let level: String }

    struct Rule: Encodable {
        let id: String
        let shortDescription: Text
        let fullDescription: Text
        let help: Text
        let helpUri: String?
        let defaultConfiguration: Configuration

        init(_ code: FindingCode) {
            id = code.id
            shortDescription = Text(text: code.firstSentence)
            fullDescription = Text(text: code.explanation)
            let section = code.reference.isEmpty ? "" : " See \(code.reference)."
            help = Text(text: code.explanation + section)
            helpUri = code.address
            defaultConfiguration = Configuration(level: code.severity.word)
        }
    }

    struct Artifact: Encodable { let uri: String }

    struct Region: Encodable { let startLine: Int }

    struct PhysicalLocation: Encodable {
        let artifactLocation: Artifact
        let region: Region
    }

    struct LogicalLocation: Encodable {
        let fullyQualifiedName: String
        let kind = "packet"
    }

    struct Location: Encodable {
        let physicalLocation: PhysicalLocation
        let logicalLocations: [LogicalLocation]
    }

    struct Result: Encodable {
        let ruleId: String
        let level: String
        let message: Text
        let locations: [Location]
        let occurrenceCount: Int
        let partialFingerprints: [String: String]

        init(_ entry: LintFold.Entry) {
            let finding = entry.first
            ruleId = finding.code.id
            level = finding.code.severity.word
            message = Text(text: finding.text + entry.rest)
            // A capture has no lines; forges take no place without one.
            let physical = PhysicalLocation(
                artifactLocation: Artifact(uri: address(ofFile: finding.file)),
                region: Region(startLine: finding.line ?? 1)
            )
            let logical = LogicalLocation(fullyQualifiedName: finding.placeName)
            locations = [Location(physicalLocation: physical, logicalLocations: [logical])]
            occurrenceCount = entry.count
            partialFingerprints = [
                "primaryLocationLineHash": hash(finding.fingerprint) + ":1", "stanzatap/v1": finding.fingerprint,
            ]
        }
    }

    /// Sixteen digits.
    private static func hash(_ text: String) -> String {
        let digits = Array("0123456789abcdef")
        return SHA256.hash(data: Array(text.utf8)).prefix(8)
            .map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
    }

    /// A relative path stays one; others become a URI (RFC 8089).
    private static func address(ofFile path: String) -> String {
        let path = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        var result = path.hasPrefix("/") ? "file://" : ""
        let digits = Array("0123456789ABCDEF")
        for byte in path.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80,
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "-._~/".unicodeScalars.contains(scalar)
            {
                result.unicodeScalars.append(scalar)
            } else {
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return result
    }
}
