import FoundationEssentials
import SwiftASN1

/// One block of a PEM file (RFC 7468).
struct PEMBlock: Equatable {
    /// What stands behind BEGIN: `CERTIFICATE`, `PRIVATE KEY`, …
    let label: String
    /// What the block decodes to; nil if it is not base64.
    let content: [UInt8]?
    /// An old OpenSSL key that a passphrase protects.
    let isEncrypted: Bool

    /// All blocks of a text. What stands between them, such as the listing of `openssl x509 -text`, is passed over,
    /// and a block without an end is none.
    static func all(in text: String) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        var label: Substring?
        var lines: [Substring] = []
        for rawLine in text.split(whereSeparator: \.isNewline) {
            let line = trimmed(rawLine)
            if let begun = boundary(line, "-----BEGIN ") {
                label = begun
                lines = []
            } else if let ended = boundary(line, "-----END ") {
                if let label, ended == label { blocks.append(PEMBlock(String(label), lines)) }
                label = nil
            } else if label != nil {
                lines.append(line)
            }
        }
        return blocks
    }

    private init(_ label: String, _ lines: [Substring]) {
        self.label = label
        // RFC 1421 headers: "Name: value", and a colon is not in the alphabet of base64.
        isEncrypted = lines.contains { $0.hasPrefix("Proc-Type:") && $0.hasSuffix("ENCRYPTED") }
        let base64 = lines.lazy.filter { !$0.utf8.contains(UInt8(ascii: ":")) }.joined(separator: "")
        content = Data(base64Encoded: base64).map(Array.init)
    }

    private static func boundary(_ line: Substring, _ start: String) -> Substring? {
        guard line.hasPrefix(start), line.hasSuffix("-----") else { return nil }
        return line.dropFirst(start.count).dropLast(5)
    }

    private static func trimmed(_ line: Substring) -> Substring {
        var line = line
        while let last = line.last, last.isWhitespace { line.removeLast() }
        return line.drop(while: \.isWhitespace)
    }
}

/// A PEM text with one block.
func pem(_ label: String, _ der: [UInt8]) -> String {
    PEMDocument(type: label, derBytes: der).pemString + "\n"
}
