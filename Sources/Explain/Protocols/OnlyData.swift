import XMLStream
import XMPP

/// Protocols of which stanzatap knows the conditions of their errors and their secrets, but needs no sentences of their own yet.
extension ProtocolEntry {
    /// Publish-subscribe (XEP-0060): its errors say more than the general conditions (section 14).
    static let pubsub: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0060",
            "Publish-Subscribe",
            [
                "http://jabber.org/protocol/pubsub", "http://jabber.org/protocol/pubsub#errors",
                "http://jabber.org/protocol/pubsub#event", "http://jabber.org/protocol/pubsub#owner",
            ]
        )
        entry.conditions = [
            "closed-node": "nobody may subscribe to the node",
            "configuration-required": "the node or the subscription must be configured first",
            "invalid-jid": "the address that is to be subscribed does not fit the sender's",
            "invalid-options": "an option is not valid",
            "invalid-payload": "the content of the item is not of the kind that the node wants",
            "invalid-subid": "the id of the subscription is not valid",
            "item-forbidden": "the node takes no items for this kind of publishing",
            "item-required": "an item is missing in the request",
            "jid-required": "the address of the subscriber is missing in the request",
            "max-items-exceeded": "more items were asked for than the node keeps or gives at once",
            "max-nodes-exceeded": "the account may not have more nodes",
            "nodeid-required": "the name of the node is missing in the request",
            "not-in-roster-group": "only some groups of the owner's contact list may have it",
            "not-subscribed": "the account is not subscribed to the node",
            "payload-required": "the item must have content",
            "payload-too-big": "the item is larger than the node allows",
            "pending-subscription": "the subscription still waits for the owner's approval",
            "precondition-not-met": "the node exists with other settings than the request demands",
            "presence-subscription-required": "only those who may see the owner's presence may have it",
            "subid-required": "the account has several subscriptions, and the request does not say which is meant",
            "too-many-subscriptions": "the account may not have more subscriptions",
            "unsupported": "the service does not support this part of publish-subscribe",
            "unsupported-access-model": "the service does not support that access model",
        ]
        return entry
    }()

    /// Uploading files by HTTP (XEP-0363), in its present and its older namespace.
    static let upload: ProtocolEntry = {
        let both = ["urn:xmpp:http:upload:0", "urn:xmpp:http:upload"]
        var entry = ProtocolEntry("XEP-0363", "HTTP File Upload", both)
        entry.secrets = [
            .attribute("url", of: "put", both[0]), .attribute("url", of: "get", both[0]), .text("header", both[0]),
            .text("put", both[1]), .text("get", both[1]),
        ]
        entry.volatile = [
            .attribute("url", of: "put", both[0]), .attribute("url", of: "get", both[0]), .text("header", both[0]),
            .text("put", both[1]), .text("get", both[1]),
        ]
        entry.conditions = [
            "file-too-large": "the file is larger than the server allows",
            "retry": "the quota is used up for now",
        ]
        return entry
    }()

    /// Ad-hoc commands (XEP-0050).
    static let commands: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0050", "Ad-Hoc Commands", ["http://jabber.org/protocol/commands"])
        entry.conditions = [
            "malformed-action": "the action is not understood",
            "bad-action": "the action cannot be done now",
            "bad-locale": "the command is not to be had in that language",
            "bad-payload": "the form that was sent is not what is wanted",
            "bad-sessionid": "the session of the command is not valid",
            "session-expired": "the session of the command has expired",
        ]
        entry.volatile = [.attribute("sessionid", of: "command", "http://jabber.org/protocol/commands")]
        return entry
    }()

    /// Calls and files between clients (XEP-0166).
    static let jingle: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0166", "Jingle", ["urn:xmpp:jingle:1", "urn:xmpp:jingle:errors:1"])
        entry.conditions = [
            "out-of-order": "the request does not fit what was agreed so far",
            "tie-break": "both sides asked for the same at once",
            "unknown-session": "there is no such session",
            "unsupported-info": "that information is not understood",
            "security-required": "it must be encrypted",
        ]
        entry.volatile = [.attribute("sid", of: "jingle", "urn:xmpp:jingle:1")]
        return entry
    }()

    /// Blocking (XEP-0191).
    static let blocking: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0191", "Blocking Command", ["urn:xmpp:blocking", "urn:xmpp:blocking:errors"])
        entry.conditions = ["blocked": "the sender has blocked the addressee"]
        return entry
    }()

    /// Conditions that several protocols use (XEP-0182).
    static let commonConditions: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0182", "Application-Specific Error Conditions", ["urn:xmpp:errors"])
        entry.conditions = [
            "stanza-too-big": "the stanza is larger than the receiver allows",
            "too-many-stanzas": "too many stanzas were sent in a short time",
        ]
        return entry
    }()

    /// Business cards (XEP-0054 and XEP-0292): all in them is personal.
    static let vCard: ProtocolEntry = {
        let both = ["vcard-temp", "urn:ietf:params:xml:ns:vcard-4.0"]
        var entry = ProtocolEntry("XEP-0054", "vcard-temp", both)
        entry.secrets = both.map { .everything(in: nil, $0) }
        entry.topic = { $0.namespace == both[0] ? "a vCard (XEP-0054)" : "a vCard (XEP-0292)" }
        return entry
    }()

    /// Privacy lists (XEP-0016).
    static let privacy: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0016", "Privacy Lists", [NS.privacy])
        entry.topic = { _ in "privacy lists (XEP-0016)" }
        return entry
    }()

    /// Credentials of relays for calls (XEP-0215).
    static let externalServices: ProtocolEntry = {
        let both = ["urn:xmpp:extdisco:2", "urn:xmpp:extdisco:1"]
        var entry = ProtocolEntry("XEP-0215", "External Service Discovery", both)
        entry.secrets = both.flatMap { [.attribute("username", of: nil, $0), .attribute("password", of: nil, $0)] }
        entry.volatile = both.flatMap {
            [
                .attribute("username", of: nil, $0), .attribute("password", of: nil, $0),
                .attribute("expires", of: nil, $0),
            ]
        }
        return entry
    }()

    /// Streams over HTTP (XEP-0124): whoever knows these can speak in the session.
    static let bosh: ProtocolEntry = {
        let namespace = "http://jabber.org/protocol/httpbind"
        var entry = ProtocolEntry("XEP-0124", "BOSH", [namespace])
        entry.secrets = ["sid", "key", "newkey", "rid"].map { .attribute($0, of: nil, namespace) }
        entry.volatile = ["sid", "key", "newkey", "rid"].map { .attribute($0, of: nil, namespace) }
        return entry
    }()

    /// Instant stream resumption (XEP-0397).
    static let instantResumption: ProtocolEntry = {
        let namespace = "https://xmpp.org/extensions/isr/0"
        var entry = ProtocolEntry("XEP-0397", "Instant Stream Resumption", [namespace])
        entry.secrets = [.attribute("token", of: nil, namespace), .attribute("key", of: nil, namespace)]
        return entry
    }()

    /// Bookmarks (XEP-0048 and XEP-0402): passwords of rooms may stand in them.
    static let bookmarks: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0048", "Bookmarks", ["storage:bookmarks", "urn:xmpp:bookmarks:1"])
        entry.secrets = [.text("password", "storage:bookmarks"), .text("password", "urn:xmpp:bookmarks:1")]
        return entry
    }()

    /// Direct invitations into rooms (XEP-0249).
    static let directInvitation: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0249", "Direct MUC Invitations", ["jabber:x:conference"])
        entry.secrets = [.attribute("password", of: "x", "jabber:x:conference")]
        return entry
    }()

    /// Invitations (XEP-0401): what they are made of stands in forms.
    static let invitations: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0401", "Ad-hoc Account Invitation Generation", ["urn:xmpp:invite"])
        entry.secrets = [.field("uri", in: nil), .field("landing-url", in: nil)]
        return entry
    }()

    /// Riddles against robots (XEP-0158): their answers are nobody's business.
    static let captcha: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0158", "CAPTCHA Forms", [NS.captcha])
        entry.secrets = [
            "ocr", "qa", "SHA-256", "audio_recog", "speech_q", "speech_recog", "picture_q", "picture_recog", "video_q",
            "video_recog",
        ].map { .field($0, in: nil) }
        return entry
    }()

    /// The client's address as the server sees it.
    static let clientAddress: ProtocolEntry = {
        var entry = ProtocolEntry("jabberd2", "address feature", ["http://affinix.com/jabber/address"])
        entry.feature = { _ in .clause("the client's address as the server sees it") }
        return entry
    }()

    /// The dialect of Firebase Cloud Messaging, whose payload is JSON.
    static let firebase = ProtocolEntry("Google", "Firebase Cloud Messaging", ["google:mobile:data"])
}
