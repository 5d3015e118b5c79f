import XMPP

/// What the things of service discovery are called in a sentence.
enum DiscoveryWords {
    /// An identity by its category and type (the registrar's list of identities).
    ///
    /// - Parameter address: whose identity it is, if that is known.
    static func kind(_ category: String, _ type: String, _ address: String?) -> String {
        if category == "conference", type == "text" {
            guard let address else { return "a chat room or a service of them" }
            return address.contains("@") ? "a chat room" : "a service of chat rooms"
        }
        if let known = kinds["\(category)/\(type)"] { return known }
        switch category {
        case "client" where !type.isEmpty: return "a client of the type \(type.quoted(limit: 30))"
        case "gateway" where !type.isEmpty: return "a gateway to \(gateways[type] ?? type.shown(limit: 30))"
        case "": return "something of no named kind"
        default:
            let named = [category, type].filter { !$0.isEmpty }.map { $0.shown(limit: 40) }.joined(separator: "/")
            return "of the kind \(named)"
        }
    }

    private static let kinds: [String: String] = [
        "account/registered": "a registered account", "account/anonymous": "an anonymous account",
        "account/admin": "an administrator's account",
        "auth/generic": "a service for authentication", "auth/cert": "a service for authentication by certificates",
        "automation/command-list": "a list of commands", "automation/command-node": "a command",
        "automation/rpc": "a service for remote procedure calls", "automation/soap": "a SOAP service",
        "automation/translation": "a translation service",
        "client/bot": "a bot", "client/console": "a client on a console", "client/game": "a game",
        "client/handheld": "a client on a handheld", "client/pc": "a client on a PC",
        "client/phone": "a client on a phone",
        "client/sms": "a client by SMS", "client/tablet": "a client on a tablet", "client/web": "a web client",
        "collaboration/whiteboard": "a whiteboard",
        "component/archive": "an archive of messages", "component/c2s": "a component for clients",
        "component/generic": "a component", "component/load": "a component that watches the load",
        "component/log": "a component that logs", "component/presence": "a component for presence",
        "component/router": "a router of stanzas", "component/s2s": "a component for other servers",
        "component/sm": "a component for sessions", "component/stats": "a component for statistics",
        "conference/irc": "an IRC channel or network",
        "conference/mix": "a MIX service",
        "directory/chatroom": "a directory of rooms", "directory/group": "a directory of groups",
        "directory/user": "a directory of users", "directory/waitinglist": "a waiting list",
        "headline/newmail": "a service that announces mail", "headline/rss": "a service of RSS headlines",
        "headline/weather": "a weather service",
        "hierarchy/branch": "a branch with items of its own", "hierarchy/leaf": "a leaf without items of its own",
        "proxy/bytestreams": "a proxy for file transfer (SOCKS5)",
        "pubsub/collection": "a collection of nodes", "pubsub/leaf": "a node with items",
        "pubsub/pep": "a personal publishing service (PEP)", "pubsub/service": "a publish-subscribe service",
        "server/im": "an IM server",
        "store/file": "a file store", "store/berkeley": "a data store", "store/ldap": "a data store (LDAP)",
        "store/mysql": "a data store (MySQL)",
    ]

    private static let gateways: [String: String] = [
        "aim": "AIM", "facebook": "Facebook", "gadu-gadu": "Gadu-Gadu", "http-ws": "HTTP", "icq": "ICQ", "irc": "IRC",
        "lcs": "Microsoft Live Communications Server", "mrim": "mail.ru", "msn": "MSN", "myspaceim": "MySpace",
        "ocs": "Microsoft Office Communications Server", "pstn": "the telephone network", "qq": "QQ",
        "sametime": "Lotus Sametime",
        "simple": "SIP (SIMPLE)", "skype": "Skype", "sms": "SMS", "smtp": "mail (SMTP)", "telegram": "Telegram",
        "tlen": "Tlen",
        "xfire": "Xfire", "xmpp": "another XMPP network", "yahoo": "Yahoo",
        "discord": "Discord", "whatsapp": "WhatsApp", "signal": "Signal", "matrix": "Matrix",
        "mattermost": "Mattermost",
    ]

    /// The features of a room that say what it is like (XEP-0045 section 15.3).
    static let roomKinds: [String: String] = [
        "muc_hidden": "hidden", "muc_membersonly": "for members only", "muc_moderated": "moderated",
        "muc_nonanonymous": "non-anonymous (everybody sees the real addresses)", "muc_open": "open to everybody",
        "muc_passwordprotected": "protected by a password", "muc_persistent": "persistent", "muc_public": "public",
        "muc_semianonymous": "semi-anonymous (only moderators see the real addresses)", "muc_temporary": "temporary",
        "muc_unmoderated": "unmoderated", "muc_unsecured": "without a password",
    ]

    /// Features that matter, the most telling ones first.
    static let order: [(namespace: String, words: String)] = [
        ("http://jabber.org/protocol/muc", "rooms (MUC)"), ("urn:xmpp:mix:core:1", "channels (MIX)"),
        ("urn:xmpp:mam:2", "an archive of messages (MAM)"), ("urn:xmpp:carbons:2", "carbons"),
        ("urn:xmpp:blocking", "blocking"), ("urn:xmpp:http:upload:0", "HTTP upload"), ("urn:xmpp:push:0", "push"),
        ("http://jabber.org/protocol/pubsub", "publish-subscribe"), ("jabber:iq:register", "in-band registration"),
        ("jabber:iq:search", "searching"), ("jabber:iq:gateway", "addresses of a gateway"),
        ("http://jabber.org/protocol/bytestreams", "SOCKS5 bytestreams"),
        ("urn:xmpp:extdisco:2", "external services (TURN)"),
        ("urn:xmpp:jingle:apps:rtp:video", "video calls"), ("urn:xmpp:jingle:apps:rtp:audio", "audio calls"),
        ("urn:xmpp:jingle:apps:file-transfer:5", "file transfer"),
        ("urn:xmpp:jingle-message:0", "ringing (Jingle messages)"),
        ("urn:xmpp:jingle:1", "Jingle"), ("urn:xmpp:message-correct:0", "corrections"),
        ("urn:xmpp:reactions:0", "reactions"),
        ("urn:xmpp:reply:0", "replies"), ("urn:xmpp:message-retract:1", "retractions"),
        ("urn:xmpp:message-moderate:1", "moderation"), ("urn:xmpp:occupant-id:0", "occupant ids"),
        ("urn:xmpp:hats:0", "hats"),
        ("http://jabber.org/protocol/muc#self-ping-optimization", "answering self-pings itself"),
        ("http://jabber.org/protocol/muc#stable_id", "stable message ids"),
        ("urn:xmpp:receipts", "delivery receipts"), ("urn:xmpp:chat-markers:0", "read markers"),
        ("http://jabber.org/protocol/chatstates", "chat states"), ("urn:xmpp:sid:0", "stanza ids"),
        ("vcard-temp", "vCards"), ("http://jabber.org/protocol/commands", "commands"),
        ("jabber:iq:privacy", "privacy lists"), ("jabber:iq:roster", "contact lists"),
        ("msgoffline", "offline messages"),
        ("http://jabber.org/protocol/rosterx", "exchange of contacts"), ("urn:xmpp:bob", "bits of binary"),
        ("http://jabber.org/protocol/ibb", "in-band bytestreams"), ("http://jabber.org/protocol/xhtml-im", "XHTML-IM"),
        ("urn:xmpp:cam:0", "client access management"),
        ("jabber:iq:version", "questions for its version"), ("jabber:iq:last", "last activity"),
        ("urn:xmpp:time", "questions for its time"), ("urn:xmpp:ping", "pings"),
        ("jabber:x:conference", "direct invitations to rooms"), ("urn:xmpp:invisible:1", "invisibility"),
        ("urn:xmpp:jingle:apps:rtp:1", "calls by RTP"), ("urn:xmpp:jingle:apps:dtls:0", "media encrypted by DTLS"),
        ("urn:xmpp:jingle:apps:rtp:zrtp:1", "media encrypted by ZRTP"),
        ("urn:xmpp:jingle:transports:ice-udp:1", "ICE"), ("urn:xmpp:jingle:transports:ice:0", "ICE"),
        ("urn:xmpp:jingle:transports:raw-udp:1", "plain UDP for Jingle"),
        ("urn:xmpp:jingle:transports:s5b:1", "SOCKS5 bytestreams for Jingle"),
        ("urn:xmpp:jingle:transports:ibb:1", "in-band bytestreams for Jingle"),
        ("urn:xmpp:jingle:transfer:0", "handing on calls"), ("urn:ietf:rfc:5888", "grouping of media"),
        ("urn:ietf:rfc:5576", "media of several sources"), ("urn:ietf:rfc:3264", "SIP's way of offers"),
        ("urn:xmpp:jingle:apps:rtp:rtcp-fb:0", "RTP feedback"),
        ("urn:xmpp:jingle:apps:rtp:rtp-hdrext:0", "RTP header extensions"), ("jabber:x:data", "forms"),
        ("http://jabber.org/protocol/bytestreams#udp", "bytestreams by UDP"),
        ("http://jabber.org/protocol/rsm", "lists in pages"), ("http://jabber.org/protocol/caps", "capability hashes"),
        ("http://jabber.org/protocol/caps#optimize", "leaving out capability hashes that are known"),
        ("urn:xmpp:caps", "capability hashes 2.0"),
        ("urn:xmpp:caps:optimize", "leaving out capability hashes 2.0 that are known"),
        ("urn:xmpp:caps:gratuitous", "capability hashes 2.0 without presence"),
        ("http://jabber.org/protocol/disco#items", "lists of items"),
        ("http://jabber.org/protocol/disco#info", "discovery"), ("http://jabber.org/protocol/disco", "discovery"),
    ]

    /// Nodes that somebody can want to hear of (XEP-0163), in the plural.
    static let nodes: [(namespace: String, words: String)] = [
        ("eu.siacs.conversations.axolotl.devicelist", "OMEMO device lists"),
        ("urn:xmpp:omemo:2:devices", "OMEMO 2 device lists"), ("urn:xmpp:avatar:metadata", "avatars"),
        ("http://jabber.org/protocol/nick", "nicknames"), ("urn:xmpp:bookmarks:1", "bookmarks"),
        ("storage:bookmarks", "bookmarks (old form)"), ("http://jabber.org/protocol/mood", "moods"),
        ("http://jabber.org/protocol/activity", "activities"), ("http://jabber.org/protocol/tune", "music"),
        ("http://jabber.org/protocol/geoloc", "locations"), ("urn:xmpp:openpgp:0:public-keys", "OpenPGP keys"),
        ("urn:xmpp:microblog:0", "microblogs"), ("urn:xmpp:mds:displayed:0", "read positions"),
        ("urn:xmpp:vcard4", "vCards"),
    ]
}
