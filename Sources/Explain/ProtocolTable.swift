import XMLStream
import XMPP

/// Every protocol that stanzatap knows more of than its name: one row each.
public enum ProtocolTable {
    /// The rows. The order is of no meaning, but each namespace stands in one row only.
    public static let entries: [ProtocolEntry] =
        connection + messages + publishing + people + services + inside
        + watchers

    /// The stream, logins and registration.
    private static let connection: [ProtocolEntry] = [
        .core, .stanzas,
        .startTLS, .sasl, .saslUpgrades, .channelBindings, .bind2, .fast, .legacyLogin, .bind, .session, .compression,
        .registration, .preAuthentication, .extensibleRegistration, .captcha, .invitations,
        .streamManagement, .clientState, .instantResumption, .bosh,
        .component, .dialback, .bidirectional, .multiplexing, .compactXML, .ping, .commonConditions, .clientAddress,
    ]

    /// The row of the protocol that the namespace belongs to; nil if none does.
    static func row(of namespace: String) -> Int? { rows[namespace] }

    /// The protocol that the namespace belongs to; nil if none does.
    public static func entry(of namespace: String) -> ProtocolEntry? { rows[namespace].map { entries[$0] } }

    /// True if something is told of the namespace beyond its name.
    static func hasSentences(for namespace: String) -> Bool {
        if FeatureWords.words(for: namespace) != nil { return true }
        guard let entry = entry(of: namespace) else { return itemsElsewhere[namespace] != nil }
        return entry.part != nil || entry.item != nil || entry.teller != nil || entry.feature != nil
            || entry.topic != nil || entry.inner != nil || !entry.conditions.isEmpty
            || [NS.streams, NS.client, NS.server, NS.streamErrors, NS.stanzaErrors].contains(namespace)
    }

    /// What the protocol of the namespace is called; nil if none has it. Apart, for a whole row is much to copy for each request.
    static func title(of namespace: String) -> String? { rows[namespace].map { titles[$0] } }

    private static let titles: [String] = entries.map(\.title)

    /// What an element of the namespace adds to a message; nil if nobody has words for it there.
    static func part(of namespace: String) -> (@Sendable (Element, inout MessageParts, inout Scene) -> Void)? {
        rows[namespace].flatMap { parts[$0] }
    }

    private static let parts: [(@Sendable (Element, inout MessageParts, inout Scene) -> Void)?] = entries.map(\.part)
    /// What the item of a node says that has this payload; nil if its protocol has no words for it.
    static func item(_ payload: Element, id: String?) -> ItemTelling? {
        let tell = rows[payload.namespace].flatMap { items[$0] } ?? itemsElsewhere[payload.namespace]
        return tell?(payload, id)
    }

    private static let items: [(@Sendable (Element, String?) -> ItemTelling?)?] = entries.map(\.item)

    /// What an element of the namespace adds where it stands deeper than the payload, and where that is specified; nil for nothing.
    static func inner(of namespace: String) -> (inner: Inner, reference: String)? {
        guard let row = rows[namespace], let inner = inners[row] else { return nil }
        return (inner, entries[row].reference)
    }

    private static let inners: [Inner?] = entries.map(\.inner)

    /// The rows whose tellers have to see every packet.
    static let referees: [Int] = entries.indices.filter { entries[$0].isReferee && entries[$0].teller != nil }

    /// Which of the referees a row is; nil for the others.
    static let seats: [Int?] = entries.indices.map { referees.firstIndex(of: $0) }

    static func makeReferees() -> [any Teller] { referees.compactMap { entries[$0].teller?() } }

    /// Every kind of finding, by its id.
    public static let codes: [String: FindingCode] = {
        var codes: [String: FindingCode] = [:]
        for code in entries.flatMap(\.codes) { codes[code.id] = code }
        return codes
    }()

    /// Every place of a secret.
    public static let secrets: [ValuePlace] =
        entries.flatMap(\.secrets)

    /// Every place of a value that is new in every session.
    public static let volatile: [ValuePlace] = entries.flatMap(\.volatile)

    private static let rows: [String: Int] = {
        var rows: [String: Int] = [:]
        for (row, entry) in entries.enumerated() {
            for namespace in entry.namespaces { rows[namespace] = row }
        }
        return rows
    }()
}

extension ProtocolEntry {
    /// Streams and their errors (RFC 6120 section 4), which the explainer itself tells.
    static let core: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 6120", "XMPP streams", [NS.streams, NS.streamErrors])
        entry.codes = FindingCode.general + FindingCode.domainForms + FindingCode.streams + FindingCode.streamErrors
        entry.codes += FindingCode.headerFaults + FindingCode.orderFaults + FindingCode.events
        entry.volatile = [.attribute("id", of: "stream", NS.streams)]
        return entry
    }()

    /// Stanzas (RFC 6120 section 8, RFC 6121), which the explainer itself tells.
    static let stanzas: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 6121", "stanzas", [NS.client, NS.server, NS.stanzaErrors])
        entry.codes =
            FindingCode.infoQueries + FindingCode.errors + FindingCode.messages + FindingCode.presences
            + FindingCode.addressing
        entry.codes += FindingCode.faults + FindingCode.formRules
        return entry
    }()
}
