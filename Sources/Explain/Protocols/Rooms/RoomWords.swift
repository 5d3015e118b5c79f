import XMLStream
import XMPP

/// What roles, affiliations and status codes of rooms mean in a sentence (XEP-0045 sections 5 and 15.6).
enum RoomWords {
    static let affiliations = ["owner": "owner", "admin": "admin", "member": "member", "outcast": "banned"]
    static let roles = [
        "moderator": "moderator", "participant": "participant", "visitor": "visitor, who may not speak",
    ]

    private static let ranks = ["owner": 4, "admin": 3, "member": 2, "none": 1, "outcast": 0]

    /// What became of somebody's role and affiliation, behind their name; empty if both are the same.
    static func changes(from before: PeopleState.Occupant, to now: PeopleState.Occupant) -> String {
        var parts: [String] = []
        if let affiliation = now.affiliation, affiliation != before.affiliation {
            switch affiliation {
            case "none": parts.append("is no longer \(article(affiliations[before.affiliation ?? ""] ?? "affiliated"))")
            case "owner", "admin", "member": parts.append("is now \(article(affiliation))")
            default: break
            }
        }
        if let role = now.role, role != before.role {
            switch role {
            case "moderator": parts.append("is now a moderator")
            case "visitor": parts.append("may no longer speak (visitor)")
            case "participant" where before.role == "visitor": parts.append("may now speak (participant)")
            case "participant": parts.append("is now a participant")
            default: break
            }
        }
        return parts.listed()
    }

    static func article(_ word: String) -> String {
        switch word {
        case "affiliated", "banned": word
        default: "\("aeiou".contains(word.prefix(1)) ? "an" : "a") \(word)"
        }
    }

    /// What the codes say to whoever enters, sentences with a blank before each.
    ///
    /// - Parameter who: who enters, for the middle of a sentence.
    static func toldEntryCodes(_ codes: Set<String>, _ who: String) -> String {
        var text = ""
        if codes.contains("201") { text += " The room did not exist before; \(who) made it." }
        if codes.contains("100") { text += " Everybody in it can see its real address." }
        if codes.contains("170") { text += " What is said there is logged." }
        if codes.contains("210") { text += " The room set the nickname." }
        return text
    }

    /// What the codes say when the room's settings change, clauses behind "The room".
    static let settings: [(code: String, clause: String)] = [
        ("100", "lets everybody in it see the real addresses"),
        ("102", "now shows members who are not in it"),
        ("103", "no longer shows members who are not in it"),
        ("104", "has other settings now"),
        ("170", "is logged from now on"),
        ("171", "is no longer logged"),
        ("172", "is no longer anonymous: everybody in it can see the real addresses"),
        ("173", "is semi-anonymous now: only moderators can see the real addresses"),
        ("174", "is fully anonymous now: nobody can see the real addresses"),
    ]

    /// How somebody left a room, behind their name; and for the one who left what may be done next.
    static func leaving(_ event: RoomEvent) -> (manner: String, next: String?) {
        let place = event.place
        let by = event.actor.map { " by \($0)" } ?? ""
        let codes = event.codes
        switch true {
        case event.destroy != nil: return destroyed(event)
        case codes.contains("301"):
            return ("was banned from \(place)\(by).", "It cannot come back unless an admin or owner lifts the ban.")
        // Servers add 307 to it, which alone would be a kick (XEP-0045 section 9.1).
        case codes.contains("333"):
            return ("was removed from \(place) because of a technical problem.", "It may enter again.")
        case codes.contains("307"): return ("was kicked out of \(place)\(by).", "It may come back.")
        case codes.contains("321"):
            return (
                "had to leave \(place): it is no longer a member.",
                "It can come back once an admin makes it a member again."
            )
        case codes.contains("322"):
            return (
                "had to leave \(place): only members may be in it now.",
                "It can come back once an admin makes it a member."
            )
        case codes.contains("332"): return ("had to leave \(place): its service is shutting down.", nil)
        default: return (event.isOwn ? "is no longer in \(place)." : "has left \(place).", nil)
        }
    }

    private static func destroyed(_ event: RoomEvent) -> (manner: String, next: String?) {
        let reason = People.text(event.destroy, "reason").map { " The reason given: \($0.quoted(limit: 120))." } ?? ""
        let other =
            event.destroy?["jid"]?.nonEmpty.map {
                " It goes on in the room \($0.shown(limit: 100))\(withPassword(event.destroy))."
            } ?? ""
        return ("is no longer in \(event.place): the room was destroyed.\(reason)\(other)", nil)
    }

    static func withPassword(_ element: Element?) -> String {
        element?.child("password") == nil ? "" : ", with a password for it"
    }
}
