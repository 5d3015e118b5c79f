import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Rooms for many (XEP-0045).
    static let rooms: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0045",
            "Multi-User Chat",
            [NS.muc, NS.mucUser, "http://jabber.org/protocol/muc#admin", "http://jabber.org/protocol/muc#owner"]
        )
        entry.codes = [.roomName, .roomNick]
        entry.secrets = [
            .text("password", NS.muc), .text("password", NS.mucUser),
            .field("muc#roomconfig_roomsecret", in: nil), .field("muc#roomconfig_passwordfield", in: nil),
        ]
        entry.teller = { StatelessTeller(body: tellRoomElement) }
        return entry
    }()
}

private func tellRoomElement(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let stanza = packet.element else { return nil }
    switch place {
    case .presence: return tellRoomPresence(stanza, packet, &scene)
    case .message: return element.namespace == NS.mucUser ? tellInvitation(element, stanza, packet, scene) : nil
    case .nonza, .request, .answer: return nil
    }
}

/// Presence that has to do with a room; nil for any other.
func tellRoomPresence(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard scene.streamKind == .client else { return tellOthers(presence, packet, &scene) }
    switch packet.direction {
    case .clientToServer: return tellClients(presence, packet, &scene)
    case .serverToClient: return tellRooms(presence, packet, &scene)
    }
}

// MARK: The client

private func tellClients(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let to = presence["to"] else { return nil }
    let jid = JID(to)
    if let join = presence.child("x", NS.muc) { return tellEntering(join, jid, packet, &scene) }
    guard let room = scene.room(of: to) else { return nil }
    switch presence["type"] {
    case "unavailable"?:
        scene.updateRoom(to) { $0.isInside = false }
        let status = presence.child("status", presence.namespace)?.text ?? ""
        let says = status.isEmpty ? "" : " Status: \(status.quoted(limit: 120))."
        return Telling("The client leaves the room \(room.address.shown(limit: 100)).\(says)".collapsingStops)
    case nil:
        guard let nick = jid.resource, !nick.isEmpty else { return nil }
        if let own = room.nick, own != nick {
            return Telling(
                "The client wants to be called \(nick.quoted(limit: 60)) instead of \(own.quoted(limit: 60)) in the room \(room.address.shown(limit: 100))."
            )
        }
        return Telling(
            "The client tells the room \(room.address.shown(limit: 100)) what it is doing\(shownState(presence))."
        )
    case .some: return nil
    }
}

private func shownState(_ presence: Element) -> String {
    let parts = [presence.child("show", presence.namespace)?.text, presence.child("status", presence.namespace)?.text]
        .compactMap { $0 }.filter { !$0.isEmpty }.map { $0.quoted(limit: 80) }
    return parts.isEmpty ? ": online" : ": \(parts.joined(separator: ", "))"
}

private func tellEntering(_ join: Element, _ jid: JID, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let nick = jid.resource ?? ""
    var findings: [Finding] = []
    if jid.local?.isEmpty != false {
        findings.append(
            Finding(
                .roomName,
                "\(jid.bare.quoted(limit: 100)) has no name before an @, so it is no room but a service of rooms."
            )
        )
    }
    if nick.isEmpty {
        findings.append(
            Finding(
                .roomNick,
                "no nickname is given behind a slash; the room must refuse with jid-malformed (XEP-0045 section 7.2.1)."
            )
        )
    }
    let again = scene.room(of: jid.bare)?.isInside == true ? " again" : ""
    let story = scene.stories.begin(.roomJoin, jid.bare.shown(limit: 100), packet)
    scene.updateRoom(jid.bare) { room in
        room.nick = nick.isEmpty ? nil : nick
        room.story = story
        room.isInside = false
    }
    let called = nick.isEmpty ? "" : " as \(nick.quoted(limit: 60))"
    let with = join.child("password", NS.muc) == nil ? "" : ", with a password"
    return Telling(
        "The client asks to enter the room \(jid.bare.shown(limit: 100))\(again)\(called)\(with) (XEP-0045).",
        findings
    )
}

// MARK: Others

/// Presence on a stream of servers or of a component, where either side may have rooms and many may be in them.
private func tellOthers(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    let speaker = scene.speaker(of: presence, in: packet)
    if presence.child("x", NS.muc) != nil, presence["type"] == nil, let to = presence["to"] {
        let called = JID(to).resource.map { " as \($0.quoted(limit: 60))" } ?? ""
        return Telling("\(speaker.start) asks to enter \(Party(.room, JID(to).bare).name)\(called) (XEP-0045).")
    }
    guard let user = presence.child("x", NS.mucUser), let from = presence["from"] else { return nil }
    let event = RoomEvent(Room(address: JID(from).bare), from, isOwn: false, user)
    switch presence["type"] {
    case "unavailable"?: return tellGone(event, presence, packet, &scene)
    case nil: return tellPresent(event, presence, packet, &scene)
    case .some: return nil
    }
}

// MARK: The room

private func tellRooms(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let from = presence["from"] else { return nil }
    let user = presence.child("x", NS.mucUser)
    if user != nil, scene.room(of: from) == nil { scene.updateRoom(from) { _ in } }
    guard let room = scene.room(of: from) else { return nil }
    let nick = JID(from).resource ?? ""
    let isOwn =
        RoomEvent.codes(user).contains("110") || (room.nick == nick && presence["type"] == "error")
        || (room.nick == nick && user != nil && !room.isInside)
    let event = RoomEvent(room, from, isOwn: isOwn, user)
    switch presence["type"] {
    case "error"?: return tellRefusal(event, presence, packet, &scene)
    case "unavailable"?: return tellGone(event, presence, packet, &scene)
    case nil: return tellPresent(event, presence, packet, &scene)
    case .some: return nil
    }
}

/// What a room says about somebody in it.
private struct RoomEvent {
    let room: Room
    let nick: String
    /// True if it is about the client itself.
    let isOwn: Bool
    /// Status codes (XEP-0045 section 15.6).
    let codes: Set<String>
    let item: Element?

    /// - Parameter user: the presence's `<x/>` of `muc#user`.
    init(_ room: Room, _ from: String, isOwn: Bool, _ user: Element?) {
        self.room = room
        nick = JID(from).resource ?? ""
        self.isOwn = isOwn
        codes = Self.codes(user)
        item = user?.child("item", NS.mucUser)
    }

    static func codes(_ user: Element?) -> Set<String> {
        Set((user?.children ?? []).filter { $0.name == "status" }.compactMap { $0["code"] })
    }

    var place: String { "the room \(room.address.shown(limit: 100))" }
    var name: String { nick.quoted(limit: 60) }

    /// Affiliation and role in brackets, as far as they are worth telling: ` (owner and moderator)`.
    var rank: String {
        var parts: [String] = []
        switch item?["affiliation"] {
        case "owner"?: parts.append("owner")
        case "admin"?: parts.append("admin")
        case "member"?: parts.append("member")
        default: break
        }
        switch item?["role"] {
        case "moderator"?: parts.append("moderator")
        case "participant"?: parts.append("participant")
        case "visitor"?: parts.append("visitor, who may not speak")
        default: break
        }
        return parts.isEmpty ? "" : " (\(parts.listed()))"
    }

    var realAddress: String { item?["jid"].map { ", real address \($0.shown(limit: 100))" } ?? "" }

    var reason: String {
        let text = item?.child("reason")?.text.trimmed ?? ""
        return text.isEmpty ? "" : " The reason given: \(text.quoted(limit: 120))."
    }

    var actor: String? {
        let actor = item?.child("actor")
        return actor?["nick"].map { $0.quoted(limit: 60) } ?? actor?["jid"].map { $0.shown(limit: 100) }
    }
}

private func tellPresent(_ event: RoomEvent, _ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    guard event.isOwn else {
        let state = presence.child("show", presence.namespace)?.text ?? ""
        let shown = state.isEmpty ? "" : ", and shows \(state.quoted(limit: 20))"
        return Telling("In \(event.place): \(event.name) is present\(event.rank)\(event.realAddress)\(shown).")
    }
    let wasInside = event.room.isInside
    scene.updateRoom(event.room.address) { room in
        room.isInside = true
        room.nick = event.nick
    }
    if let story = event.room.story, !wasInside { scene.stories.settle(story, .succeeded, packet) }
    var text =
        wasInside
        ? "The client is in \(event.place) as \(event.name)\(event.rank)."
        : "The client is now in \(event.place) as \(event.name)\(event.rank)."
    if event.codes.contains("201") { text += " The room did not exist before; the client made it." }
    if event.codes.contains("100") { text += " Everybody in it can see its real address." }
    if event.codes.contains("170") { text += " What is said there is logged." }
    if event.codes.contains("210") { text += " The room set the nickname." }
    return Telling(text)
}

private func tellGone(_ event: RoomEvent, _ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    if event.codes.contains("303"), let new = event.item?["nick"] {
        if event.isOwn || event.nick == event.room.nick {
            scene.updateRoom(event.room.address) { $0.nick = new }
            return Telling(
                "In \(event.place) the client is now called \(new.quoted(limit: 60)) instead of \(event.name)."
            )
        }
        return Telling("In \(event.place) \(event.name) is now called \(new.quoted(limit: 60)).")
    }
    if event.isOwn { scene.updateRoom(event.room.address) { $0.isInside = false } }
    let who = event.isOwn ? "The client" : "\(event.name)"
    let by = event.actor.map { " by \($0)" } ?? ""
    let manner: String
    switch true {
    case event.codes.contains("301"): manner = "was banned from \(event.place)\(by)."
    // Servers add 307 to it, which alone would be a kick (XEP-0045 section 9.1).
    case event.codes.contains("333"): manner = "was removed from \(event.place) because of a technical problem."
    case event.codes.contains("307"): manner = "was kicked out of \(event.place)\(by)."
    case event.codes.contains("321"): manner = "had to leave \(event.place): it is no longer a member."
    case event.codes.contains("322"): manner = "had to leave \(event.place): only members may be in it now."
    case event.codes.contains("332"): manner = "had to leave \(event.place): its service is shutting down."
    case presence.child("x", NS.mucUser)?.child("destroy") != nil:
        manner = "is no longer in \(event.place): the room was destroyed."
    default: manner = event.isOwn ? "is no longer in \(event.place)." : "has left \(event.place)."
    }
    let status = presence.child("status", presence.namespace)?.text ?? ""
    let says = status.isEmpty ? "" : " Status: \(status.quoted(limit: 120))."
    return Telling("\(who) \(manner)\(event.reason)\(says)".collapsingStops)
}

private func tellRefusal(_ event: RoomEvent, _ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    guard let error = StanzaError(of: presence) else {
        return tellMissingError(scene.speaker(of: presence, in: packet))
    }
    let isEntering = !event.room.isInside
    // The same conditions refuse a nickname to who is inside; the others say something else then.
    let isOfNick = error.known == .conflict || error.known == .notAcceptable
    let cause = isEntering ? refusalOfEntering(error, event) : isOfNick ? refusalOfNick(error) : error.cause
    if isEntering, let story = event.room.story {
        scene.stories.settle(story, .failed(cause), packet)
        scene.updateRoom(event.room.address) { $0.story = nil }
    }
    let start =
        isEntering
        ? "The room \(event.room.address.shown(limit: 100)) does not let the client in"
        : "The room \(event.room.address.shown(limit: 100)) refuses the client's presence"
    let remedy = cause.remedy.isEmpty ? "" : " \(cause.remedy)"
    return Telling("\(start): \(cause.why).\(error.says)\(remedy)".collapsingStops, error.findings)
}

/// What the condition means for somebody who wants another nickname (XEP-0045 section 7.6).
private func refusalOfNick(_ error: StanzaError) -> Cause {
    let why =
        error.known == .conflict ? "the new nickname is in use or reserved" : "nicknames may not be changed there"
    return Cause(why: "\(why) (\(error.name))", remedy: "")
}

/// What the condition means for somebody who wants to enter (XEP-0045 section 7.2).
private func refusalOfEntering(_ error: StanzaError, _ event: RoomEvent) -> Cause {
    let (why, remedy): (String, String) =
        switch error.known {
        case .notAuthorized?: ("it wants a password, and none or a wrong one was given", "Give the room's password.")
        case .registrationRequired?: ("only members may enter", "Ask an admin or owner of the room for membership.")
        case .forbidden?: ("the client is banned from it", "An admin or owner of the room can lift the ban.")
        case .itemNotFound?: ("it does not exist, or is locked until its owner has configured it", "")
        case .notAllowed?:
            ("the client may not make new rooms there", "Choose a room that exists, or ask the service's operator.")
        case .notAcceptable?:
            (
                "the nickname \(event.name) is not accepted, often because another one is reserved",
                "Enter under the reserved nickname."
            )
        case .conflict?: ("the nickname \(event.name) is in use or reserved", "Choose another one.")
        case .serviceUnavailable?: ("it is full, or the service is not to be had", "Try again later.")
        case .jidMalformed?:
            ("the room's name or the nickname is missing or not valid", "Enter as ROOM@SERVICE/NICKNAME.")
        default: (error.specialMeaning ?? error.meaning, "")
        }
    return Cause(why: "\(why) (\(error.name))", remedy: remedy)
}

// MARK: Invitations

private func tellInvitation(_ user: Element, _ message: Element, _ packet: Packet, _ scene: Scene) -> Telling? {
    guard packet.direction == .serverToClient, let invite = user.child("invite", NS.mucUser), let room = message["from"]
    else {
        return nil
    }
    let who = invite["from"]?.shown(limit: 100) ?? "Somebody"
    let reason = invite.child("reason")?.text.trimmed ?? ""
    let says = reason.isEmpty ? "" : ": \(reason.quoted(limit: 120))"
    let with = user.child("password", NS.mucUser) == nil ? "" : ", with the password for it"
    return Telling(
        "\(who) invites the client into the room \(JID(room).bare.shown(limit: 100))\(with)\(says).".collapsingStops
    )
}

extension FindingCode {
    static let roomName = warning(
        "room.name.missing",
        "XEP-0045 section 7.2.1",
        "A room's address has a name before the @. Without one the presence goes to the service itself."
    )
    static let roomNick = warning(
        "room.nick.missing",
        "XEP-0045 section 7.2.1",
        "Whoever enters a room must give a nickname as the resource of the address."
    )
}
