import CIDN

/// Names and passwords as SASL compares them: SASLprep (RFC 4013), by libidn.
enum SASLPreparation {
    /// True if the text is what SASLprep makes of it; false too where it has characters that are forbidden.
    static func isPrepared(_ text: String) -> Bool {
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return false }
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return true }
        var found: UnsafeMutablePointer<CChar>?
        let code = stringprep_profile(text, &found, "SASLprep", Stringprep_profile_flags(0))
        defer { idn_free(found) }
        // What is newer than the tables of SASLprep is no fault.
        if code == STRINGPREP_CONTAINS_UNASSIGNED.rawValue { return true }
        guard code == STRINGPREP_OK.rawValue, let found else { return false }
        return Array(String(cString: found).utf8) == Array(text.utf8)
    }

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
