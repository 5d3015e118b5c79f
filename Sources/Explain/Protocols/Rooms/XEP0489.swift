import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// What a server says of its accounts, to judge strangers by (XEP-0489).
    static let accountAffiliation: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0489", "Reporting Account Affiliations", [PresenceExtras.accountAffiliation])
        entry.teller = { StatelessTeller(body: tellAffiliation) }
        return entry
    }()
}

private func tellAffiliation(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let speaker = scene.speaker(of: iq, in: packet)
    switch place {
    case .request where iq["type"] == "get":
        let address = iq["to"] ?? iq["from"]
        return Telling(
            "\(speaker.start) asks how the account \(People.address(address, or: "there")) stands with its server\(scene.cite("XEP-0489"))."
        )
    case .answer where iq["type"] == "result":
        let told = AccountAffiliation.told(element)
        return told.isEmpty ? nil : Telling("\(speaker.start) says: \(told).")
    case .answer where iq["type"] == "error":
        return People.refusal(
            iq,
            packet,
            scene,
            does: "does not tell how the account stands with its server",
            noun: "the question"
        )
    case .request, .answer, .nonza, .message, .presence: return nil
    }
}

/// What is said of an account (XEP-0489).
enum AccountAffiliation {
    private static let kinds: [String: String] = [
        "anonymous": "an anonymous account", "registered": "an account that anybody could register",
        "member": "an account of a member", "admin": "an account of an administrator",
    ]

    /// `a registered account, since 2023-06-27 00:00 UTC, trust 47 of 100`; empty if nothing is said.
    static func told(_ info: Element) -> String {
        let kind = info["affiliation"].map { kinds[$0] ?? "an account of the kind \($0.quoted(limit: 40))" }
        let since = info["since"].map { "since \(Say.time($0))" }
        let trust = info["trust"].flatMap { Int($0) }.map { "trust \($0) of 100" }
        return [kind, since, trust].compactMap { $0 }.joined(separator: ", ")
    }
}
