import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// How else somebody can be reached (XEP-0152).
    static let reachability: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0152", "Reachability Addresses", ["urn:xmpp:reach:0"])
        entry.item = { payload, _ in
            guard payload.name == "reach" else { return nil }
            var item = ItemTelling("list of addresses", "XEP-0152")
            item.withdrawn = "no longer names other addresses"
            item.content = reachableAt(payload)
            item.state = item.content.map { "can also be reached at \($0)" }
            item.act = item.content.map { "publishes where else its user can be reached: \($0)" }
            return item
        }
        entry.teller = { StatelessTeller(body: tellReach) }
        return entry
    }()
}

private func reachableAt(_ reach: Element) -> String? {
    let addresses = reach.children.filter { $0.name == "addr" && $0.given("uri") != nil }
    if addresses.isEmpty { return nil }
    return addresses.firstOnes { address in
        let note = address.quotedTextOf("desc", limit: 60).map { " (\($0))" } ?? ""
        return "\((address["uri"] ?? "").shown(limit: 100))\(note)"
    }
}

private func tellReach(_ reach: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .presence, let presence = packet.element, presence["type"] == nil, let list = reachableAt(reach)
    else {
        return nil
    }
    var telling = tellPresence(presence, packet, &scene)
    telling.text += " The sender can also be reached at \(list)\(scene.cite("XEP-0152"))."
    return telling
}
