import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Blocking (XEP-0191), with reports of why (XEP-0377).
    static let blocking: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0191", "Blocking Command", ["urn:xmpp:blocking", "urn:xmpp:blocking:errors"])
        entry.conditions = ["blocked": "the sender has blocked the addressee, and has to unblock it first"]
        entry.codes = [.blockingNobody]
        entry.teller = { StatelessTeller(body: tellBlocking) }
        return entry
    }()
}

private func tellBlocking(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    switch place {
    case .request: return tellRequest(element, iq, packet, &scene)
    case .answer(let request):
        // The answer itself has nothing in it but the list that was asked for.
        let asked = request?.element.firstChild() ?? element
        return iq["type"] == "error"
            ? tellRefusal(asked, iq, packet, scene) : tellResult(asked, element, iq, request, packet, scene)
    case .nonza, .message, .presence: return nil
    }
}

private func tellRequest(_ element: Element, _ iq: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    let (speaker, addressee) = (scene.speaker(of: iq, in: packet), scene.addressee(of: iq, in: packet))
    let items = element.children.filter { $0.name == "item" }
    switch (element.name, iq["type"]) {
    case ("blocklist", "get"?):
        let whom = addressee.role == .server ? "whom it has blocked" : "\(addressee.name) whom it blocks"
        return Telling("\(speaker.start) asks \(whom)\(scene.cite("XEP-0191")).")
    case ("block", "set"?):
        if packet.direction == .serverToClient { return tellPush(items, isBlock: true, speaker, addressee, scene) }
        if items.isEmpty {
            return Telling(
                "\(speaker.start) asks to block, but names nobody.",
                [Finding(.blockingNobody, "<block/> must hold at least one <item/> (XEP-0191 section 3.3).")]
            )
        }
        return Telling(
            "\(speaker.start) blocks \(shown(items))\(reports(items))\(scene.cite("XEP-0191")).".collapsingStops,
            items.allSatisfy { $0["jid"]?.nonEmpty != nil }
                ? []
                : [
                    Finding(
                        .blockingNobody,
                        "an <item/> has no jid, so nobody can know who is meant (XEP-0191 section 3.3)."
                    )
                ]
        )
    case ("unblock", "set"?):
        if packet.direction == .serverToClient { return tellPush(items, isBlock: false, speaker, addressee, scene) }
        let whom = items.isEmpty ? "everybody that it had blocked" : shown(items)
        return Telling("\(speaker.start) unblocks \(whom)\(scene.cite("XEP-0191")).")
    default: return nil
    }
}

/// A server tells all of an account's clients what one of them changed (XEP-0191 section 3.3).
private func tellPush(_ items: [Element], isBlock: Bool, _ speaker: Party, _ addressee: Party, _ scene: Scene)
    -> Telling
{
    let verb = items.count > 1 ? "are" : "is"
    let state: String
    switch (items.isEmpty, isBlock) {
    case (true, true): state = "nobody more is blocked"
    case (true, false): state = "nobody is blocked any more"
    case (false, true): state = "\(shown(items)) \(verb) blocked now"
    case (false, false): state = "\(shown(items)) \(verb) no longer blocked"
    }
    if speaker.role == .server || scene.streamKind != .client {
        return Telling(
            "\(speaker.start) tells \(addressee.name), as all clients of the account that asked for the list, that \(state)."
        )
    }
    return Telling("\(speaker.start) claims that \(state); only the client's own server can say that.")
}

private func tellResult(
    _ asked: Element,
    _ element: Element,
    _ iq: Element,
    _ request: Request?,
    _ packet: Packet,
    _ scene: Scene
) -> Telling? {
    if let list = iq.child("blocklist") {
        let items = list.children.filter { $0.name == "item" }
        if items.isEmpty { return Telling("Nobody is blocked.") }
        let verb = items.count == 1 ? "is" : "are"
        return Telling("\(items.count) \(items.count == 1 ? "address" : "addresses") \(verb) blocked: \(shown(items)).")
    }
    guard request != nil else { return nil }
    if packet.direction == .clientToServer {
        return Telling("\(scene.speaker(of: iq, in: packet).start) acknowledges that.")
    }
    let items = asked.children.filter { $0.name == "item" }
    let verb = items.count > 1 ? "are" : "is"
    switch asked.name {
    case "block" where !items.isEmpty: return Telling("\(capitalizedFirst(shown(items))) \(verb) blocked now.")
    case "unblock":
        return Telling(
            items.isEmpty
                ? "Nobody is blocked any more." : "\(capitalizedFirst(shown(items))) \(verb) no longer blocked."
        )
    default: return nil
    }
}

private func tellRefusal(_ asked: Element, _ iq: Element, _ packet: Packet, _ scene: Scene) -> Telling? {
    let items = asked.children.filter { $0.name == "item" }
    let (does, noun): (String, String)
    switch asked.name {
    case "blocklist": (does, noun) = ("does not tell who is blocked", "the question for the block list")
    case "block": (does, noun) = ("does not block \(items.isEmpty ? "anybody" : shown(items))", "the request to block")
    case "unblock":
        (does, noun) = ("does not unblock \(items.isEmpty ? "anybody" : shown(items))", "the request to unblock")
    default: return nil
    }
    return People.refusal(iq, packet, scene, does: does, noun: noun)
}

// MARK: Words

/// Addresses as a rule of blocking reads them: a domain means everybody there (XEP-0191 section 6).
private func shown(_ items: [Element]) -> String {
    People.firstOnes(
        items.map { item in
            guard let jid = item["jid"]?.nonEmpty else { return "an address that is missing" }
            let address = JID(jid)
            return address.local == nil && address.resource == nil
                ? "everybody at \(jid.shown(limit: 80))" : jid.shown(limit: 80)
        }
    )
}

/// An address stays as it was written, "everybody" begins a sentence.
private func capitalizedFirst(_ text: String) -> String {
    text.hasPrefix("everybody") || text.hasPrefix("an address") ? capitalized(text) : text
}

/// Why somebody is blocked, told to those who run the server (XEP-0377).
private func reports(_ items: [Element]) -> String {
    let told = items.compactMap { item -> String? in
        guard let report = item.child("report") else { return nil }
        let why: String
        switch report["reason"] {
        case "urn:xmpp:reporting:spam"?: why = "spam"
        case "urn:xmpp:reporting:abuse"?: why = "abuse"
        case let other?: why = "the reason \(other.quoted(limit: 60))"
        case nil:
            // The namespace before it was versioned had elements instead.
            why = report.children.first { ["spam", "abuse"].contains($0.name) }?.name ?? "an unnamed reason"
        }
        let messages = report.children.filter { $0.name == "stanza-id" }.count
        let of = messages == 0 ? "" : ", with \(counted(messages, "message")) as evidence"
        let text = People.text(report, "text").map { ": \($0.quoted(limit: 120))" } ?? ""
        return "for \(why)\(of)\(text)"
    }
    guard let first = told.first else { return "" }
    let whom = items.count == 1 ? "it" : told.count == items.count ? "them" : "\(told.count) of them"
    return ", and reports \(whom) to the server \(first)"
}

extension FindingCode {
    static let blockingNobody = warning(
        "blocking.nobody",
        "XEP-0191 section 3.3",
        "A request to block must name somebody. Without an item it blocks nobody, and servers refuse it with bad-request."
    )
}
