import Session
import XMLStream
import XMPP

/// A request for a subscription, or what the owner says to it; nil for any other form.
func tellApproval(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .message, element.name == "x", let message = packet.element, message["type"] != "error" else {
        return nil
    }
    let form = DataForm(element)
    guard form.formType == "http://jabber.org/protocol/pubsub#subscribe_authorization" else { return nil }
    let (speaker, addressee) = (
        scene.speaker(of: message, in: packet).start, scene.addressee(of: message, in: packet).name
    )
    let who = form.value("pubsub#subscriber_jid").flatMap(\.nonEmpty)?.shown(limit: 100) ?? "somebody"
    let node = form.value("pubsub#node").flatMap(\.nonEmpty).map { "the node \($0.quoted(limit: 100))" } ?? "a node"
    let text: String
    switch form.type {
    case "submit"?:
        switch form.value("pubsub#allow").map(\.isXMLTrue) {
        case true?: text = "\(speaker) tells \(addressee) that \(who) may subscribe to \(node)"
        case false?: text = "\(speaker) tells \(addressee) that \(who) may not subscribe to \(node)"
        case nil:
            text =
                "\(speaker) answers \(addressee) about the subscription of \(who) to \(node), but says neither yes nor no"
        }
    case "cancel"?: text = "\(speaker) leaves undecided who may subscribe"
    default: text = "\(speaker) asks \(addressee) whether \(who) may subscribe to \(node)"
    }
    return Telling("\(text)\(scene.cite("XEP-0060")).")
}
