import XMLStream
import XMPP

/// What the values of a recording are now: names, domains, resources, ids.
///
/// It maps whole values and addresses, never parts of a text: a message that happens to hold a user's name keeps it.
public struct ValueMap: Sendable, Equatable {
    /// Values that were made up by a server or set by the user: recorded → now, wherever they are a whole value.
    private var values: [String: String] = [:]
    /// The ids of requests that the other side made, for the answers to them.
    private var requests: [String: String] = [:]
    /// Domain names: recorded → now.
    private var domains: [String: String] = [:]
    /// User names by the recorded name.
    private var users: [String: String] = [:]
    /// Addresses in the web: recorded → now, without their schemes. They stand in the midst of texts too.
    private var links: [Link] = []
    /// Passwords: recorded → now.
    private var passwords: [String: String] = [:]
    /// Resources by the recorded bare JID and resource.
    private var resources: [JID: String] = [:]
    /// Fields of registrations and forms by their names.
    private var fields: [String: String] = [:]

    private struct Link: Sendable, Equatable {
        let recorded: String
        let now: String

        /// Nil unless both are addresses in the web.
        init?(_ recorded: String, _ now: String) {
            guard recorded.hasPrefix("https://") || recorded.hasPrefix("http://"),
                let start = recorded.firstRange(of: "://"), let end = now.firstRange(of: "://")
            else { return nil }
            self.recorded = String(recorded[start.lowerBound...])
            self.now = String(now[end.lowerBound...])
        }
    }

    /// A recording has some; each text is searched for all of them.
    private static let linkLimit = 256

    public init() {}

    // MARK: Learning

    public mutating func set(value: String, to now: String) { values[value] = now }
    public mutating func set(request: String, to now: String) { requests[request] = now }
    public mutating func set(domain: String, to now: String) { domains[domain] = now }
    public mutating func set(user: String, to now: String) { users[user] = now }
    public mutating func set(password: String, to now: String) { passwords[password] = now }
    public mutating func set(field: String, to now: String) { fields[field] = now }

    /// An address of a file, such as that of a place to upload to (XEP-0363), is this one now; other values are passed over.
    public mutating func set(link recorded: String, to now: String) {
        guard let link = Link(recorded, now), links.count < Self.linkLimit else { return }
        links.append(link)
    }

    private func withLinks(_ text: String) -> String {
        guard !links.isEmpty, text.contains("://") else { return text }
        return links.reduce(text) { $0.replacing($1.recorded, with: $1.now) }
    }

    /// The session that had the recorded full JID has this one now; its parts are learned too.
    public mutating func set(session recorded: JID, to now: JID) {
        if recorded.domain != now.domain { domains[recorded.domain] = now.domain }
        if let user = recorded.local, let nowUser = now.local, user != nowUser { users[user] = nowUser }
        if let resource = recorded.resource, let nowResource = now.resource {
            resources[JID(recorded.bare + "/" + resource)] = nowResource
        }
    }

    // MARK: Applying

    public func domain(_ recorded: String) -> String { domains[recorded] ?? recorded }
    public func user(_ recorded: String) -> String { users[recorded] ?? recorded }
    public func password(_ recorded: String) -> String { passwords[recorded] ?? recorded }
    public func request(_ recorded: String) -> String { requests[recorded] ?? recorded }

    /// An address as it is now.
    public func jid(_ recorded: JID) -> JID {
        JID(
            local: recorded.local.map(user),
            domain: domain(recorded.domain),
            resource: recorded.resource.map { resources[recorded] ?? $0 }
        )
    }

    /// What a recorded value is to be now, where nothing is known of its place.
    public func value(_ recorded: String) -> String {
        if let known = values[recorded] { return known }
        if recorded.utf8.contains(UInt8(ascii: ":")), !links.isEmpty {
            let linked = withLinks(recorded)
            if linked != recorded { return linked }
        }
        if let known = domains[recorded] { return known }
        if recorded.utf8.contains(UInt8(ascii: "@")), !recorded.contains(where: \.isWhitespace) {
            return jid(JID(recorded)).description
        }
        if recorded.utf8.contains(UInt8(ascii: "/")), let slash = recorded.firstIndex(of: "/"),
            let domain = domains[String(recorded[..<slash])]
        {
            return domain + recorded[slash...]
        }
        return recorded
    }

    /// What a recorded value at that place of a packet is to be now.
    public func value(_ recorded: String, at slot: ValueSlot) -> String {
        guard slot.attribute == nil else { return value(recorded) }
        let name = slot.element == "value" ? slot.field ?? slot.element : slot.element
        if let known = fields[name] { return known }
        switch name {
        case "username", "local", "localpart": return users[recorded] ?? value(recorded)
        case "password", "old_password", "new_password": return passwords[recorded] ?? value(recorded)
        case "resource": return resources.first { $0.key.resource == recorded }?.value ?? value(recorded)
        case "body", "subject": return values[recorded] ?? withLinks(recorded)
        default: return value(recorded)
        }
    }

    /// A recorded packet as it is to be sent now.
    ///
    /// - Parameter answersRequest: true if the packet answers a request of the other side, whose id it must bear.
    public func rewrite(_ packet: [UInt8], answersRequest: Bool = false) -> [UInt8] {
        ValueRewriter.rewrite(packet) { value in
            if value.slot.depth == 1, value.slot.attribute == "id" {
                return answersRequest ? request(value.text) : values[value.text]
            }
            return self.value(value.text, at: value.slot)
        }
    }
}
