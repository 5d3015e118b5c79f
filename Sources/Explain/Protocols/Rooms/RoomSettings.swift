import XMLStream
import XMPP

/// The settings of a room, by the fields of the form that its owners fill in (XEP-0045 section 15.5.3).
enum RoomSettings {
    private static let yes: Set<String> = ["1", "true"]

    /// What a boolean field means where it is true and where it is false; nil where that is not worth telling.
    private static let switches: [(name: String, on: String, off: String?)] = [
        ("muc#roomconfig_persistentroom", "persistent", "temporary"),
        ("muc#roomconfig_membersonly", "for members only", "open to everybody"),
        ("muc#roomconfig_passwordprotectedroom", "protected by a password", nil),
        ("muc#roomconfig_publicroom", "public", "hidden"),
        ("muc#roomconfig_moderatedroom", "moderated", nil),
        ("muc#roomconfig_enablelogging", "logged", nil),
        ("muc#roomconfig_enablearchiving", "archived", nil),
        ("mam", "archived", nil),
        ("muc#roomconfig_allowinvites", "with invitations by everybody", nil),
        ("muc#roomconfig_changesubject", "with a subject that everybody may change", nil),
        ("muc#roomconfig_forwardmentions", "with mentions sent to members who are not in it", nil),
    ]

    /// The settings that are told in the form, the most telling ones first; empty if none is known.
    static func told(_ form: DataForm) -> String {
        var parts: [String] = []
        if let name = form.value("muc#roomconfig_roomname")?.trimmed.nonEmpty {
            parts.append("called \(name.quoted(limit: 60))")
        }
        for (name, on, off) in switches {
            guard let value = form.value(name)?.trimmed else { continue }
            if yes.contains(value) { parts.append(on) } else if let off { parts.append(off) }
        }
        switch form.value("muc#roomconfig_whois")?.trimmed {
        case "anyone"?: parts.append("real addresses seen by everybody")
        case "moderators"?: parts.append("real addresses seen by moderators only")
        default: break
        }
        if let count = form.value("muc#roomconfig_maxusers").flatMap({ Int($0) }), count > 0 {
            parts.append("at most \(counted(count, "occupant"))")
        }
        if let text = form.value("muc#roomconfig_roomdesc")?.trimmed.nonEmpty {
            parts.append("description \(text.quoted(limit: 60))")
        }
        if let language = form.value("muc#roomconfig_lang")?.trimmed.nonEmpty {
            parts.append("language \(language.shown(limit: 20))")
        }
        let shown = parts.prefix(7).joined(separator: ", ")
        return parts.count > 7 ? "\(shown), and \(parts.count - 7) more" : shown
    }
}
