import Session
import XMLStream
import XMPP

/// Presence in rooms as the room tells it, to the client or on a stream where either side may have rooms (XEP-0045 sections 7 to 10).

/// Presence on a stream of servers or of a component, where either side may have rooms and many may be in them.
func tellOthersRoomPresence(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    if let entering = tellOthersEntering(presence, packet, &scene) { return entering }
    if let leaving = tellOthersLeaving(presence, packet, &scene) { return leaving }
    guard let from = presence["from"] else { return nil }
    if presence["type"] == "error", presence.child("x", NS.muc) != nil {
        let event = RoomEvent(Room(address: JID(from).bare), from, isOwn: false, presence)
        let whom = scene.addressee(of: presence, in: packet).name
        return tellRoomRefusal(event, presence, whom: whom, packet, &scene)
    }
    guard presence.child("x", NS.mucUser) != nil else { return nil }
    var event = RoomEvent(Room(address: JID(from).bare), from, isOwn: false, presence)
    // Each occupant is told the same; only of that one itself the room says so.
    event.listener = event.codes.contains("110") ? scene.addressee(of: presence, in: packet).name : nil
    switch presence["type"] {
    case "unavailable"?: return tellGone(event, presence, packet, &scene)
    case nil: return tellPresent(event, presence, packet, &scene)
    case .some: return nil
    }
}

/// Presence by which somebody leaves a room that they asked to enter; nil for any other.
private func tellOthersLeaving(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard presence["type"] == "unavailable", let to = presence["to"], JID(to).resource != nil,
        scene.people.category(of: JID(to).bare) == "conference"
    else { return nil }
    let speaker = scene.speaker(of: presence, in: packet).start
    let says = PresenceExtras.status(presence)
    return Telling("\(speaker) leaves \(Party(.room, JID(to).bare).name).\(says)".collapsingStops)
}

/// What a room says to the client.
func tellRoomsPresence(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let from = presence["from"] else { return nil }
    let isAboutRoom =
        presence.child("x", NS.mucUser) != nil || (presence["type"] == "error" && presence.child("x", NS.muc) != nil)
    if isAboutRoom, scene.room(of: from) == nil { scene.updateRoom(from) { _ in } }
    // One that said what it is may show its avatar before anybody is in it (XEP-0486).
    let isKnown = JID(from).resource == nil && JID(from).local != nil && scene.people.category(of: from) == "conference"
    guard let room = scene.room(of: from) ?? (isKnown ? Room(address: from) : nil) else { return nil }
    let nick = JID(from).resource ?? ""
    let codes = RoomEvent.codes(presence.child("x", NS.mucUser))
    // Not every room adds 110 where it sends somebody away.
    let isOwn =
        codes.contains("110")
        || (room.nick == nick && ["error", "unavailable"].contains(presence["type"]))
        || (room.nick == nick && isAboutRoom && !room.isInside)
    let event = RoomEvent(room, from, isOwn: isOwn, presence)
    if nick.isEmpty, presence["type"] == nil { return tellRoomItself(event, presence, packet, &scene) }
    switch presence["type"] {
    case "error"?: return tellRoomRefusal(event, presence, whom: "the client", packet, &scene)
    case "unavailable"?: return tellGone(event, presence, packet, &scene)
    case nil: return tellPresent(event, presence, packet, &scene)
    case .some: return nil
    }
}

/// Presence of the room's own address, by which it shows its avatar (XEP-0486).
private func tellRoomItself(_ event: RoomEvent, _ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling?
{
    let extras = PresenceExtras.told(presence, packet, &scene)
    let version = presence.child("x", NS.mucUser)?.child("mav")?["until"]?.nonEmpty.map {
        "its list of affiliations is at version \($0.shown(limit: 40))\(scene.cite("XEP-0463"))."
    }
    let told = version ?? scene.lowercasedStart(extras.text.trimmed)
    if told.isEmpty { return nil }
    return Telling("The \(event.place.withoutArticle) tells of itself: \(told)", extras.findings)
}

/// What a room says about somebody in it.
struct RoomEvent {
    let room: Room
    let address: String
    let nick: String
    /// True if it is about the client itself.
    let isOwn: Bool
    /// Status codes (XEP-0045 section 15.6).
    let codes: Set<String>
    let item: Element?
    let destroy: Element?
    private let hats: [String]
    private let occupantID: String?
    /// On a stream of many: the occupant that it is about, if it is told to them themselves.
    var listener: String?

    init(_ room: Room, _ from: String, isOwn: Bool, _ presence: Element) {
        let user = presence.child("x", NS.mucUser)
        self.room = room
        address = from
        nick = JID(from).resource ?? ""
        self.isOwn = isOwn
        codes = Self.codes(user)
        item = user?.child("item", NS.mucUser)
        destroy = user?.child("destroy", NS.mucUser)
        hats = presence.child("hats")?.children.compactMap { $0["title"]?.nonEmpty } ?? []
        occupantID = presence.child("occupant-id", NS.occupantID)?["id"]?.nonEmpty
    }

    static func codes(_ user: Element?) -> Set<String> {
        guard let user else { return [] }
        return Set(user.children.filter { $0.name == "status" }.compactMap { $0["code"] })
    }

    var place: String { "the room \(room.address.shown(limit: 100))" }
    var name: String { nick.isEmpty ? "somebody without a nickname" : nick.quoted(limit: 60) }

    /// Affiliation and role in brackets, as far as they are worth telling: ` (owner and moderator)`.
    var rank: String {
        let parts = [RoomWords.affiliations[item?["affiliation"] ?? ""], RoomWords.roles[item?["role"] ?? ""]]
            .compactMap { $0 }
        return parts.isEmpty ? "" : " (\(parts.listed()))"
    }

    var realAddress: String { item?["jid"].map { ", real address \($0.shown(limit: 100))" } ?? "" }

    /// Hats (XEP-0317).
    var wears: String {
        if hats.isEmpty { return "" }
        return ", with the \(hats.count == 1 ? "hat" : "hats") \(People.firstOnes(hats.map { $0.quoted(limit: 40) }))"
    }

    /// What stays the same whatever the nickname (XEP-0421).
    mutating func id(_ scene: inout Scene) -> String {
        occupantID.map { ", occupant id \($0.shown(limit: 8))\(scene.cite("XEP-0421"))" } ?? ""
    }

    var reason: String {
        let text = item?.child("reason")?.text.trimmed ?? ""
        return text.isEmpty ? "" : " The reason given: \(text.quoted(limit: 120))."
    }

    var actor: String? {
        let actor = item?.child("actor")
        return actor?["nick"].map { $0.quoted(limit: 60) } ?? actor?["jid"].map { $0.shown(limit: 100) }
    }

    func occupant(_ presence: Element) -> PeopleState.Occupant {
        PeopleState.Occupant(
            role: item?["role"],
            affiliation: item?["affiliation"],
            show: presence.child("show", presence.namespace)?.text.trimmed ?? "",
            status: presence.child("status", presence.namespace)?.text ?? "",
            stay: room.stay
        )
    }
}

// MARK: Being there

private func tellPresent(_ event: RoomEvent, _ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let extras = PresenceExtras.told(presence, packet, &scene)
    let before = scene.people.occupants[event.address].flatMap { $0.stay == event.room.stay ? $0 : nil }
    let now = event.occupant(presence)
    if scene.streamKind == .client { scene.people.note(now, at: event.address) }
    let says = PresenceExtras.status(presence) + extras.text
    let text =
        event.isOwn
        ? toldOwnPresence(event, before, now, packet, &scene) : toldOccupant(event, before, now, presence, &scene)
    return Telling((text + says).collapsingStops, extras.findings)
}

private func toldOccupant(
    _ event: RoomEvent,
    _ before: PeopleState.Occupant?,
    _ now: PeopleState.Occupant,
    _ presence: Element,
    _ scene: inout Scene
) -> String {
    var event = event
    let state = now.show.isEmpty ? "" : ", and is \(PresenceExtras.state(presence))"
    if let before {
        let changes = RoomWords.changes(from: before, to: now)
        if !changes.isEmpty {
            return "In \(event.place): \(event.name) \(changes)\(event.by).\(event.reason)"
        }
        if before.show != now.show || before.status != now.status {
            return "In \(event.place): \(event.name) is now \(PresenceExtras.state(presence))."
        }
    }
    let about = "\(event.rank)\(event.realAddress)\(event.wears)\(event.id(&scene))\(state)"
    if before == nil, event.room.isInside, scene.streamKind == .client {
        return "\(event.name) enters \(event.place)\(about).\(event.reason)"
    }
    if let listener = event.listener {
        let codes = RoomWords.toldEntryCodes(event.codes, listener)
        return "\(listener) is now in \(event.place) as \(event.name)\(about).\(event.reason)\(codes)"
    }
    return "In \(event.place): \(event.name) is present\(about).\(event.reason)"
}

private func toldOwnPresence(
    _ event: RoomEvent,
    _ before: PeopleState.Occupant?,
    _ now: PeopleState.Occupant,
    _ packet: Packet,
    _ scene: inout Scene
) -> String {
    let wasInside = event.room.isInside
    scene.updateRoom(event.room.address) { room in
        room.isInside = true
        room.nick = event.nick
    }
    if let story = event.room.story, !wasInside { scene.stories.settle(story, .succeeded, packet) }
    let codes = RoomWords.toldEntryCodes(event.codes, "the client")
    if wasInside, let before {
        let changes = RoomWords.changes(from: before, to: now)
        if !changes.isEmpty {
            return "In \(event.place) the client \(changes)\(event.by).\(event.reason)\(codes)"
        }
    }
    let start = wasInside ? "The client is in" : "The client is now in"
    return "\(start) \(event.place) as \(event.name)\(event.rank)\(event.wears).\(event.reason)\(codes)"
}

extension RoomEvent {
    /// By whom, in brackets' place: `, by "Nurse"`.
    fileprivate var by: String { actor.map { ", by \($0)" } ?? "" }
}

// MARK: Leaving

private func tellGone(_ event: RoomEvent, _ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let before = scene.people.forget(event.address)
    if event.codes.contains("303"), let new = event.item?["nick"]?.nonEmpty {
        if let before { scene.people.note(before, at: "\(JID(event.address).bare)/\(new)") }
        return tellRenamed(event, new, &scene)
    }
    if event.isOwn {
        scene.updateRoom(event.room.address) {
            $0.isInside = false
            $0.stay += 1
        }
        if let story = event.room.story, scene.stories[story]?.story.state == .open {
            scene.stories.settle(story, .failed(Cause(why: "the client was sent away", remedy: "")), packet)
        }
    }
    let who = event.isOwn ? "The client" : "\(event.name)"
    let (manner, next) = RoomWords.leaving(event)
    let status = PresenceExtras.status(presence)
    let after = event.isOwn ? next.map { " \($0)" } ?? "" : ""
    return Telling("\(who) \(manner)\(event.reason)\(status)\(after)".collapsingStops)
}

private func tellRenamed(_ event: RoomEvent, _ new: String, _ scene: inout Scene) -> Telling {
    if event.isOwn || (event.nick == event.room.nick && scene.streamKind == .client) {
        scene.updateRoom(event.room.address) { $0.nick = new }
        let set = event.codes.contains("210") ? " The room set that nickname." : ""
        return Telling(
            "In \(event.place) the client is now called \(new.quoted(limit: 60)) instead of \(event.name).\(set)"
        )
    }
    return Telling("In \(event.place) \(event.name) is now called \(new.quoted(limit: 60)).")
}
