import Session
import XMLStream
import XMPP

/// A refusal of XEP-0060: what does not happen, why, and what helps.
func tellRefusal(
    _ deed: PubsubDeed,
    _ node: PubsubNode,
    _ iq: Element,
    _ packet: Packet,
    _ scene: inout Scene
) -> Telling {
    let speaker = scene.speaker(of: iq, in: packet)
    guard let error = StanzaError(of: iq) else { return tellMissingError(speaker) }
    let reference = scene.cite("XEP-0060")
    if error.special == nil, error.known == .itemNotFound, let missing = missing(deed, node) {
        return Telling("\(missing)\(error.bracketedName)\(reference).\(error.says)".collapsingStops, error.findings)
    }
    let undone = deed.undone(asked: speaker.start)
    let why = error.special?.name == "unsupported" ? unsupported(error) : error.told
    let help = error.special.flatMap { remedies[$0.name] }.map { " \($0)" } ?? ""
    return Telling("\(undone)\(reference): \(why).\(help)\(error.says)".collapsingStops, error.findings)
}

/// What is not there, a sentence without its full stop; nil where that is not sure.
private func missing(_ deed: PubsubDeed, _ node: PubsubNode) -> String? {
    switch deed.action.name {
    case "publish": return "\(deed.undone(asked: "")): there is no \(node.called)\(node.place)"
    case "items":
        let ids = deed.action.children.filter { $0.name == "item" }
        if let kind = node.kind { return "There \(kind.isPlural ? "are" : "is") no \(kind.noun)\(node.place)" }
        return ids.isEmpty
            ? "There is no \(node.called)\(node.place)"
            : "There is no such item, or no \(node.called) at all,\(node.place)"
    case "retract": return "Nothing is deleted: there is no such item, or no \(node.called) at all,\(node.place)"
    case "delete", "purge", "configure", "subscribe", "subscriptions", "affiliations", "options", "unsubscribe":
        return node.name == nil ? nil : "There is no \(node.called)\(node.place)"
    default: return nil
    }
}

/// Which part of XEP-0060 the service lacks, as it says (section 14).
private func unsupported(_ error: StanzaError) -> String {
    guard let feature = (error.special?["feature"]).flatMap(\.nonEmpty) else { return error.told }
    return "the service does not support \(feature.quoted(limit: 60)) (\(error.name))"
}

/// What helps against a condition of XEP-0060 section 14, sentences.
private let remedies = [
    "precondition-not-met": "Configure the node, or publish without publish-options.",
    "presence-subscription-required": "Ask the owner for permission to see when they are online first.",
    "not-subscribed": "Subscribe first.",
    "jid-required": "The client has to name the subscriber in jid.",
    "nodeid-required": "The client has to name the node.",
    "subid-required": "The client has to name the subscription by its subid.",
    "invalid-jid": "The jid of the subscription must be the bare or full address of who asks.",
    "item-required": "The client has to put an <item/> into the request.",
    "payload-required": "The client has to put an element into the <item/>.",
    "item-forbidden": "Publish without an <item/>.",
    "payload-too-big": "Publish less at once.",
    "configuration-required": "Ask for the form, fill it in, and try again.",
]
