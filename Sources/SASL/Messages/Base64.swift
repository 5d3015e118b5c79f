import FoundationEssentials

/// Base64 as SASL uses it (RFC 4648 section 4): with padding, and nothing between its characters.
public enum Base64 {
    public static func encode(_ bytes: some Collection<UInt8>) -> String { Data(bytes).base64EncodedString() }

    /// Nil if the text is not base64. Read leniently, it may have blanks and line breaks anywhere.
    public static func decode(_ text: some Collection<UInt8>, _ reading: SASLReading) -> [UInt8]? {
        let data =
            switch reading {
            case .strict: Data(text)
            case .lenient: Data(text.filter { !$0.isBlank })
            }
        return Data(base64Encoded: data).map(Array.init)
    }
}

extension UInt8 {
    /// Space, tab, line feed and carriage return: the white space of XML.
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
