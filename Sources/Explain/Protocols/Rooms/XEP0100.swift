import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// How a gateway turns the names of its network into addresses (XEP-0100 section 6.3).
    static let gateways: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0100", "Gateway Interaction", ["jabber:iq:gateway"])
        entry.teller = { StatelessTeller(body: tellGateway) }
        return entry
    }()
}

extension ProtocolEntry {
    /// The list of services from before service discovery (XEP-0094).
    static let agents: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0094", "Agent Information", ["jabber:iq:agents"])
        entry.teller = { StatelessTeller(body: tellAgents) }
        return entry
    }()
}

private func tellAgents(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let speaker = scene.speaker(of: iq, in: packet).start
    switch place {
    case .request where iq["type"] == "get":
        return Telling(
            "\(speaker) asks \(scene.addressee(of: iq, in: packet).name) for its services, in the form before service discovery\(scene.cite("XEP-0094"))."
        )
    case .answer where iq["type"] == "result":
        let agents = (iq.child("query")?.children ?? []).filter { $0.name == "agent" }
        if agents.isEmpty { return Telling("\(speaker) names no services.") }
        let names = agents.map { agent in
            People.address(agent["jid"]) + (People.text(agent, "name").map { " (\($0.quoted(limit: 60)))" } ?? "")
        }
        return Telling("\(speaker) names \(counted(agents.count, "service")): \(People.firstOnes(names)).")
    case .answer where iq["type"] == "error":
        return People.refusal(iq, packet, scene, does: "does not name its services", noun: "the question for services")
    case .request, .answer, .nonza, .message, .presence: return nil
    }
}

private func tellGateway(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let (speaker, addressee) = (scene.speaker(of: iq, in: packet), scene.addressee(of: iq, in: packet))
    switch place {
    case .request where iq["type"] == "get":
        return Telling(
            "\(speaker.start) asks the gateway \(addressee.name) what it needs to make an address of a name in its network\(scene.cite("XEP-0100"))."
        )
    case .request where iq["type"] == "set":
        guard let name = People.text(query, "prompt") else { return nil }
        return Telling(
            "\(speaker.start) asks the gateway \(addressee.name) for the address of \(name.quoted(limit: 80))\(scene.cite("XEP-0100"))."
        )
    case .answer(let request) where iq["type"] == "result":
        guard let own = iq.child("query") else { return nil }
        if let address = People.text(own, "jid")
            ?? (request?.element["type"] == "set" ? People.text(own, "prompt") : nil)
        {
            let name =
                People.text(request?.element.child("query"), "prompt").map { " of \($0.quoted(limit: 80))" } ?? ""
            return Telling("The address\(name) at \(speaker.name) is \(address.shown(limit: 100)).")
        }
        let wants = People.text(own, "prompt").map { "wants to know: \($0.quoted(limit: 80))" }
        let says = People.text(own, "desc").map { "says: \($0.quoted(limit: 160))" }
        let told = [wants, says].compactMap { $0 }
        return told.isEmpty ? nil : Telling("\(speaker.start) \(told.joined(separator: ", and ")).".collapsingStops)
    case .answer where iq["type"] == "error":
        return People.refusal(
            iq,
            packet,
            scene,
            does: "does not make an address of that name",
            noun: "the question for an address"
        )
    case .request, .answer, .nonza, .message, .presence: return nil
    }
}
