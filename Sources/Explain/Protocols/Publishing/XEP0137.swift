import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// A file that may be fetched from its owner (XEP-0137).
    static let publishedStream: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0137",
            "Publishing Stream Initiation Requests",
            ["http://jabber.org/protocol/sipub"]
        )
        entry.item = { payload, _ in
            guard payload.name == "sipub" else { return nil }
            var item = ItemTelling("offer of a file", "XEP-0137")
            item.isOwn = false
            item.isNamedByContent = true
            item.content = offeredFile(payload)
            return item
        }
        entry.teller = { StatelessTeller(body: tellOffer) }
        return entry
    }()
}

private func offeredFile(_ offer: Element) -> String {
    let file = offer.firstChild { $0.name == "file" }
    let facts = [offer.given("mime-type")?.shown(limit: 60), byteCount(file?["size"])].compactMap { $0 }
    let name = file?.given("name")?.quoted(limit: 80) ?? "a file without a name"
    let owner = offer.given("from").map { ", from \($0.shown(limit: 100))" } ?? ""
    let id = offer.given("id").map { ", to be asked for as \($0.quoted(limit: 60))" } ?? ""
    return "\(name)\(facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")\(owner)\(id)"
}

private func tellOffer(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let stanza = packet.element else { return nil }
    let (who, whom) = (scene.speaker(of: stanza, in: packet), scene.addressee(of: stanza, in: packet).name)
    let id = element.given("id")?.quoted(limit: 60) ?? "without an id"
    switch (place, element.name) {
    case (.message, "sipub") where stanza.child("body", stanza.namespace) == nil:
        return Telling("\(who.start) offers \(whom) a file: \(offeredFile(element))\(scene.cite("XEP-0137")).")
    case (.request, "start"):
        return Telling("\(who.start) asks \(whom) to send the published file \(id)\(scene.cite("XEP-0137")).")
    case (.answer, "starting") where stanza["type"] == "result":
        let sid = element.given("sid").map { " as the stream \($0.quoted(limit: 60))" } ?? ""
        return Telling("\(who.start) is going to send the published file\(sid)\(scene.cite("XEP-0137")).")
    default: return nil
    }
}
