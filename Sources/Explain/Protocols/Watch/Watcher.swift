import Session
import XMLStream
import XMPP

/// Sees every packet and tells none: it finds what no single packet shows, such as the use of what was never offered.
protocol Watcher: Teller {}

extension Watcher {
    func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? { nil }
}

extension ProtocolEntry {
    /// The row of a watcher: it has no namespaces, for it looks at all of them.
    static func watch(
        _ reference: String,
        _ title: String,
        _ codes: [FindingCode],
        _ make: @escaping @Sendable () -> any Watcher
    ) -> ProtocolEntry {
        var entry = ProtocolEntry(reference, title, [])
        entry.codes = codes
        entry.teller = { make() }
        entry.isReferee = true
        return entry
    }
}

extension ProtocolTable {
    /// Who looks at all packets. Each has one question.
    static let watchers: [ProtocolEntry] = [
        .watch("RFC 6120", "what was offered", FindingCode.offers, { OfferWatch() }),
        .watch("XEP-0388", "what was offered with the login", FindingCode.inlineOffers, { InlineWatch() }),
        .watch("XEP-0030", "what is supported", [.notSupported], { SupportWatch() }),
        .watch("XEP-0001", "what is out of date", [.obsolete, .olderForm], { OldProtocolWatch() }),
        .watch("XEP-0359", "what comes twice", [.duplicate, .archiveRepeated], { DuplicateWatch() }),
        .watch("RFC 6120", "secrets in the clear", [.secretInClear], { SecretWatch() }),
        .watch("RFC 6120", "ways past stanzatap", [.elsewhere], { ElsewhereWatch() }),
    ]
}

extension Scene {
    /// True if it is a client's stream of which everything was seen, so that what was not said proves something.
    var isWholeClientStream: Bool { streamKind == .client && !beginsInMiddle && unreadable.isEmpty }
}
