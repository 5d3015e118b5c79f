import Session
import XMLStream
import XMPP

extension NS {
    static let mucAdmin = "http://jabber.org/protocol/muc#admin"
    static let mucOwner = "http://jabber.org/protocol/muc#owner"
    static let hats = "urn:xmpp:hats:0"
    static let occupantID = "urn:xmpp:occupant-id:0"
    /// Affiliations by versions (XEP-0463).
    static let affiliationVersions = "urn:xmpp:muc:affiliations:1"
}

extension ProtocolEntry {
    /// Rooms for many (XEP-0045).
    static let rooms: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0045",
            "Multi-User Chat",
            [NS.muc, NS.mucUser, NS.mucAdmin, NS.mucOwner]
        )
        entry.codes = [.roomName, .roomNick, .roomChange]
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
    case .message: return element.namespace == NS.mucUser ? tellRoomMessage(element, stanza, packet, &scene) : nil
    case .request: return tellRoomRequest(element, stanza, packet, &scene)
    case .answer(let request): return tellRoomAnswer(element, stanza, request, packet, &scene)
    case .nonza: return nil
    }
}

/// Presence that has to do with a room; nil for any other.
func tellRoomPresence(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard scene.streamKind == .client else { return tellOthersRoomPresence(presence, packet, &scene) }
    switch packet.direction {
    case .clientToServer: return tellClients(presence, packet, &scene)
    case .serverToClient:
        return tellOthersEntering(presence, packet, &scene) ?? tellRoomsPresence(presence, packet, &scene)
    }
}

// MARK: The client

private func tellClients(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let to = presence["to"] else { return nil }
    let jid = JID(to)
    if let join = presence.child("x", NS.muc) { return tellEntering(join, presence, jid, packet, &scene) }
    guard let room = scene.room(of: to) else { return nil }
    let name = room.address.shown(limit: 100)
    let isEntering = room.story.flatMap { scene.stories[$0] }?.story.state == .open
    switch presence["type"] {
    case "unavailable"?:
        scene.updateRoom(to) {
            $0.isInside = false
            $0.stay += 1
        }
        let says = PresenceExtras.status(presence)
        return Telling("The client leaves the room \(name).\(says)".collapsingStops)
    case nil:
        guard let nick = jid.resource, !nick.isEmpty else { return nil }
        let extras = PresenceExtras.told(presence, packet, &scene)
        if !room.isInside, room.stay > 0, !isEntering, !scene.beginsInMiddle {
            let text =
                "The client sends its presence to the room \(name), in which it is not; by the form before XEP-0045 that asks to enter it."
            return Telling(text, extras.findings)
        }
        if let own = room.nick, own != nick {
            scene.updateRoom(to) { $0.wanted = (nick, presence["id"]) }
            let text =
                "The client wants to be called \(nick.quoted(limit: 60)) instead of \(own.quoted(limit: 60)) in the room \(name)."
            return Telling(text, extras.findings)
        }
        let says = PresenceExtras.status(presence)
        let text =
            "The client tells the room \(name) what it is doing: it is \(PresenceExtras.state(presence)).\(says)\(extras.text)"
        return Telling(text.collapsingStops, extras.findings)
    case .some: return nil
    }
}

private func tellEntering(
    _ join: Element,
    _ presence: Element,
    _ jid: JID,
    _ packet: Packet,
    _ scene: inout Scene
) -> Telling {
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
    let before = scene.room(of: jid.bare)
    let again = before?.isInside == true || (before?.stay ?? 0) > 0 ? " again" : ""
    let extras = PresenceExtras.told(presence, packet, &scene)
    findings += extras.findings
    let story = scene.stories.begin(.roomJoin, jid.bare.shown(limit: 100), packet)
    scene.updateRoom(jid.bare) { room in
        room.nick = nick.isEmpty ? nil : nick
        room.story = story
        room.isInside = false
        room.stay += 1
    }
    let called = nick.isEmpty ? "" : " as \(nick.quoted(limit: 60))"
    return Telling(
        "The client asks to enter the room \(jid.bare.shown(limit: 100))\(again)\(called)\(wishes(join))\(scene.cite("XEP-0045")).\(extras.text)",
        findings
    )
}

/// Somebody else than the client who asks to enter a room; nil for any other presence.
func tellOthersEntering(_ presence: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let join = presence.child("x", NS.muc), presence["type"] == nil, let to = presence["to"]?.nonEmpty,
        scene.streamKind != .client || scene.addressee(of: presence, in: packet).role != .client
    else { return nil }
    let jid = JID(to)
    scene.people.note(category: "conference", of: jid.bare)
    let called = jid.resource.map { " as \($0.quoted(limit: 60))" } ?? ""
    let speaker = scene.speaker(of: presence, in: packet).start
    return Telling(
        "\(speaker) asks to enter \(Party(.room, jid.bare).name)\(called)\(wishes(join))\(scene.cite("XEP-0045"))."
    )
}

/// What stands in the wish to enter: a password, how much of what was said before, the list of affiliations.
private func wishes(_ join: Element) -> String {
    let with = join.child("password", NS.muc) == nil ? "" : ", with a password"
    return with + history(join) + affiliations(join)
}

/// How much of what was said before the client wants (XEP-0045 section 7.2.14), a clause.
private func history(_ join: Element) -> String {
    guard let history = join.child("history") else { return "" }
    if history["maxchars"] == "0" || history["maxstanzas"] == "0" { return ", and wants no earlier messages" }
    let limits = [
        history["maxstanzas"].flatMap { Int($0) }.map { "at most \(counted($0, "earlier message"))" },
        history["maxchars"].flatMap { Int($0) }.map {
            "earlier messages of at most \(counted($0, "character")) in all"
        },
        history["seconds"].flatMap { Int($0) }.map { "those of the last \(People.duration($0))" },
        history["since"].map { "those since \(Say.time($0))" },
    ].compactMap { $0 }
    guard let first = limits.first else { return "" }
    let isAlone = history["maxstanzas"] == nil && history["maxchars"] == nil
    let rest = limits.dropFirst().map { ", of \($0)" }.joined()
    return isAlone
        ? ", and asks for the earlier messages, \(limits.joined(separator: ", "))" : ", and asks for \(first)\(rest)"
}

/// The list of affiliations, or what changed in it (XEP-0463).
private func affiliations(_ join: Element) -> String {
    guard let versions = join.child("mav") else { return "" }
    guard let since = versions["since"] else { return ", and asks for the list of affiliations" }
    return ", and asks which affiliations changed since version \(since.shown(limit: 40))"
}

extension FindingCode {
    static let roomName = warning(
        "room.name.missing",
        "XEP-0045 section 7.2.1",
        "A room's address has a name before the @. Without one the presence goes to the service itself."
    )
    static let roomChange = warning(
        "room.change",
        "XEP-0045 section 17.4",
        "A change is either of an affiliation, which belongs to an address, or of a role, which belongs to a nickname. Rooms refuse one that is neither or both, or that names nobody."
    )
    static let roomNick = warning(
        "room.nick.missing",
        "XEP-0045 section 7.2.1",
        "Whoever enters a room must give a nickname as the resource of the address."
    )
}
