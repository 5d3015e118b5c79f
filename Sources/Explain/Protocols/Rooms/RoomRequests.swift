import Session
import XMLStream
import XMPP

/// What admins and owners do with a room by requests (XEP-0045 sections 8 to 10).

func tellRoomRequest(_ query: Element, _ iq: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    let speaker = scene.speaker(of: iq, in: packet).start
    let room = roomName(iq["to"], scene.addressee(of: iq, in: packet))
    switch (query.namespace, iq["type"]) {
    case (NS.mucAdmin, "get"?):
        guard let item = query.child("item") else { return nil }
        return Telling("\(speaker) asks \(room) for \(RoomLists.name(item)).")
    case (NS.mucAdmin, "set"?):
        let items = query.children.filter { $0.name == "item" }
        guard !items.isEmpty else {
            return Telling(
                "\(speaker) asks \(room) to change ranks, but names nobody.",
                [Finding(.roomChange, "there is no <item/>, so there is nothing to change (XEP-0045 section 9).")]
            )
        }
        return Telling(
            "\(speaker) \(RoomLists.changes(items, in: room)).".collapsingStops,
            items.lazy.compactMap(RoomLists.flaw).prefix(1).map { Finding(.roomChange, $0) }
        )
    case (NS.mucOwner, "get"?):
        return Telling("\(speaker) asks \(room) for its settings, to change them.")
    case (NS.mucOwner, "set"?): return tellOwner(query, speaker, room)
    default: return nil
    }
}

/// Of a room that is known as one, or not yet.
private func roomName(_ address: String?, _ party: Party) -> String {
    guard party.role != .server, let address = address?.nonEmpty else { return party.name }
    return Party(.room, JID(address).bare).name
}

private func tellOwner(_ query: Element, _ speaker: String, _ room: String) -> Telling? {
    if let destroy = query.child("destroy") {
        let reason = People.text(destroy, "reason").map { ": \($0.quoted(limit: 120))" } ?? ""
        let other =
            destroy["jid"]?.nonEmpty.map {
                ", and sends everybody to the room \($0.shown(limit: 100))\(RoomWords.withPassword(destroy))"
            } ?? ""
        return Telling("\(speaker) destroys \(room)\(other)\(reason).".collapsingStops)
    }
    guard let form = query.child("x", NS.dataForms).map({ DataForm($0) }) else { return nil }
    if form.type == "cancel" {
        return Telling(
            "\(speaker) cancels the form of the settings of \(room); a room that is new is given up by that."
        )
    }
    let settings = RoomSettings.told(form)
    if form.fields.allSatisfy({ $0.name == "FORM_TYPE" }) {
        return Telling("\(speaker) takes the default settings for \(room), which opens it if it is new.")
    }
    let what = settings.isEmpty ? "" : ": \(settings)"
    return Telling("\(speaker) sets up \(room)\(what).".collapsingStops)
}

// MARK: Answers

func tellRoomAnswer(_ query: Element, _ iq: Element, _ request: Request?, _ packet: Packet, _ scene: inout Scene)
    -> Telling?
{
    let asked = request?.element.firstChild()
    if iq["type"] == "error" { return tellError(asked ?? query, request, iq, packet, scene) }
    let room = roomName(iq["from"], scene.speaker(of: iq, in: packet))
    switch query.namespace {
    case NS.mucAdmin:
        let isSet = request?.element["type"] == "set"
        if isSet, let asked {
            let items = asked.children.filter { $0.name == "item" }
            return items.isEmpty ? nil : Telling("\(RoomLists.results(items, in: room)).")
        }
        guard iq.child("query", NS.mucAdmin) != nil else { return nil }
        return Telling(
            RoomLists.told(query.children.filter { $0.name == "item" }, asked?.child("item"), capitalized(room))
        )
    case NS.mucOwner:
        if let x = iq.child("query", NS.mucOwner)?.child("x", NS.dataForms) {
            let settings = RoomSettings.told(DataForm(x))
            let now = settings.isEmpty ? "" : "; now: \(settings)"
            return Telling("\(capitalized(room)) gives the form of its settings\(now).".collapsingStops)
        }
        guard let asked, let request else { return nil }
        if request.element["type"] == "get" {
            return Telling("\(capitalized(room)) has no settings that could be changed.")
        }
        if asked.child("destroy") != nil { return Telling("\(capitalized(room)) is destroyed.") }
        let form = asked.child("x", NS.dataForms)
        if form?["type"] == "cancel" { return Telling("\(capitalized(room)) keeps its settings.") }
        return Telling("The settings of \(room) are stored.")
    default: return nil
    }
}

private func tellError(_ asked: Element, _ request: Request?, _ iq: Element, _ packet: Packet, _ scene: Scene)
    -> Telling?
{
    guard request != nil || asked.firstChild != nil else { return nil }
    let isGet = request?.element["type"] == "get"
    let items = asked.children.filter { $0.name == "item" }
    let what: String
    switch (asked.namespace, isGet) {
    case (NS.mucAdmin, true): what = items.first.map { "to give \(RoomLists.name($0))" } ?? "the request"
    case (NS.mucAdmin, false): what = RoomLists.noun(items)
    case (NS.mucOwner, true): what = "to give its settings"
    case (NS.mucOwner, false): what = asked.child("destroy") != nil ? "to be destroyed" : "the new settings"
    default: return nil
    }
    let number = request.map { " of \(padded($0.number))" } ?? ""
    let of = what.hasPrefix("to ") ? "" : number
    return People.refusal(iq, packet, scene, does: "refuses \(what)\(of)", noun: "the request\(number)") { condition in
        switch condition {
        case .forbidden?: "who asks may not do that, but \(RoomLists.whoMay(asked)) may"
        case .notAllowed?: "the one it is about has too high a rank for that, or the one who asks too low a one"
        case .conflict?: "an owner may not take the last owner's rank, and nobody can ban themselves"
        case .itemNotFound?: "there is no such room, or nobody of that name in it"
        case .notAcceptable?:
            asked.namespace == NS.mucOwner ? "the settings contradict each other or the service's rules" : nil
        default: nil
        }
    }
}
