import Session
import XMLStream
import XMPP

/// What a client or its server calls itself, from the packets in which it says so.
struct SoftwareSigns {
    private(set) var facts: SoftwareFacts?
    /// The category of the identities that are its own (XEP-0030).
    private let category: String

    init(category: String) { self.category = category }

    /// True if it is told better by this packet, which is its own, than before: what comes later replaces only what came from a
    /// vaguer source.
    mutating func learn(from element: Element) -> Bool {
        switch element.name {
        case "iq" where element["type"] == "result": learn(fromAnswer: element)
        case "presence" where facts == nil && category == "client", "features" where facts == nil:
            learn(fromCapabilities: element)
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
            let identities = query.children.filter { $0.is("identity", NS.discoInfo) && $0["category"] == category }
            return take(identities.lazy.compactMap { $0["name"] }.first ?? "", from: .identity)
        default:
            return false
        }
    }

    private mutating func learn(fromCapabilities element: Element) -> Bool {
        guard let node = element.child("c", NS.capabilities)?["node"] else { return false }
        return take(Self.program(of: node), from: .capabilities)
    }

    private mutating func learn(fromLogin login: Element) -> Bool {
        let agent = login.child("user-agent", NS.sasl2)
        return take(agent?.child("software", NS.sasl2)?.text ?? "", from: .userAgent)
    }

    /// Programs by the addresses that they name themselves by, without the parts that differ from version to version.
    private static let programs = [
        "gajim.org": "Gajim", "dino.im": "Dino", "conversations.im": "Conversations", "psi-im.org": "Psi",
        "pidgin.im": "Pidgin", "prosody.im": "Prosody", "www.process-one.net/en/ejabberd": "ejabberd",
        "camaya.net/gloox": "gloox", "monal-im.org": "Monal", "profanity-im.github.io": "Profanity",
        "slixmpp.com/ver": "slixmpp", "nbxmpp.org": "nbxmpp", "qxmpp.org": "QXmpp",
    ]

    private static func program(of node: String) -> String {
        let address = shortened(node)
        let known = programs.first { address == $0.key || address.hasPrefix($0.key + "/") }
        return known?.value ?? address
    }

    /// `https://gajim.org` is better read as `gajim.org`.
    private static func shortened(_ node: String) -> String {
        guard let start = node.firstRange(of: "://")?.upperBound else { return node }
        let rest = node[start...]
        return String(rest.hasSuffix("/") ? rest.dropLast() : rest)
    }

    private mutating func take(_ text: String, from grounds: SoftwareFacts.Grounds) -> Bool {
        let text = text.shown(limit: 60)
        let order = SoftwareFacts.Grounds.allCases
        guard !text.isEmpty, text != facts?.name,
            order.firstIndex(of: grounds) ?? 0 >= facts.flatMap({ order.firstIndex(of: $0.grounds) }) ?? 0
        else { return false }
        facts = SoftwareFacts(name: text, grounds: grounds)
        return true
    }
}
