import Session
import XMLStream
import XMPP

/// A node of publish-subscribe: what stands in it, and where it is.
struct PubsubNode {
    /// Who keeps it.
    enum Holder: Equatable {
        /// The client's own account (XEP-0163).
        case own
        /// An account or a service by its name.
        case other(String)
        /// Nobody knows.
        case unknown
    }

    /// Nil where none is named.
    let name: String?
    let holder: Holder
    /// True where the client itself is the subject of the sentence, so that its account needs no name.
    var isOfSubject = false

    /// What stands in it, by its name; nil for one that means something to its users only.
    var kind: NodeKind? { name.flatMap { NodeKind(of: $0) } }

    /// `node "news"`, which it must have but where its root is meant (XEP-0248).
    var called: String { name.map { "node \($0.quoted(limit: 100))" } ?? "node without a name" }

    /// The node with its place: `the node "news" at pubsub.example`, `the node "x" of the client's own account`.
    var placed: String { "the \(called)\(place)" }

    /// The same where one without a name is the root of all (XEP-0248 section 6).
    var placedOrRoot: String { name == nil ? "the root collection\(place)" : placed }

    /// A node that holds other nodes (XEP-0248).
    var collection: String {
        name.map { "the collection \($0.quoted(limit: 80))\(place)" } ?? "the root collection\(place)"
    }

    /// Where it is, to stand behind its name.
    var place: String {
        switch holder {
        case .own: isOfSubject ? " of its own account" : " of the client's own account"
        case .other(let name): (name.contains("@") || name.hasPrefix("the ") ? " of " : " at ") + name
        case .unknown: ""
        }
    }

    /// Whom one asks: `its account`, `pubsub.example`.
    var asked: String {
        switch holder {
        case .own: "its own account"
        case .other(let name): name
        case .unknown: "the server"
        }
    }

    init(_ name: String?, _ holder: Holder) {
        self.name = name
        self.holder = holder
    }

    /// The node that a stanza is about: of whom a request asks, an answer or an event comes from.
    ///
    /// - Parameter request: what the stanza answers; nil for a request or an event.
    init(_ name: String?, _ stanza: Element, request: Request? = nil, _ packet: Packet, _ scene: Scene) {
        self.name = name?.nonEmpty
        let isRequest = stanza.name == "iq" && (stanza["type"] == "get" || stanza["type"] == "set")
        let party = isRequest ? scene.addressee(of: stanza, in: packet) : scene.speaker(of: stanza, in: packet)
        let address = isRequest ? stanza["to"] : request?.element["to"] ?? stanza["from"]
        if scene.streamKind == .client, party.role == .server {
            holder = address.flatMap(\.nonEmpty)?.contains("@") ?? true ? .own : .other(party.name)
        } else {
            holder = .other(party.name)
        }
        isOfSubject = isRequest && packet.direction == .clientToServer
    }
}

/// What stands in a node whose name is known everywhere.
struct NodeKind {
    /// What one asks for: `mood`, `bookmarks`.
    let noun: String
    var isPlural = false
    /// What an item in it is called by its id, for nodes of many items: `bookmark for the room`.
    var itemNoun: String?
    /// True if the node's name tells better than the item what is in it: the device whose keys they are.
    var namesItem = false

    init?(of node: String) {
        if let known = Self.known[node] {
            self = known
            return
        }
        guard let prefix = Self.prefixes.first(where: { node.hasPrefix($0.prefix) }) else { return nil }
        let rest = String(node.dropFirst(prefix.prefix.count)).shown(limit: 60)
        self = NodeKind(prefix.noun + (rest.isEmpty ? "" : " \(rest)"))
        namesItem = !rest.isEmpty && prefix.namesItem
    }

    private init(_ noun: String, isPlural: Bool = false, item: String? = nil) {
        self.noun = noun
        self.isPlural = isPlural
        itemNoun = item
    }

    private static let prefixes: [(prefix: String, noun: String, namesItem: Bool)] = [
        ("eu.siacs.conversations.axolotl.bundles:", "OMEMO key bundle of the device", true),
        ("urn:xmpp:openpgp:0:public-keys:", "OpenPGP key", true),
        ("urn:xmpp:microblog:0:comments/", "comments on the blog entry", false),
        ("urn:xmpp:pubsub-attachments:1/", "attachments to", false),
        ("fdp/template/", "template of the form", false),
        ("fdp/submitted/", "submitted forms of", false),
    ]

    private static let known: [String: NodeKind] = [
        "http://jabber.org/protocol/mood": NodeKind("mood"),
        "http://jabber.org/protocol/activity": NodeKind("activity"),
        "http://jabber.org/protocol/tune": NodeKind("tune"),
        "http://jabber.org/protocol/geoloc": NodeKind("location"),
        "http://jabber.org/protocol/physloc": NodeKind("location"),
        "http://jabber.org/protocol/nick": NodeKind("nickname"),
        "urn:xmpp:avatar:metadata": NodeKind("avatar description"),
        "urn:xmpp:avatar:data": NodeKind("avatar picture", item: "avatar picture"),
        "storage:bookmarks": NodeKind("bookmarks", isPlural: true),
        "urn:xmpp:bookmarks:1": NodeKind("bookmarks", isPlural: true, item: "bookmark for the room"),
        "urn:xmpp:mds:displayed:0": NodeKind(
            "notes of what was read",
            isPlural: true,
            item: "note of what was read in the chat with"
        ),
        "urn:xmpp:gaming:0": NodeKind("game"),
        "urn:xmpp:viewing:0": NodeKind("video"),
        "urn:xmpp:browsing:0": NodeKind("web page"),
        "urn:xmpp:chatting:0": NodeKind("room"),
        "urn:xmpp:vcard4": NodeKind("vCard"),
        "urn:ietf:params:xml:ns:vcard-4.0": NodeKind("vCard"),
        "urn:xmpp:reach:0": NodeKind("reachability addresses", isPlural: true),
        "urn:xmpp:moved:1": NodeKind("statement of a move"),
        "eu.siacs.conversations.axolotl.devicelist": NodeKind("OMEMO device list"),
        "urn:xmpp:omemo:2:devices": NodeKind("OMEMO device list"),
        "urn:xmpp:omemo:2:bundles": NodeKind(
            "OMEMO key bundles",
            isPlural: true,
            item: "OMEMO key bundle of the device"
        ),
        "urn:xmpp:omemo:1:devices": NodeKind("OMEMO device list"),
        "urn:xmpp:omemo:1:bundles": NodeKind(
            "OMEMO key bundles",
            isPlural: true,
            item: "OMEMO key bundle of the device"
        ),
        "urn:xmpp:openpgp:0:public-keys": NodeKind("OpenPGP key list"),
        "urn:xmpp:openpgp:0:secret-key": NodeKind("backup of the secret OpenPGP key"),
        "urn:xmpp:microblog:0": NodeKind("blog", item: "blog entry"),
        "urn:xmpp:pubsub:subscription": NodeKind("list of subscriptions"),
        "urn:xmpp:pps:subscriptions:0": NodeKind("list of public subscriptions"),
        "urn:xmpp:pps:subscribers:0": NodeKind("list of public subscribers"),
        "urn:xmpp:tmp:profile": NodeKind("profile"),
        "urn:xmpp:stickers:0": NodeKind("sticker packs", isPlural: true, item: "sticker pack"),
        "urn:xmpp:calendar-events:0": NodeKind("calendar events", isPlural: true, item: "calendar event"),
        "urn:xmpp:mix:nodes:participants": NodeKind("participants", isPlural: true, item: "participant"),
        "urn:xmpp:mix:nodes:messages": NodeKind("messages", isPlural: true),
        "urn:xmpp:mix:nodes:presence": NodeKind("participants' presence"),
        "urn:xmpp:mix:nodes:info": NodeKind("description"),
        "urn:xmpp:mix:nodes:config": NodeKind("configuration"),
        "urn:xmpp:mix:nodes:allowed": NodeKind("list of those who may join"),
        "urn:xmpp:mix:nodes:banned": NodeKind("list of those who are banned"),
        "urn:xmpp:mix:nodes:jidmap": NodeKind("real addresses of the participants", isPlural: true),
        "urn:xmpp:serverinfo:0": NodeKind("statement of the server's federation"),
        "urn:xmpp:xid": NodeKind("decentralized ID"),
        "urn:xmpp:xid:revoked": NodeKind("revoked decentralized IDs", isPlural: true),
    ]
}
