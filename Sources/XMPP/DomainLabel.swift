import CIDN2

/// One label of a domain, in both forms.
struct Label {
    let unicode: String
    let ascii: String
    let isWrittenAsALabel: Bool

    init(_ text: String) throws(DomainProblem) {
        if let strange = text.unicodeScalars.first(where: { $0.isASCII && !isPartOfName($0) }) {
            throw DomainProblem("it has the character \(String(strange).quoted()), which no domain name has")
        }
        ascii = text.utf8.allSatisfy { $0 < 0x80 } ? text.lowercased() : try aLabel(of: text)
        // Wide and composed forms are mapped to what they look like.
        if let strange = ascii.unicodeScalars.first(where: { !isPartOfName($0) }) {
            throw DomainProblem("its label \(text.quoted(limit: 40)) stands for \(String(strange).quoted()) too")
        }
        guard !ascii.isEmpty else { throw DomainProblem("one of its labels, the parts between dots, is empty") }
        guard ascii.utf8.count <= 63 else {
            throw DomainProblem("its label \(text.quoted(limit: 40)) is longer than 63 bytes")
        }
        unicode = ascii.hasPrefix("xn--") ? uLabel(of: ascii) ?? ascii : ascii
        isWrittenAsALabel = unicode != ascii && text.utf8.allSatisfy { $0 < 0x80 }
    }
}

private func isPartOfName(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
    default: false
    }
}

/// By the tables of IDNA2008 after the mapping of UTS 46, which takes care of letter case, width and NFC.
private func aLabel(of text: String) throws(DomainProblem) -> String {
    var found: UnsafeMutablePointer<UInt8>?
    let code = idn2_lookup_u8(text, &found, CInt(IDN2_NONTRANSITIONAL.rawValue))
    defer { idn2_free(found) }
    guard code == IDN2_OK.rawValue, let found else {
        throw DomainProblem("its label \(text.quoted(limit: 40)) \(problem(idn2_rc(code)))")
    }
    return String(cString: found)
}

/// Nil for what only looks like an A-label (RFC 5890 section 2.3.2.1).
private func uLabel(of label: String) -> String? {
    var found: UnsafeMutablePointer<CChar>?
    let code = idn2_to_unicode_8z8z(label, &found, 0)
    defer { idn2_free(found) }
    guard code == IDN2_OK.rawValue, let found else { return nil }
    let text = String(cString: found)
    return (try? aLabel(of: text)) == label ? text : nil
}

/// What libidn2 says, in a clause that fits behind "its label".
private func problem(_ code: idn2_rc) -> String {
    switch code {
    case IDN2_TOO_BIG_LABEL, IDN2_TOO_BIG_DOMAIN, IDN2_PUNYCODE_BIG_OUTPUT, IDN2_PUNYCODE_OVERFLOW:
        "is longer than 63 bytes in its xn-- form"
    case IDN2_HYPHEN_STARTEND: "begins or ends with a hyphen"
    case IDN2_2HYPHEN: "has hyphens as its third and fourth characters, which is for xn-- labels alone"
    case IDN2_LEADING_COMBINING: "begins with a combining character"
    case IDN2_CONTEXTJ, IDN2_CONTEXTJ_NO_RULE, IDN2_CONTEXTO, IDN2_CONTEXTO_NO_RULE:
        "has a character where it may not stand (RFC 5892 appendix A)"
    case IDN2_BIDI: "mixes directions of writing as it may not (RFC 5893)"
    case IDN2_PUNYCODE_BAD_INPUT, IDN2_INVALID_ALABEL: "begins with xn-- and is no xn-- label"
    default: "has a character that no domain name may have (RFC 5892)"
    }
}
