import FoundationEssentials

/// Base64 as SASL uses it (RFC 4648 section 4): no blanks, padded.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    /// Nil if the text is not base64.
    static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map(Array.init) }
}
