import Explain
import XMPP

/// One word of `--only` and `--hide`: what kind of packet, whose, of which protocol, with which finding.
public enum FilterWord: Sendable, Equatable {
    case kind(Kind)
    /// An address with everything below it: a full address, a bare one, a domain.
    case address(String)
    /// A protocol by its short name, its document or its namespace.
    case namespace(String)
    /// A code, or the first of its words: those that begin so.
    case finding(code: String)
    case severity(Finding.Severity)

    /// A kind of record.
    public enum Kind: String, Sendable, CaseIterable {
        case iq
        case message
        case presence
        /// An iq, a message or a presence.
        case stanza
        /// An iq that must be answered.
        case request
        /// Headers, features, errors and ends of streams.
        case stream
        /// A packet that is neither a stanza nor of the stream itself: logging in, encryption, stream management.
        case nonza
        /// What is no packet: TLS, connections that end.
        case event
        /// Answers that are errors, and whatever else says that something failed.
        case error
    }

    /// Nil for a word that can mean nothing.
    public init?(_ word: String) {
        let small = word.lowercased()
        if let kind = Kind(rawValue: small) {
            self = .kind(kind)
        } else if let severity = Finding.Severity.allCases.first(where: { $0.rawValue.lowercased() == small }) {
            self = .severity(severity)
        } else if ProtocolTable.codes[small] != nil {
            self = .finding(code: small)
        } else if ProtocolRegistry.isKnown(name: word) || Self.isNamespace(word) {
            self = .namespace(word)
        } else if let address = Self.address(word) {
            self = .address(address)
        } else {
            return nil
        }
    }

    /// Which words there are, for whoever wrote another one.
    public static let help =
        "a word is a kind (\(Kind.allCases.map(\.rawValue).listed("or"))), an address (anna@example.org, example.org,"
        + " @localhost), a protocol (register, muc, XEP-0199, urn:xmpp:ping), or a finding (warning, note, or a code such as"
        + " iq.answer.unexpected)"

    /// The codes of findings, and how they begin: `register` of `register.key`.
    public static let codes: Set<String> = {
        var codes: Set<String> = []
        for code in ProtocolTable.codes.keys {
            let words = code.split(separator: ".")
            for count in 1...max(1, words.count) { codes.insert(words.prefix(count).joined(separator: ".")) }
        }
        return codes
    }()

    private static func isNamespace(_ word: String) -> Bool {
        word.contains(":") && !word.contains("@") || ProtocolRegistry.lookUp(word) != nil
    }

    /// What can be an address: one with an account, a domain with a full stop, or `@` before one without.
    private static func address(_ word: String) -> String? {
        let address = word.hasPrefix("@") ? String(word.dropFirst()) : word
        let jid = JID(address)
        guard !jid.domain.isEmpty, jid.local != "", jid.resource != "", !address.contains(" ") else { return nil }
        return word.contains("@") || jid.domain.contains(".") || jid.domain == "localhost" ? address : nil
    }
}
