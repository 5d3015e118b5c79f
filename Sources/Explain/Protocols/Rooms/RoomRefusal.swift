import Session
import XMLStream
import XMPP

/// A room that refuses presence: to enter, another nickname, or a state (XEP-0045 sections 7.2 and 7.6).
///
/// - Parameter whom: who is refused, for the middle of a sentence.
func tellRoomRefusal(
    _ event: RoomEvent,
    _ presence: Element,
    whom: String,
    _ packet: Packet,
    _ scene: inout Scene
) -> Telling {
    guard let error = StanzaError(of: presence) else {
        return tellMissingError(scene.speaker(of: presence, in: packet))
    }
    // What is refused may be repeated: muc's <x/> with another nickname than the own one, and no wish for that one, is about entering.
    let isOfWanted =
        event.room.wanted.map { $0.nick == event.nick || ($0.id != nil && $0.id == presence["id"]) } ?? false
    let repeatsEntering = presence.child("x", NS.muc) != nil && event.nick != event.room.nick && !isOfWanted
    let isEntering = !event.room.isInside || repeatsEntering
    // The same conditions refuse a nickname to who is inside; the others say something else then.
    let isOfNick = error.known == .conflict || error.known == .notAcceptable
    let cause = isEntering ? refusalOfEntering(error, event, whom) : isOfNick ? refusalOfNick(error) : error.cause
    if isEntering, let story = event.room.story {
        scene.stories.settle(story, .failed(cause), packet)
        scene.updateRoom(event.room.address) { $0.story = nil }
    }
    let start: String
    if error.isOfDelivery {
        start = "The presence of \(whom) did not reach \(event.place)"
    } else if isEntering {
        start = "The \(event.place.withoutArticle) does not let \(whom) in"
    } else {
        start =
            "The \(event.place.withoutArticle) refuses \(whom == "the client" ? "the client's presence" : "the presence of \(whom)")"
    }
    let remedy = cause.remedy.isEmpty ? "" : " \(cause.remedy)"
    return Telling("\(start): \(cause.why).\(error.says)\(remedy)".collapsingStops, error.findings)
}

/// What the condition means for somebody who wants another nickname (XEP-0045 section 7.6).
private func refusalOfNick(_ error: StanzaError) -> Cause {
    let why =
        error.known == .conflict
        ? "the new nickname is in use or reserved" : "nicknames may not be changed there"
    return Cause(why: "\(why)\(error.bracketedName)", remedy: "")
}

/// What the condition means for somebody who wants to enter (XEP-0045 section 7.2).
private func refusalOfEntering(_ error: StanzaError, _ event: RoomEvent, _ whom: String) -> Cause {
    let (why, remedy): (String, String) =
        switch error.known {
        case .notAuthorized?: ("it wants a password, and none or a wrong one was given", "Give the room's password.")
        case .registrationRequired?: ("only members may enter", "Ask an admin or owner of the room for membership.")
        case .forbidden?: ("\(whom) is banned from it", "An admin or owner of the room can lift the ban.")
        case .itemNotFound?: ("it does not exist, or is locked until its owner has configured it", "")
        case .notAllowed?:
            ("\(whom) may not make new rooms there", "Choose a room that exists, or ask the service's operator.")
        case .notAcceptable?:
            (
                "the nickname \(event.name) is not accepted, often because another one is reserved",
                "Enter under the reserved nickname."
            )
        case .conflict?: ("the nickname \(event.name) is in use or reserved", "Choose another one.")
        case .serviceUnavailable?: ("it is full, or the service is not to be had", "Try again later.")
        case .jidMalformed?:
            ("the room's name or the nickname is missing or not valid", "Enter as ROOM@SERVICE/NICKNAME.")
        case .gone?: ("it was destroyed, or moved to another address", "")
        case .resourceConstraint?: ("there is no room for more at present", "Try again later.")
        case .badRequest?, .featureNotImplemented?, .internalServerError?, .paymentRequired?, .policyViolation?,
            .recipientUnavailable?, .redirect?, .remoteServerNotFound?, .remoteServerTimeout?, .subscriptionRequired?,
            .undefinedCondition?, .unexpectedRequest?, nil:
            (error.specialMeaning ?? error.meaning, "")
        }
    return Cause(why: "\(why)\(error.bracketedName)", remedy: remedy)
}
