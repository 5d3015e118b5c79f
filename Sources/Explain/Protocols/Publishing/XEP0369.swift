import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Channels of MIX (XEP-0369), which a client joins through its own server (XEP-0405), with hidden addresses (XEP-0404) and more (XEP-0406, XEP-0407).
    static let mix: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0369",
            "Mediated Information eXchange (MIX)",
            Mix.core + Mix.pam + [Mix.anonymous, Mix.presence, "urn:xmpp:mix:misc:0", "urn:xmpp:mix:admin:0"]
        )
        entry.item = { payload, _ in payload.name == "participant" ? participantItem(payload) : nil }
        entry.part = addMixRetraction
        entry.teller = { StatelessTeller(body: tellMix) }
        return entry
    }()
}

/// The names of MIX.
enum Mix {
    static let core = ["urn:xmpp:mix:core:1", "urn:xmpp:mix:core:0"]
    static let pam = ["urn:xmpp:mix:pam:2", "urn:xmpp:mix:pam:1", "urn:xmpp:mix:pam:0"]
    static let anonymous = "urn:xmpp:mix:anon:0"
    static let presence = "urn:xmpp:mix:presence:0"
}

private func tellMix(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let stanza = packet.element else { return nil }
    switch place {
    case .request:
        return mixRequest(element, stanza, packet, scene).map { clause in
            Telling(
                "\(scene.speaker(of: stanza, in: packet).start) \(clause)\(scene.cite("XEP-0369")).".collapsingStops
            )
        }
    case .answer(let request): return tellMixAnswer(element, request, stanza, packet, &scene)
    case .message where element.name == "invitation": return tellMixInvitation(element, stanza, packet, &scene)
    case .message: return element.name == "mix" ? tellMixMessage(element, stanza, packet, &scene) : nil
    case .presence:
        guard element.name == "mix" else { return nil }
        var telling = tellPresence(stanza, packet, &scene)
        telling.text +=
            " It is somebody in a channel\(mixName(element).map { ": \($0)" } ?? "")\(scene.cite("XEP-0403"))."
        return telling
    case .nonza: return nil
    }
}

/// What is asked of a channel, a predicate.
private func mixRequest(_ element: Element, _ iq: Element, _ packet: Packet, _ scene: Scene) -> String? {
    let isThroughServer = element.name == "client-join" || element.name == "client-leave"
    let inner = isThroughServer ? element.firstChild { $0.name == "join" || $0.name == "leave" } ?? element : element
    let channel =
        isThroughServer
        ? element.given("channel")?.shown(limit: 100) ?? "a channel without an address"
        : scene.addressee(of: iq, in: packet).name
    let through = isThroughServer ? " through \(scene.addressee(of: iq, in: packet).name)" : ""
    let nick = inner.quotedTextOf("nick", limit: 60)
    switch element.name {
    case "join", "client-join":
        let nodes = mixNodes(inner, "subscribe")
        return
            "asks to join the channel \(channel)\(through)\(nick.map { " as \($0)" } ?? "")\(nodes.isEmpty ? "" : ", to be sent its \(nodes)")"
    case "invite":
        return
            "asks the channel \(channel) for an invitation\(element.textOf("invitee").map { " for \($0.shown(limit: 100))" } ?? "")"
    case "user-preference":
        return iq["type"] == "set"
            ? "sets its preferences in the channel \(channel)" : "asks the channel \(channel) for its preferences there"
    case "leave", "client-leave": return "leaves the channel \(channel)\(through)"
    case "setnick":
        return "wants to be called \(nick ?? "by a nickname that it does not give") in the channel \(channel)"
    case "register": return "registers the nickname \(nick ?? "that it does not give") at \(channel)"
    case "update-subscription":
        let (more, less) = (mixNodes(element, "subscribe"), mixNodes(element, "unsubscribe"))
        let parts = [more.isEmpty ? nil : "to be sent its \(more)", less.isEmpty ? nil : "no longer its \(less)"]
            .compactMap { $0 }
        return "asks the channel \(channel) \(parts.isEmpty ? "for other news" : parts.joined(separator: ", and "))"
    case "create":
        return
            "creates \(element.given("channel").map { "the channel \($0.quoted(limit: 60))" } ?? "a channel whose name the service chooses") at \(channel)"
    case "destroy":
        return
            "destroys \(element.given("channel").map { "the channel \($0.quoted(limit: 60))" } ?? "a channel that it does not name") at \(channel)"
    default: return nil
    }
}

/// The nodes of a channel in words: `messages, participants and description`.
private func mixNodes(_ element: Element, _ name: String) -> String {
    let nodes = element.children.filter { $0.name == name }.compactMap { $0.given("node") }
    return nodes.firstOnes { NodeKind(of: $0)?.noun ?? $0.quoted(limit: 60) }
}

private func tellMixAnswer(
    _ element: Element,
    _ request: Request?,
    _ iq: Element,
    _ packet: Packet,
    _ scene: inout Scene
) -> Telling? {
    let asked = request?.element.firstChild() ?? element
    let speaker = scene.speaker(of: iq, in: packet)
    if speaker.role == .client { return nil }
    let isThroughServer = asked.name.hasPrefix("client-")
    let channel = isThroughServer ? asked.given("channel")?.shown(limit: 100) ?? "that was meant" : speaker.name
    let who = scene.addressee(of: iq, in: packet).start
    if iq["type"] == "error" {
        guard let error = StanzaError(of: iq) else { return tellMissingError(speaker) }
        guard let undone = mixUndone(asked, channel) else { return nil }
        return Telling("\(undone): \(error.told).\(error.says)".collapsingStops, error.findings)
    }
    let answer = iq.firstChild().flatMap { $0.firstChild { $0.name == "join" } ?? $0 }
    guard let done = mixDone(asked, answer, channel, who) else { return nil }
    return Telling("\(done)\(scene.cite("XEP-0369")).".collapsingStops)
}

private func mixDone(_ asked: Element, _ answer: Element?, _ channel: String, _ who: String) -> String? {
    let nick =
        (answer?.quotedTextOf("nick", limit: 60) ?? asked.quotedTextOf("nick", limit: 60)).map { " as \($0)" } ?? ""
    switch asked.name {
    case "join", "client-join":
        let id =
            (answer?["id"] ?? answer?["jid"]).flatMap(\.nonEmpty).map {
                ", with the participant id \($0.shown(limit: 100))"
            } ?? ""
        return "\(who) is now a participant of the channel \(channel)\(nick)\(id)"
    case "leave", "client-leave": return "\(who) is no longer a participant of the channel \(channel)"
    case "setnick":
        return "The nickname is changed in the channel \(channel)\(nick.isEmpty ? "" : ":\(nick.dropFirst(3))")"
    case "register": return "The nickname is registered at \(channel)\(nick.isEmpty ? "" : ":\(nick.dropFirst(3))")"
    case "invite":
        let invitee =
            (answer?.child("invitation") ?? asked).textOf("invitee").map { " for \($0.shown(limit: 100))" } ?? ""
        return "The channel \(channel) gives an invitation\(invitee)"
    case "update-subscription": return "What the channel \(channel) sends is changed as asked"
    case "user-preference":
        return asked.childCount == 0
            ? "The channel \(channel) gives the preferences that were asked for"
            : "The preferences in the channel \(channel) are set"
    case "create":
        let name = (answer?.given("channel") ?? asked.given("channel")).map { " \($0.quoted(limit: 60))" } ?? ""
        return "The channel\(name) at \(channel) exists now"
    case "destroy":
        return
            "\(asked.given("channel").map { "The channel \($0.quoted(limit: 60))" } ?? "The channel") at \(channel) is destroyed"
    default: return nil
    }
}

private func mixUndone(_ asked: Element, _ channel: String) -> String? {
    switch asked.name {
    case "join", "client-join": "The channel \(channel) is not joined"
    case "leave", "client-leave": "The channel \(channel) is not left"
    case "setnick": "The nickname is not changed in the channel \(channel)"
    case "register": "The nickname is not registered at \(channel)"
    case "update-subscription": "What the channel \(channel) sends stays as it was"
    case "create": "The channel is not created"
    case "destroy": "The channel is not destroyed"
    default: nil
    }
}

/// An invitation that the channel has made, handed on by who invites (XEP-0407).
private func tellMixInvitation(_ invitation: Element, _ message: Element, _ packet: Packet, _ scene: inout Scene)
    -> Telling
{
    let (who, whom) = (scene.speaker(of: message, in: packet).start, scene.addressee(of: message, in: packet).name)
    let channel = invitation.textOf("channel").map { "the channel \($0.shown(limit: 100))" } ?? "a channel"
    let body =
        message.child("body", message.namespace)?.text.trimmed.nonEmpty.map { ": \($0.quoted(limit: 120))" } ?? ""
    return Telling("\(who) invites \(whom) into \(channel)\(body)\(scene.cite("XEP-0407")).".collapsingStops)
}

/// A message that is taken back, and what an archive keeps in its place (XEP-0407).
private func addMixRetraction(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    switch element.name {
    case "retract":
        let which =
            element.given("id").map { " with the archive id \($0.shown(limit: 60))" } ?? ", but does not say which"
        parts.deeds.append(.init(rank: 3, verb: "takes back the message\(which)", reference: "XEP-0407"))
    case "retracted":
        let time = element.given("time").map { ", at \(Say.time($0))" } ?? ""
        let who = element.given("by")?.shown(limit: 100) ?? "Somebody"
        let verb = "has taken back the message that stood here\(time)"
        parts.deeds.append(.init(rank: 3, verb: verb, subject: who, reference: "XEP-0407"))
    default: parts.others.append(element)
    }
}

/// A message in a channel: who it is of stands in it (XEP-0369 section 7.1.8).
private func tellMixMessage(_ mix: Element, _ message: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let from = message["from"] else { return nil }
    let channel = "the channel \(JID(from).bare.shown(limit: 100))"
    let who = mixName(mix) ?? "A participant"
    let reference = scene.cite("XEP-0369")
    if let body = message.child("body", message.namespace)?.text.trimmed.nonEmpty {
        return Telling("\(who) says in \(channel): \(body.quoted(limit: 120))\(reference).".collapsingStops)
    }
    let others = message.children.filter { $0.namespace != message.namespace && $0.name != "mix" }
    let with =
        others.isEmpty
        ? ", without a text" : ", with <\(others[0].name.shown(limit: 40))/> of \(protocolName(others[0].namespace))"
    return Telling("A message of \(who == "A participant" ? "a participant" : who) in \(channel)\(with)\(reference).")
}

private func mixName(_ mix: Element) -> String? {
    let nick = mix.quotedTextOf("nick", limit: 60)
    let address = mix.textOf("jid")?.shown(limit: 100)
    guard let nick else { return address }
    return address.map { "\(nick) (\($0))" } ?? nick
}

private func participantItem(_ participant: Element) -> ItemTelling {
    var item = ItemTelling("participant", "XEP-0369")
    item.isOwn = false
    item.isNamedByContent = true
    item.content = mixName(participant)
    item.state = item.content.map { "has the participant \($0)" }
    return item
}
