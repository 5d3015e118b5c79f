import CIDN

/// Names and passwords as SASL compares them: SASLprep (RFC 4013), by libidn.
enum SASLPreparation {
    /// A text with characters that SASLprep forbids stays as it is, for then the server has to judge it.
    static func prepared(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) || text.utf8.contains(0) { return text }
        var found: UnsafeMutablePointer<CChar>?
        let code = stringprep_profile(text, &found, "SASLprep", Stringprep_profile_flags(0))
        guard code == STRINGPREP_OK.rawValue, let found else { return text }
        defer { idn_free(found) }
        return String(cString: found)
    }
}
