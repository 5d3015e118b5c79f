import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Which clients have access to an account, and taking it from one (XEP-0494).
    static let clientAccess: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0494", "Client Access Management", ["urn:xmpp:cam:0"])
        entry.conditions = [
            "password-reset-required": "the client logs in by password, so only a new password can shut it out"
        ]
        entry.teller = { StatelessTeller(body: tellAccess) }
        return entry
    }()
}

private func tellAccess(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let speaker = scene.speaker(of: iq, in: packet)
    let id = (place == .request ? element : packet.answers?.element.child("revoke"))?["id"]
    let client = id.map { "the client \($0.shown(limit: 40))" } ?? "a client"
    switch (place, element.name) {
    case (.request, "list"):
        return Telling("\(speaker.start) asks which clients have access to its account\(scene.cite("XEP-0494")).")
    case (.request, "revoke"):
        return Telling("\(speaker.start) takes from \(client) the access to its account\(scene.cite("XEP-0494")).")
    case (.answer, "revoke") where iq["type"] == "error":
        return People.refusal(iq, packet, scene, does: "does not take the access from \(client)", noun: "the request") {
            $0 == .itemNotFound ? "there is no such client" : nil
        }
    case (.answer, "list") where iq["type"] == "error":
        return People.refusal(iq, packet, scene, does: "does not tell which clients have access", noun: "the question")
    case (.answer, "revoke"): return Telling("\(capitalized(client)) has no access to the account any more.")
    case (.answer, "clients"): return tellClients(element)
    default: return nil
    }
}

private func tellClients(_ list: Element) -> Telling {
    let clients = list.children.filter { $0.name == "client" }
    if clients.isEmpty { return Telling("No client has access to the account.") }
    let names = clients.map { client -> String in
        let agent = client.child("user-agent")
        let name = People.text(agent, "software")?.shown(limit: 60) ?? "an unnamed program"
        let device = People.text(agent, "device").map { " on \($0.quoted(limit: 60))" } ?? ""
        return name + device + (["true", "1"].contains(client["connected"]) ? " (connected)" : "")
    }
    let verb = clients.count == 1 ? "has" : "have"
    return Telling("\(counted(clients.count, "client")) \(verb) access to the account: \(People.firstOnes(names)).")
}
