import XMPP

/// What a namespace stands for, for the middle of a sentence, where that says more than the title of its specification does: what somebody supports,
/// what an element is that stands inside another, and which form of a protocol is meant.
enum FeatureWords {
    /// `conversion of PEP avatars to vCards`; nil if there are no better words than the title.
    static func words(for namespace: String) -> String? {
        nouns[namespace] ?? OtherForms.words(for: namespace)
    }

    /// Things that are supported or named, by their namespaces.
    static let nouns: [String: String] = [
        // Accounts, servers, streams.
        "urn:xmpp:pep-vcard-conversion:0": "conversion of PEP avatars to vCards",
        "http://jabber.org/features/amp": "rules for what becomes of messages",
        "urn:xmpp:xid:server-mapping:0": "translation of decentralized IDs to addresses",
        "urn:xmpp:iap:0": "the version of the server's features",
        "urn:xmpp:sasl:upgrade:0": "the wish to make the password fit for another mechanism",
        "urn:xmpp:scram-upgrade:0": "a SCRAM password's new form",
        // Meetings and calls.
        "urn:xmpp:http:online-meetings:initiate:0": "the making of online meetings",
        "urn:xmpp:http:online-meetings:invite:0": "invitations to online meetings",
        "urn:xmpp:http:online-meetings#jitsi": "meetings by Jitsi",
        "urn:xmpp:http:online-meetings#galene": "meetings by Galene",
        "urn:xmpp:jingle:apps:rtt-sync:0": "real-time text in step with the call",
        "urn:xmpp:jingle:apps:xhtml": "an XHTML document to be edited together",
        "urn:xmpp:jingle:transports:sxe": "the exchange of edits (SXE)",
        "urn:xmpp:jingle:apps:stub:0": "a stub, which stands for any application",
        "urn:xmpp:jingle:transports:stub:0": "a stub, which stands for any transport",
        "urn:xmpp:jingle:security:stub:0": "a stub, which stands for any precondition",
        "http://jabber.org/protocol/jingle/transport/telepathy": "telepathy",
        "http://jabber.org/protocol/jingle/info/telepathy": "thoughts, sent by telepathy",
        "urn:xmpp:jingle:apps:rtp:rtcp-fb:0": "feedback on media (RTCP)",
        "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0": "RTP header extensions",
        "urn:xmpp:jingle:apps:rtp:ssma:0": "ids of media sources",
        "urn:xmpp:jingle:apps:grouping:0": "groups of contents",
        "urn:xmpp:jingle:apps:dtls:0": "encryption of calls by DTLS",
        "urn:xmpp:jingle:apps:rtp:zrtp:1": "encryption of calls by ZRTP",
        "urn:xmpp:jingle:transports:ice-udp:1": "connections by ICE",
        "urn:xmpp:jingle:transports:raw-udp:1": "connections by plain UDP",
        "urn:xmpp:jingle:transports:s5b:1": "SOCKS5 bytestreams for Jingle",
        "urn:xmpp:jingle:transports:ibb:1": "in-band bytestreams for Jingle",
        // Texts.
        "urn:xmpp:rtt:0": "text shown as it is typed",
        "urn:xmpp:mentions:0": "mentions",
        "urn:xmpp:markup:emoji:0": "custom emoji",
        "urn:xmpp:webxdc:0": "shared widgets (WebXDC)",
        "http://jabber.org/protocol/evil": "the mark of evil stanzas",
        "urn:xmpp:encryption:stub:sce:1": "a stub, which stands for any encryption",
        "urn:xmpp:thumbs:1": "thumbnails of what is offered",
        "urn:xmpp:hashes:2": "hashes",
        // Rooms and feeds.
        "urn:xmpp:muc:affiliations:1": "updates of a room's lists since a version",
        "urn:xmpp:pubsub-social-feed:1": "social feeds",
        "urn:xmpp:pubsub-social-feed:gallery:1": "feeds of pictures",
        "urn:xmpp:pubsub-social-feed:stories:0": "stories",
        "urn:xmpp:pubsub-signing:0": "signed items",
        "urn:xmpp:pubsub-signing:openpgp:0": "items signed by OpenPGP",
        "urn:xmpp:pte:0": "items encrypted for chosen readers",
        "urn:xmpp:pubsub-filter:0": "lists of nodes by their type",
        "urn:xmpp:order-by:1": "sorted lists",
        "urn:xmpp:spaces:0": "spaces of rooms",
        "urn:xmpp:hats:0": "hats",
        "urn:xmpp:reporting:1": "reports of spam and abuse",
        "urn:xmpp:mix:pam:2": "taking part in channels (MIX) through it",
        // Old services.
        "http://jabber.org/protocol/soap": "SOAP requests",
    ]
}

/// What a form is for (XEP-0068), by its `FORM_TYPE`; what its protocol's teller says anyway is not here.
enum FormKinds {
    /// For behind `a form for`; nil if nobody knows.
    static func words(for formType: String?) -> String? { formType.flatMap { kinds[$0] } }

    private static let kinds: [String: String] = [
        "http://jabber.org/protocol/muc#roomconfig": "the settings of a room",
        "http://jabber.org/protocol/muc#register": "registering with a room",
        "http://jabber.org/protocol/muc#request": "asking a room for voice",
        "http://jabber.org/protocol/pubsub#node_config": "the settings of a node",
        "http://jabber.org/protocol/pubsub#subscribe_options": "the options of a subscription",
        "http://jabber.org/protocol/pubsub#subscribe_authorization": "approving subscriptions",
        "http://jabber.org/protocol/admin": "administering the service",
        "http://jabber.org/protocol/rc": "controlling a client from afar",
        "urn:xmpp:captcha": "proving to be human",
        "jabber:iq:register": "registering",
        "urn:xmpp:mam:2": "querying an archive",
        "urn:xmpp:mentions:0": "who may mention whom",
    ]
}
