import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Which keys somebody trusts (XEP-0434), from which other clients take over trust (XEP-0450).
    static let trustMessages: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0434", "Trust Messages", ["urn:xmpp:tm:1", "urn:xmpp:tm:0"])
        entry.teller = { StatelessTeller(body: tellTrust) }
        return entry
    }()
}

private func tellTrust(_ trust: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .message, trust.name == "trust-message", let message = packet.element else { return nil }
    let (who, whom) = (scene.speaker(of: message, in: packet).start, scene.addressee(of: message, in: packet).name)
    let owners = trust.children.filter { $0.name == "key-owner" }
    let words = owners.firstOnes { owner in
        let good = owner.children.filter { $0.name == "trust" }.count
        let bad = owner.children.filter { $0.name == "distrust" }.count
        let parts = [
            good == 0 ? nil : "\(counted(good, "key")) trusted", bad == 0 ? nil : "\(counted(bad, "key")) not trusted",
        ]
        .compactMap { $0 }
        let name = owner.given("jid")?.shown(limit: 100) ?? "somebody"
        return "of \(name) \(parts.isEmpty ? "no key" : parts.joined(separator: " and "))"
    }
    let to = whom == "the client" && packet.direction == .clientToServer ? "its own account" : whom
    return Telling(
        "\(who) tells \(to) whose keys are to be trusted\(words.isEmpty ? "" : ": \(words)")\(scene.cite("XEP-0434"))."
    )
}
