import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Ringing on all devices before a session is negotiated with one of them (XEP-0353).
    static let callProposals: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0353",
            "Jingle Message Initiation",
            ["urn:xmpp:jingle-message:0", "urn:xmpp:jingle-message:1"]
        )
        entry.codes = [.proposalID]
        entry.tells(tellProposal)
        return entry
    }()
}

private func tellProposal(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard case .message = exchange.turn else { return nil }
    let element = exchange.element
    let id = element["id"]?.nonEmpty
    let call = id.flatMap { scene.calls[$0] }
    let reason = element.child("reason")
    let words = JingleReason(reason)
    let shownID = id.map { " (\($0.shown(limit: 60)))" } ?? " (without an id)"
    let which = "\(call?.what ?? "the call")\(shownID)"
    let why = reason == nil ? "" : ": \(words.told)"
    var text: String
    switch element.name {
    case "propose": text = proposing(exchange, id, &scene)
    case "ringing":
        scene.goOn(call, exchange.packet, isRequest: false)
        text = "\(exchange.who) is ringing for \(which)"
    case "proceed", "accept":
        text = taking(exchange, call, which, &scene)
    case "reject":
        text = "\(exchange.who) declines \(which)\(why)"
        if element.child("tie-break") != nil {
            text = "\(exchange.who) declines \(which): both sides called at once (tie-break)"
        }
        settle(call, reason, or: "decline", exchange, &scene)
    case "retract":
        text = "\(exchange.who) takes back \(which)\(why)"
        settle(call, reason, or: "cancel", exchange, &scene)
    case "finish":
        let lasted = call?.isAccepted == true && call?.end == nil ? scene.duration(of: call, exchange.packet) : ""
        text = "\(exchange.who) says that \(which) is over\(lasted)\(why)"
        if let other = element.child("migrated")?["to"]?.nonEmpty {
            text += "; it goes on as \(other.shown(limit: 60))"
        }
        settle(call, reason, or: nil, exchange, &scene)
    default: return nil
    }
    let findings =
        id == nil
        ? [Finding(.proposalID, "it bears no id, so nobody can know which call it is about (XEP-0353 section 3.1).")]
        : []
    return Telling("\(text)\(scene.cite("XEP-0353")).\(words.says)".collapsingStops, findings)
}

extension FindingCode {
    static let proposalID = warning(
        "call.id.missing",
        "XEP-0353 section 3.1",
        "A message about a call must bear the id of the call, or ringing, accepting and ending it cannot be told from other calls."
    )
}

private func settle(
    _ call: CallBook.Call?,
    _ reason: Element?,
    or usual: String?,
    _ exchange: Exchange,
    _ scene: inout Scene
) {
    let named =
        reason
        ?? usual.map { name in
            Element(
                name: "reason",
                namespace: "urn:xmpp:jingle:1",
                nodes: [.element(Element(name: name, namespace: "urn:xmpp:jingle:1"))]
            )
        }
    scene.end(call, named, exchange.packet, isRequest: false)
}

private func proposing(_ exchange: Exchange, _ id: String?, _ scene: inout Scene) -> String {
    let what = subject(exchange.element)
    let other = scene.other(in: exchange.stanza, exchange.packet)
    // An own device that calls somebody is seen by its copies; that is told by who copies.
    if let id {
        let isFile = exchange.element.children.contains { $0.namespace.hasPrefix("urn:xmpp:jingle:apps:file-transfer") }
        let story = scene.stories.begin(
            isFile ? .fileTransfer : .call,
            isFile ? "a file" : other.shortName,
            exchange.packet
        )
        var call = CallBook.Call(id: id, story: story)
        call.what = what.isFile ? "the offer" : "the call"
        call.proposal = exchange.packet.number
        call.isFile = what.isFile
        call.isMedia = !what.isFile
        scene.calls.begin(call)
    }
    let devices = JID(exchange.stanza["to"] ?? "").resource == nil ? " on all devices" : ""
    let shownID = id.map { " (\($0.shown(limit: 60)))" } ?? " (without an id)"
    if what.isFile { return "\(exchange.who) offers \(exchange.whom)\(devices) \(what.told)\(shownID)" }
    return "\(exchange.who) rings \(exchange.whom)\(devices): \(what.told)\(shownID)"
}

/// `a video call`; a call with pictures has sound, too.
private func subject(_ propose: Element) -> (told: String, isFile: Bool) {
    let descriptions = propose.children.filter { $0.name == "description" }
    if let file = descriptions.first(where: { $0.namespace.hasPrefix("urn:xmpp:jingle:apps:file-transfer") }) {
        let name = (file.child("file") ?? file).child("name")?.text.trimmed.nonEmpty
        return (name.map { "the file \($0.quoted(limit: 80))" } ?? "a file", true)
    }
    let media = descriptions.compactMap { $0["media"] }
    if media.contains("video") { return ("a video call", false) }
    if media.contains("audio") { return ("an audio call", false) }
    guard let other = descriptions.first else { return ("a call of a kind that is not named", false) }
    return ("a session of \(Say.title(other.namespace))", false)
}

private func taking(_ exchange: Exchange, _ call: CallBook.Call?, _ which: String, _ scene: inout Scene) -> String {
    scene.goOn(call, exchange.packet, isRequest: false)
    if let call {
        scene.calls.change(call.id) {
            $0.isAccepted = true
            $0.accepted = $0.accepted ?? exchange.packet.time
        }
    }
    // What an own device takes is heard of for one reason: to stop ringing.
    if exchange.speaker.role == .ownSession || exchange.speaker.isAccount {
        return "\(exchange.who) takes \(which), so the client need not ring any longer"
    }
    if exchange.addressee.isAccount {
        return "\(exchange.who) takes \(which), and tells the account's other devices to stop ringing"
    }
    if exchange.element.name == "accept" { return "\(exchange.who) takes \(which)" }
    let next = exchange.addressee.role == .client ? "the client" : exchange.whom
    return "\(exchange.who) takes \(which). Now \(next) can start the session"
}
