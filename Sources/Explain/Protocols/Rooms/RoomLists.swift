import XMLStream
import XMPP

/// Lists by role or affiliation and the changes in them, as moderators, admins and owners ask for them (XEP-0045 sections 8 to 10).
enum RoomLists {
    /// The list that is asked for: `the list of its members`.
    static func name(_ item: Element) -> String {
        switch (item["affiliation"], item["role"]) {
        case ("outcast"?, _): "the list of those who are banned"
        case ("member"?, _): "the list of its members"
        case ("admin"?, _): "the list of its admins"
        case ("owner"?, _): "the list of its owners"
        case ("none"?, _): "the list of those without an affiliation"
        case (_, "moderator"?): "the list of its moderators"
        case (_, "participant"?): "the list of those who may speak"
        case (_, "visitor"?): "the list of those who may not speak"
        case let (affiliation?, _): "the list of the affiliation \(affiliation.quoted(limit: 40))"
        case let (nil, role?): "the list of the role \(role.quoted(limit: 40))"
        case (nil, nil): "a list that is not named"
        }
    }

    /// Who has the right to a change or a list (XEP-0045 sections 5.1.1 and 5.2.1), for the middle of a sentence.
    static func whoMay(_ query: Element) -> String {
        guard query.namespace == NS.mucAdmin, let item = query.child("item") else { return "an owner of the room" }
        switch (item["affiliation"], item["role"]) {
        case ("owner"?, _), ("admin"?, _): return "an owner of the room"
        case (.some, _): return "an admin or owner of the room"
        case (nil, "moderator"?): return "an admin or owner of the room"
        case (nil, _): return "a moderator of the room"
        }
    }

    /// What a list that came holds, a sentence.
    static func told(_ items: [Element], _ asked: Element?, _ room: String) -> String {
        // Without the question, an entry with role and affiliation may stand in a list of either.
        let sample = asked ?? items.first { $0["affiliation"] == nil || $0["role"] == nil }
        guard let (one, many) = sample.map(kinds) else {
            return items.isEmpty
                ? "\(room) sends a list with nobody in it."
                : "\(room) sends a list of \(items.count) \(items.count == 1 ? "entry" : "entries"): \(People.firstOnes(items.map(who)))."
        }
        if items.isEmpty { return "\(room) has no \(many)." }
        return "\(room) has \(items.count) \(items.count == 1 ? one : many): \(People.firstOnes(items.map(who)))."
    }

    private static func kinds(_ item: Element) -> (one: String, many: String) {
        switch (item["affiliation"], item["role"]) {
        case ("outcast"?, _): ("banned address", "banned addresses")
        case ("member"?, _): ("member", "members")
        case ("admin"?, _): ("admin", "admins")
        case ("owner"?, _): ("owner", "owners")
        case (_, "moderator"?): ("moderator", "moderators")
        case (_, "participant"?): ("participant who may speak", "participants who may speak")
        case (_, "visitor"?): ("visitor who may not speak", "visitors who may not speak")
        case (_, _): ("entry", "entries")
        }
    }

    /// Whom an entry is about.
    static func who(_ item: Element) -> String {
        let nick = item["nick"]?.nonEmpty?.quoted(limit: 60)
        let jid = item["jid"]?.nonEmpty?.shown(limit: 100)
        switch (nick, jid) {
        case let (nick?, jid?): return "\(nick) (\(jid))"
        case let (nick?, nil): return nick
        case let (nil, jid?): return jid
        case (nil, nil): return "somebody unnamed"
        }
    }

    private static let affiliations: Set<String> = ["admin", "member", "none", "outcast", "owner"]
    private static let roles: Set<String> = ["moderator", "none", "participant", "visitor"]

    /// What is wrong with a change; nil if nothing is.
    static func flaw(_ item: Element) -> String? {
        switch (item["affiliation"], item["role"]) {
        case (nil, nil): return "a change names neither role nor affiliation (XEP-0045 section 17.4)."
        case (.some, .some):
            return
                "a change may be of the role or of the affiliation, not of both; the room refuses it with bad-request (XEP-0045 section 17.4)."
        case let (affiliation?, nil):
            guard affiliations.contains(affiliation) else {
                return "there is no affiliation \(affiliation.quoted(limit: 40)) (XEP-0045 section 5.2)."
            }
            return item["jid"]?.nonEmpty == nil
                ? "an affiliation is given to an address, but there is no jid (XEP-0045 section 17.4)." : nil
        case let (nil, role?):
            guard roles.contains(role) else {
                return "there is no role \(role.quoted(limit: 40)) (XEP-0045 section 5.1)."
            }
            return item["nick"]?.nonEmpty == nil
                ? "a role is given to a nickname, but there is no nick (XEP-0045 section 17.4)." : nil
        }
    }

    /// What is done to all of them, behind who does it: `bans troll@evil.example from the room …: "Spam"`.
    static func changes(_ items: [Element], in room: String) -> String {
        let first = items[0]
        let isSame = items.allSatisfy { $0["affiliation"] == first["affiliation"] && $0["role"] == first["role"] }
        guard isSame else {
            let parts = items.prefix(3).map {
                $0["affiliation"] == "none" ? "\(who($0)) loses the affiliation" : "\(who($0)) becomes \(state($0))"
            }
            let more = items.count > 3 ? ", and \(items.count - 3) more" : ""
            return "changes ranks in \(room): \(parts.joined(separator: ", "))\(more)"
        }
        let whom = People.firstOnes(items.map(who))
        let reason =
            items.lazy.compactMap { People.text($0, "reason") }.first.map { ": \($0.quoted(limit: 120))" } ?? ""
        let clause: String
        switch (first["affiliation"], first["role"]) {
        case ("outcast"?, _): clause = "bans \(whom) from \(room)"
        case ("none"?, _): clause = "takes from \(whom) the affiliation with \(room)"
        case ("member"?, _), ("admin"?, _), ("owner"?, _):
            clause = "makes \(whom) \(rank(first["affiliation"] ?? "", items.count)) of \(room)"
        case (_, "none"?): clause = "kicks \(whom) out of \(room)"
        case (_, "visitor"?): clause = "takes from \(whom) the right to speak in \(room)"
        case (_, "participant"?):
            clause = "makes \(whom) \(rank("participant", items.count)), who may speak, in \(room)"
        case (_, "moderator"?): clause = "makes \(whom) \(rank("moderator", items.count)) in \(room)"
        case (_, _): clause = "changes the rank of \(whom) in \(room)"
        }
        return clause + reason
    }

    private static func rank(_ word: String, _ count: Int) -> String {
        count == 1 ? RoomWords.article(word) : "\(word)s"
    }

    private static func state(_ item: Element) -> String {
        switch (item["affiliation"], item["role"]) {
        case ("outcast"?, _): "banned"
        case (_, "none"?) where item["affiliation"] == nil: "somebody who was kicked out"
        case let (affiliation?, _): RoomWords.article(affiliation.shown(limit: 20))
        case let (nil, role?): RoomWords.article(role.shown(limit: 20))
        case (nil, nil): "something that is not named"
        }
    }

    /// What is now so after a change, a sentence without its full stop.
    static func results(_ items: [Element], in room: String) -> String {
        let first = items[0]
        let isSame = items.allSatisfy { $0["affiliation"] == first["affiliation"] && $0["role"] == first["role"] }
        guard isSame else { return "The ranks in \(room) are changed" }
        let whom = People.firstOnes(items.map(who))
        let verb = items.count == 1 ? "is" : "are"
        switch (first["affiliation"], first["role"]) {
        case ("outcast"?, _): return "\(whom) \(verb) banned from \(room) now"
        case ("none"?, _): return "\(whom) \(items.count == 1 ? "has" : "have") no affiliation with \(room) now"
        case ("member"?, _), ("admin"?, _), ("owner"?, _):
            return "\(whom) \(verb) \(rank(first["affiliation"] ?? "", items.count)) of \(room) now"
        case (_, "none"?): return "\(whom) \(verb) kicked out of \(room)"
        case (_, "visitor"?): return "\(whom) may no longer speak in \(room)"
        case (_, "participant"?): return "\(whom) may speak in \(room) now"
        case (_, "moderator"?): return "\(whom) \(verb) \(rank("moderator", items.count)) in \(room) now"
        case (_, _): return "The rank of \(whom) in \(room) is changed"
        }
    }

    /// The change as a thing that is refused: `the ban`, `the kick`.
    static func noun(_ items: [Element]) -> String {
        switch (items.first?["affiliation"], items.first?["role"]) {
        case ("outcast"?, _): "the ban"
        case (nil, "none"?): "the kick"
        case (nil, nil): "the request"
        case (_, _): "the change of ranks"
        }
    }
}
