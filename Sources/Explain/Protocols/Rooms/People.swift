import Session
import XMLStream
import XMPP

/// Words that the protocols of this family share.
enum People {
    /// The first ones, and how many more there are: `a, b and c`, `a, b, c and 4 more`.
    static func firstOnes(_ items: [String], limit: Int = 3) -> String {
        if items.count <= limit { return items.listed() }
        return items.prefix(limit).joined(separator: ", ") + " and \(items.count - limit) more"
    }

    /// A span for people, by its two greatest units: `15 minutes and 3 seconds`.
    static func duration(_ seconds: Int) -> String {
        let units = [("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)]
        var rest = seconds
        var parts: [String] = []
        for (name, size) in units {
            let count = rest / size
            rest %= size
            if count > 0 { parts.append(counted(count, name)) } else if !parts.isEmpty { break }
            if parts.count == 2 { break }
        }
        return parts.isEmpty ? "0 seconds" : parts.listed()
    }

    /// The text of a child, without the white space around it; nil if there is none.
    static func text(_ element: Element?, _ child: String) -> String? {
        element?.child(child)?.text.trimmed.nonEmpty
    }

    /// An address that was given, or that none was.
    static func address(_ jid: String?, or missing: String = "an address that is missing") -> String {
        jid.flatMap(\.nonEmpty)?.shown(limit: 100) ?? missing
    }

    /// A request that was refused, or that never arrived.
    ///
    /// - Parameters:
    ///   - does: what the asked one does not do: `does not tell its time`.
    ///   - noun: what did not arrive: `the question for the time`.
    ///   - why: what the condition means here, a clause; nil for its general meaning. The protocol's own condition is told before it.
    ///   - remedy: sentences.
    static func refusal(
        _ iq: Element,
        _ packet: Packet,
        _ scene: Scene,
        does: String,
        noun: String,
        why: (StanzaErrorCondition?) -> String? = { _ in nil },
        remedy: (StanzaErrorCondition?) -> String? = { _ in nil }
    ) -> Telling {
        let speaker = scene.speaker(of: iq, in: packet)
        guard let error = StanzaError(of: iq) else {
            return Telling("\(speaker.start) \(does), without giving any reason.", [StanzaError.missingFinding])
        }
        if packet.direction == .serverToClient, speaker.role != .server, error.isOfDelivery {
            let text = "\(capitalized(noun)) could not be delivered to \(speaker.name): \(error.told).\(error.says)"
            return Telling(text.collapsingStops, error.findings)
        }
        let own = error.special == nil ? why(error.known) : nil
        let cause = own.map { "\($0)\(error.bracketedName)" } ?? error.told
        let help = (error.special == nil ? remedy(error.known) : nil).map { " \($0)" } ?? ""
        return Telling("\(speaker.start) \(does): \(cause).\(error.says)\(help)".collapsingStops, error.findings)
    }
}

/// What is known of others on a connection beside who they are: for capabilities, occupants, kinds of services.
struct PeopleState {
    /// A hash of capabilities that somebody announced (XEP-0115, XEP-0390).
    struct Capabilities {
        /// The packet that announced it first.
        let packet: Int
        /// The hash function as it was named; nil for the format before hashes.
        let hash: String?
        /// The packet that told what stands behind it, and whether that fitted.
        var answer: (packet: Int, fits: Bool)?
    }

    /// An occupant as they were told last.
    struct Occupant {
        let role: String?
        let affiliation: String?
        let show: String
        let status: String
        /// Which stay of the client's in the room it was seen in.
        let stay: Int
    }

    /// By what a question for them names as the node.
    private(set) var capabilities: [String: Capabilities] = [:]
    /// The hash that each address announced last.
    private var lastOf: [String: String] = [:]
    /// By the occupant's address.
    private(set) var occupants: [String: Occupant] = [:]
    /// The categories of services, by their addresses in small letters (XEP-0030).
    private var categories: [String: String] = [:]

    /// No real client meets more; a hostile peer shall not cost much.
    private static let limit = 8192

    /// Notes a hash. Returns what was known of it before, or nil; and whether that address said the same the last time.
    mutating func announce(_ node: String, hash: String?, by address: String, _ packet: Int)
        -> (known: Capabilities?, isRepeated: Bool)
    {
        let known = capabilities[node]
        let isRepeated = lastOf[address] == node
        if known == nil, capabilities.count < Self.limit {
            capabilities[node] = Capabilities(packet: packet, hash: hash)
        }
        if isRepeated || lastOf.count < Self.limit || lastOf[address] != nil { lastOf[address] = node }
        return (known, isRepeated)
    }

    /// What that address announced last.
    func lastAnnounced(by address: String) -> String? { lastOf[address] }

    mutating func answer(_ node: String, _ packet: Int, fits: Bool) {
        capabilities[node]?.answer = (packet, fits)
    }

    mutating func note(_ occupant: Occupant, at address: String) {
        if occupants.count < Self.limit || occupants[address] != nil { occupants[address] = occupant }
    }

    @discardableResult
    mutating func forget(_ address: String) -> Occupant? { occupants.removeValue(forKey: address) }

    mutating func note(category: String, of address: String) {
        let key = address.addressKey
        if categories.count < Self.limit || categories[key] != nil { categories[key] = category }
    }

    func category(of address: String) -> String? { categories[address.addressKey] }
}
