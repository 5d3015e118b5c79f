import XMLStream
import XMPP

/// A form in an answer of service discovery that says more of who answers (XEP-0128).
enum DiscoveryForm {
    /// A sentence or a few; nil if there is nothing in it that is known.
    static func told(_ form: DataForm, _ it: String) -> String? {
        switch form.formType {
        case "http://jabber.org/protocol/muc#roominfo"?: return roomInfo(form)
        case "http://jabber.org/network/serverinfo"?:
            return [contacts(form), serverInfo(form)].compactMap { $0 }.joined(separator: " ").nonEmpty
        case "urn:xmpp:dataforms:softwareinfo"?: return software(form, it)
        case "urn:xmpp:sos:0"?: return outages(form)
        case "urn:xmpp:http:upload:0"?: return upload(form)
        case "http://jabber.org/protocol/pubsub#meta-data"?: return node(form)
        case "urn:xmpp:crl:0"?: return rating(form, it)
        case "urn:xmpp:spaces:0"?: return space(form, it)
        default: return nil
        }
    }

    /// How an entity rates what it holds (XEP-0456).
    private static func rating(_ form: DataForm, _ it: String) -> String? {
        let labels =
            form.fields.first { $0.name == "urn:xmpp:crl:0#simple-labels" }?.values.filter { !$0.isEmpty } ?? []
        return labels.isEmpty
            ? nil : "\(it) rates its content: \(People.firstOnes(labels.map { $0.quoted(limit: 80) }))."
    }

    /// The group of rooms to which it belongs (XEP-0503).
    private static func space(_ form: DataForm, _ it: String) -> String? {
        value(form, "parent").map { "\(it) belongs to the space \($0.shown(limit: 120))." }
    }

    private static func value(_ form: DataForm, _ name: String) -> String? { form.value(name)?.trimmed.nonEmpty }

    // MARK: Rooms

    /// What a room says of itself (XEP-0045 section 6.4).
    private static func roomInfo(_ form: DataForm) -> String? {
        var parts: [String] = []
        if let text = value(form, "muc#roominfo_description") ?? value(form, "muc#roomconfig_roomdesc") {
            parts.append("description \(text.quoted(limit: 80))")
        }
        if let subject = value(form, "muc#roominfo_subject") { parts.append("subject \(subject.quoted(limit: 80))") }
        if let count = value(form, "muc#roominfo_occupants").flatMap({ Int($0) }) {
            parts.append(counted(count, "occupant"))
        }
        if let name = value(form, "muc#roomconfig_roomname") { parts.append("name \(name.quoted(limit: 60))") }
        if let language = value(form, "muc#roominfo_lang") { parts.append("language \(language.shown(limit: 20))") }
        if let activity = value(form, "{urn:xmpp:muc-activity}message-activity") {
            parts.append("\(activity.shown(limit: 20)) messages an hour")
        }
        if let hash = value(form, "muc#roominfo_avatarhash") { parts.append("avatar \(hash.shown(limit: 8))") }
        return parts.isEmpty ? nil : capitalized("\(parts.prefix(4).joined(separator: "; ")).")
    }

    // MARK: Servers

    /// Whom to turn to (XEP-0157).
    private static func contacts(_ form: DataForm) -> String? {
        let purposes = [
            ("abuse-addresses", "abuse"), ("security-addresses", "security problems"),
            ("admin-addresses", "the administrators"),
            ("support-addresses", "support"), ("feedback-addresses", "feedback"), ("sales-addresses", "sales"),
            ("status-addresses", "its status"),
        ]
        let known = purposes.compactMap { name, purpose -> String? in
            guard let first = value(form, name) else { return nil }
            return "for \(purpose) \(withoutScheme(first))"
        }
        return known.isEmpty ? nil : "Contact addresses: \(People.firstOnes(known))."
    }

    /// Where a server publishes what it says of itself (XEP-0485), and by which ports it is reached (XEP-0128).
    private static func serverInfo(_ form: DataForm) -> String? {
        let node = value(form, "serverinfo-pubsub-node").map {
            "It publishes facts about itself at \($0.shown(limit: 120))."
        }
        let ports = [("c2s_port", "clients"), ("c2s_port_ssl", "clients by TLS")].compactMap { name, whom in
            value(form, name).map { "\($0.shown(limit: 10)) for \(whom)" }
        }
        let reached = ports.isEmpty ? nil : "Its ports: \(ports.listed())."
        return [node, reached].compactMap { $0 }.joined(separator: " ").nonEmpty
    }

    private static func withoutScheme(_ address: String) -> String {
        for scheme in ["mailto:", "xmpp:"] where address.hasPrefix(scheme) {
            return String(address.dropFirst(scheme.count)).shown(limit: 80)
        }
        return address.shown(limit: 80)
    }

    /// Which program it is (XEP-0232).
    private static func software(_ form: DataForm, _ it: String) -> String? {
        let program = [value(form, "software"), value(form, "software_version")].compactMap { $0?.shown(limit: 60) }
        let system = [value(form, "os"), value(form, "os_version")].compactMap { $0?.shown(limit: 60) }
        switch (program.isEmpty, system.isEmpty) {
        case (true, true): return nil
        case (true, false): return "\(it) runs on \(system.joined(separator: " "))."
        case (false, true): return "The program is \(program.joined(separator: " "))."
        case (false, false):
            return "The program is \(program.joined(separator: " ")) on \(system.joined(separator: " "))."
        }
    }

    /// Where to look when it does not answer (XEP-0455).
    private static func outages(_ form: DataForm) -> String? {
        guard let address = value(form, "external-status-addresses") else { return nil }
        return "Outages are announced at \(address.shown(limit: 100))."
    }

    private static func upload(_ form: DataForm) -> String? {
        guard let size = value(form, "max-file-size").flatMap({ Int($0) }) else { return nil }
        return "Files may have at most \(inThousands(size)) bytes."
    }

    /// What a node of publish-subscribe says of itself (XEP-0060 section 5.4).
    private static func node(_ form: DataForm) -> String? {
        let parts = [
            value(form, "pubsub#title").map { "title \($0.quoted(limit: 60))" },
            value(form, "pubsub#description").map { "description \($0.quoted(limit: 80))" },
            value(form, "pubsub#owner").map { "owner \($0.shown(limit: 80))" },
        ].compactMap { $0 }
        return parts.isEmpty ? nil : capitalized("\(parts.joined(separator: "; ")).")
    }
}
