import Session
import XMLStream
import XMPP

/// What the client calls itself, from the packets in which it says so.
struct ClientSoftware {
    /// How good a source is: what comes later replaces only what came from a worse one.
    private enum Source: Int {
        /// The address by which a program names itself beside its capabilities (XEP-0115).
        case capabilities = 1
        /// The name of an identity (XEP-0030).
        case identity
        /// What a login says of the program (XEP-0388 section 2.3).
        case userAgent
        /// The answer to the question for it (XEP-0092).
        case version
    }

    /// Safe for a terminal.
    private(set) var name: String?
    private var source: Source?

    /// True if it is told better by this packet of the client's than before.
    mutating func learn(from element: Element) -> Bool {
        switch element.name {
        case "iq" where element["type"] == "result": learn(fromAnswer: element)
        case "presence" where source == nil: learn(fromPresence: element)
        case "authenticate" where element.namespace == NS.sasl2: learn(fromLogin: element)
        default: false
        }
    }

    private mutating func learn(fromAnswer iq: Element) -> Bool {
        guard let query = iq.firstChild() else { return false }
        switch query.namespace {
        case NS.softwareVersion:
            let parts = [
                query.child("name", NS.softwareVersion)?.text, query.child("version", NS.softwareVersion)?.text,
            ]
            return take(parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " "), from: .version)
        case NS.discoInfo:
            let identities = query.children.filter { $0.is("identity", NS.discoInfo) && $0["category"] == "client" }
            return take(identities.lazy.compactMap { $0["name"] }.first ?? "", from: .identity)
        default:
            return false
        }
    }

    private mutating func learn(fromPresence presence: Element) -> Bool {
        guard let node = presence.child("c", NS.capabilities)?["node"] else { return false }
        return take(Self.shortened(node), from: .capabilities)
    }

    private mutating func learn(fromLogin login: Element) -> Bool {
        let agent = login.child("user-agent", NS.sasl2)
        return take(agent?.child("software", NS.sasl2)?.text ?? "", from: .userAgent)
    }

    /// `https://gajim.org` is better read as `gajim.org`.
    private static func shortened(_ node: String) -> String {
        guard let start = node.firstRange(of: "://")?.upperBound else { return node }
        let rest = node[start...]
        return String(rest.hasSuffix("/") ? rest.dropLast() : rest)
    }

    private mutating func take(_ text: String, from source: Source) -> Bool {
        let text = text.shown(limit: 60)
        guard !text.isEmpty, text != name, source.rawValue >= self.source?.rawValue ?? 0 else { return false }
        (name, self.source) = (text, source)
        return true
    }
}
