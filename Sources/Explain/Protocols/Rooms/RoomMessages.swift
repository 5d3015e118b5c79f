import Session
import XMLStream
import XMPP

/// Messages that are about a room and not said in it: invitations, changes of settings and affiliations, voice (XEP-0045 sections 7.8, 7.13, 10.2).

/// A message with `<x/>` of muc#user; nil for one that says something in a room, or to somebody in it.
func tellRoomMessage(_ user: Element, _ message: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard user.firstChild != nil else { return nil }
    let invites = user.children.filter { $0.name == "invite" }
    if !invites.isEmpty { return tellInvitation(invites, user, message, packet, &scene) }
    if let decline = user.child("decline") { return tellDecline(decline, message, packet, scene) }
    guard packet.direction == .serverToClient || scene.streamKind != .client, let from = message["from"] else {
        return nil
    }
    let room = Party(.room, JID(from).bare)
    let codes = RoomEvent.codes(user)
    let items = user.children.filter { $0.name == "item" }
    var sentences: [String] = []
    if let versions = user.child("mav") {
        sentences.append(toldVersions(versions, items, room))
    } else if !items.isEmpty {
        sentences += items.prefix(3).compactMap { toldAffiliation($0, room, isOwn: codes.contains("101")) }
    } else if codes.contains("101") {
        sentences.append("The client's affiliation in \(room.name) was changed while it was not in it.")
    }
    let settings = RoomWords.settings.filter { codes.contains($0.code) }.map(\.clause)
    if !settings.isEmpty { sentences.append("\(room.start) \(settings.listed()).") }
    if sentences.isEmpty { return nil }
    let body =
        message.child("body", message.namespace)?.text.trimmed.nonEmpty.map { " It says: \($0.quoted(limit: 120))." }
        ?? ""
    return Telling((sentences.joined(separator: " ") + body).collapsingStops)
}

/// A change of somebody's affiliation who is not in the room (XEP-0045 section 9.3 and others).
private func toldAffiliation(_ item: Element, _ room: Party, isOwn: Bool) -> String? {
    guard let affiliation = item["affiliation"] else { return nil }
    let who =
        isOwn && item["jid"] == nil
        ? "The client" : item["jid"]?.nonEmpty?.shown(limit: 100) ?? item["nick"]?.quoted(limit: 60)
    guard let who else { return nil }
    let state =
        switch affiliation {
        case "owner", "admin", "member": "is now \(RoomWords.article(affiliation)) of \(room.name)"
        case "outcast": "is now banned from \(room.name)"
        case "none": "has no affiliation with \(room.name) any more"
        default: "now has the affiliation \(affiliation.quoted(limit: 40)) with \(room.name)"
        }
    let reason = People.text(item, "reason").map { ": \($0.quoted(limit: 120))" } ?? ""
    return "\(who) \(state)\(reason)."
}

/// The list of affiliations, or what changed in it since a version (XEP-0463).
private func toldVersions(_ versions: Element, _ items: [Element], _ room: Party) -> String {
    let until = versions["until"].map { " version \($0.shown(limit: 40))" } ?? ""
    let names = items.map { item in
        "\(People.address(item["jid"])) (\(item["affiliation"]?.shown(limit: 20) ?? "unknown"))"
    }
    let shown = names.isEmpty ? "" : ": \(People.firstOnes(names))"
    guard let since = versions["since"] else {
        if items.isEmpty {
            return "\(room.start) sends its list of affiliations,\(until.isEmpty ? "" : until + ",") which is empty."
        }
        return
            "\(room.start) sends its list of affiliations,\(until.isEmpty ? "" : until + ",") with \(items.count) \(items.count == 1 ? "entry" : "entries")\(shown)."
    }
    let count = items.isEmpty ? "nothing" : items.count == 1 ? "1 affiliation" : "\(items.count) affiliations"
    return
        "\(room.start) tells that \(count) changed since version \(since.shown(limit: 40)); it is now\(until.isEmpty ? " another one" : until)\(shown)."
}

// MARK: Invitations

private func tellInvitation(
    _ invites: [Element],
    _ user: Element,
    _ message: Element,
    _ packet: Packet,
    _ scene: inout Scene
)
    -> Telling?
{
    let reason = invites.lazy.compactMap { People.text($0, "reason") }.first
    let says = reason.map { ": \($0.quoted(limit: 120))" } ?? ""
    let goesOn = invites[0].child("continue") == nil ? "" : ", to go on with the present conversation there"
    if let whom = invites[0]["to"], let to = message["to"] {
        let with = user.child("password", NS.mucUser) == nil ? "" : ", with the password for it"
        let speaker = scene.speaker(of: message, in: packet).start
        let others = People.firstOnes(invites.compactMap { $0["to"]?.nonEmpty?.shown(limit: 100) })
        let names = others.isEmpty ? whom.quoted(limit: 100) : others
        return Telling(
            "\(speaker) asks the room \(JID(to).bare.shown(limit: 100)) to invite \(names)\(with)\(goesOn)\(says)."
                .collapsingStops
        )
    }
    guard let room = message["from"] else { return nil }
    let who = invites[0]["from"]?.nonEmpty?.shown(limit: 100) ?? "Somebody"
    let with = user.child("password", NS.mucUser) == nil ? "" : ", with the password for it"
    let whom = scene.addressee(of: message, in: packet).name
    return Telling(
        "\(who) invites \(whom) into the room \(JID(room).bare.shown(limit: 100))\(with)\(goesOn)\(says)."
            .collapsingStops
    )
}

private func tellDecline(_ decline: Element, _ message: Element, _ packet: Packet, _ scene: Scene) -> Telling? {
    let says = People.text(decline, "reason").map { ": \($0.quoted(limit: 120))" } ?? ""
    if let whom = decline["to"]?.nonEmpty, let room = message["to"] {
        return Telling(
            "\(scene.speaker(of: message, in: packet).start) declines the invitation of \(whom.shown(limit: 100)) into the room \(JID(room).bare.shown(limit: 100))\(says)."
                .collapsingStops
        )
    }
    guard let room = message["from"] else { return nil }
    let who = decline["from"]?.nonEmpty?.shown(limit: 100) ?? "Somebody"
    return Telling(
        "\(who) declines the invitation into the room \(JID(room).bare.shown(limit: 100))\(says).".collapsingStops
    )
}

// MARK: Voice

/// The form by which a room asks its admins whether somebody may become a member (XEP-0045 section 9.9), and their answer.
private func tellMembershipRequest(_ form: DataForm, _ message: Element, _ packet: Packet, _ scene: Scene) -> Telling? {
    let nick = form.value("muc#register_roomnick")?.trimmed.nonEmpty?.quoted(limit: 60)
    let who = nick.map { "somebody who wants to be called \($0)" } ?? "somebody"
    if form.type == "form" {
        let room = message["from"].map { Party(.room, JID($0).bare) }
        return Telling("\(room?.start ?? "The room") asks its admins whether \(who) may become a member.")
    }
    let room = message["to"].map { "the room \(JID($0).bare.shown(limit: 100))" } ?? "the room"
    let speaker = scene.speaker(of: message, in: packet).start
    switch form.value("muc#register_allow")?.trimmed {
    case "true"?, "1"?: return Telling("\(speaker) lets \(who) become a member of \(room).")
    case "false"?, "0"?: return Telling("\(speaker) does not let \(who) become a member of \(room).")
    case .some, nil: return nil
    }
}

/// A message that a room sends back (XEP-0045 sections 7.4, 7.5, 8.1 and 7.8); nil for what no room sent back.
func tellRoomBounce(_ message: Element, _ packet: Packet, _ scene: Scene) -> Telling? {
    guard packet.direction == .serverToClient, scene.streamKind == .client, let from = message["from"],
        let room = scene.room(of: from), let error = StanzaError(of: message), error.special == nil
    else { return nil }
    let name = "the room \(room.address.shown(limit: 100))"
    let nick = JID(from).resource
    let why: String
    switch error.known {
    case .notAcceptable?: why = "the client is not in it, and has to enter it first"
    case .forbidden? where message.child("subject") != nil && message.child("body") == nil:
        why = "the client may not change the subject"
    case .forbidden?: why = "the client may not do that there; in a moderated room, visitors may not speak"
    case .itemNotFound? where nick != nil: why = "nobody of that nickname is in it"
    case .notAllowed? where nick != nil: why = "private messages are not allowed there"
    default: return nil
    }
    let isSubject = message.child("subject") != nil && message.child("body") == nil
    let what =
        isSubject
        ? "Another subject for \(name)"
        : nick.map { "A private message to \($0.quoted(limit: 60)) in \(name)" } ?? "A message to \(name)"
    return Telling("\(what) was refused: \(why)\(error.bracketedName).\(error.says)".collapsingStops, error.findings)
}

/// The form by which a visitor asks to speak, and by which moderators decide (XEP-0045 sections 7.13 and 8.6); nil for any other message.
func tellVoiceRequest(_ message: Element, _ packet: Packet, _ scene: Scene) -> Telling? {
    guard let x = message.child("x", NS.dataForms), message["type"] != "error" else { return nil }
    let form = DataForm(x)
    switch form.formType {
    case "http://jabber.org/protocol/muc#request"?: break
    case "http://jabber.org/protocol/muc#register"?: return tellMembershipRequest(form, message, packet, scene)
    default: return nil
    }
    let nick = form.value("muc#roomnick")?.trimmed.nonEmpty
    let jid = form.value("muc#jid")?.trimmed.nonEmpty
    let who =
        [nick?.quoted(limit: 60), jid.map { nick == nil ? $0.shown(limit: 100) : "(\($0.shown(limit: 100)))" }]
        .compactMap { $0 }.joined(separator: " ").nonEmpty ?? "somebody"
    if form.type == "form" {
        let room = message["from"].map { Party(.room, JID($0).bare) }
        return Telling(
            "\(room?.start ?? "The room") asks the moderators whether \(who) may speak (a request for voice)."
        )
    }
    let room = message["to"].map { "the room \(JID($0).bare.shown(limit: 100))" } ?? "the room"
    let speaker = scene.speaker(of: message, in: packet).start
    switch form.value("muc#request_allow")?.trimmed {
    case "true"?, "1"?: return Telling("\(speaker) allows \(who) to speak in \(room).")
    case "false"?, "0"?: return Telling("\(speaker) does not allow \(who) to speak in \(room).")
    case .some, nil: return Telling("\(speaker) asks to be allowed to speak in \(room) (a request for voice).")
    }
}
