import XMLStream
import XMPP

extension ProtocolTable {
    /// What stands inside the elements of others.
    static let inside: [ProtocolEntry] =
        ofForms + ofCalls + ofFiles + ofLists + ofItems + ofLogins
        + [.realTimeText, .mentions, .evil, .widgets, .customEmoji, .synchronizedText]
        + [.roomTokens, .soapFaults]

    private static let ofForms: [ProtocolEntry] = [
        .told(
            inside: "XEP-0004",
            "XEP-0122",
            "Data Forms Validation",
            ["http://jabber.org/protocol/xdata-validate"]
        ),
        .told(
            inside: "XEP-0122",
            "XEP-0060",
            "Publish-Subscribe",
            ["http://jabber.org/protocol/pubsub#integer-or-max"]
        ),
        .told(inside: "XEP-0004", "XEP-0141", "Data Forms Layout", ["http://jabber.org/protocol/xdata-layout"]),
        .told(inside: "XEP-0004", "XEP-0221", "Data Forms Media Element", [NS.mediaElement]),
        .told(inside: "XEP-0004", "XEP-0505", "Data Forms File Input Element", ["urn:xmpp:file-input:0"]),
        .told(inside: "XEP-0020", "XEP-0155", "Stanza Session Negotiation", ["urn:xmpp:ssn"]),
        .told(
            inside: "XEP-0004",
            "XEP-0045",
            "Multi-User Chat",
            ["http://jabber.org/protocol/muc#roomconfig"]
        ),
        .told(
            inside: "XEP-0004",
            "XEP-0060",
            "Publish-Subscribe",
            ["http://jabber.org/protocol/pubsub#node_config"]
        ),
        .told(inside: "XEP-0004", "XEP-0133", "Service Administration", ["http://jabber.org/protocol/admin"]),
        .told(inside: "XEP-0030", "XEP-0455", "Service Outage Status", ["urn:xmpp:sos:0"]),
        .told(inside: "XEP-0030", "XEP-0503", "Server-side spaces", ["urn:xmpp:spaces:0"]),
    ]

    /// What is settled in a session of Jingle, in words of `JingleContent`.
    private static let ofCalls: [ProtocolEntry] = [
        .told(
            inside: "XEP-0166",
            "XEP-0176",
            "Jingle ICE-UDP Transport Method",
            ["urn:xmpp:jingle:transports:ice-udp:0", "urn:xmpp:jingle:transports:ice-udp:1"]
        ),
        .told(
            inside: "XEP-0166",
            "XEP-0177",
            "Jingle Raw UDP Transport Method",
            ["urn:xmpp:jingle:transports:raw-udp:0", "urn:xmpp:jingle:transports:raw-udp:1"]
        ),
        .told(
            inside: "XEP-0166",
            "XEP-0260",
            "Jingle SOCKS5 Bytestreams Transport Method",
            ["urn:xmpp:jingle:transports:s5b:0", "urn:xmpp:jingle:transports:s5b:1"]
        ),
        .told(
            inside: "XEP-0166",
            "XEP-0261",
            "Jingle In-Band Bytestreams Transport Method",
            ["urn:xmpp:jingle:transports:ibb:0", "urn:xmpp:jingle:transports:ibb:1"]
        ),
        .told(
            inside: "XEP-0166",
            "XEP-0167",
            "Jingle RTP Sessions",
            [
                "urn:xmpp:jingle:apps:rtp:0", "urn:xmpp:jingle:apps:rtp:info:1", "urn:xmpp:jingle:apps:rtp:info:0",
                "urn:xmpp:jingle:apps:rtp:1:info", "urn:xmpp:jingle:apps:rtp:0:info",
            ]
        ),
        .told(
            inside: "XEP-0166",
            "XEP-0262",
            "Use of ZRTP in Jingle RTP Sessions",
            ["urn:xmpp:jingle:apps:rtp:zrtp:0", "urn:xmpp:jingle:apps:rtp:zrtp:1"]
        ),
        .told(
            inside: "XEP-0166",
            "XEP-0320",
            "Use of DTLS-SRTP in Jingle Sessions",
            ["urn:xmpp:jingle:apps:dtls:0"]
        ),
        .told(inside: "XEP-0166", "XEP-0272", "Multiparty Jingle (Muji)", ["urn:xmpp:jingle:muji:0"]),
        .adds("XEP-0338", "Jingle Grouping Framework", ["urn:xmpp:jingle:apps:grouping:0"], toldGroup),
        .told(
            inside: "XEP-0166",
            "XEP-0507",
            "Jingle Content Category",
            ["urn:xmpp:jingle:apps:category:0"]
        ),
        .told(
            inside: "XEP-0166",
            "inbox/xtls",
            "XMPP Transport Layer Security",
            ["urn:xmpp:jingle:security:xtls:0"]
        ),
        .comes(
            "XEP-0293",
            "Jingle RTP Feedback Negotiation",
            ["urn:xmpp:jingle:apps:rtp:rtcp-fb:0"],
            "wishes for feedback on the media"
        ),
        .comes(
            "XEP-0294",
            "Jingle RTP Header Extensions Negotiation",
            ["urn:xmpp:jingle:apps:rtp:rtp-hdrext:0"],
            "RTP header extensions"
        ),
        .comes(
            "XEP-0339",
            "Source-Specific Media Attributes in Jingle",
            ["urn:xmpp:jingle:apps:rtp:ssma:0"],
            "ids of media sources"
        ),
    ]

    private static let ofFiles: [ProtocolEntry] = [
        .told(
            inside: "XEP-0234",
            "XEP-0300",
            "Use of Cryptographic Hash Functions in XMPP",
            ["urn:xmpp:hashes:2", "urn:xmpp:hashes:1", "urn:xmpp:hashes:0"]
        ),
        .told(
            inside: "XEP-0363",
            "XEP-0363",
            "HTTP File Upload",
            ["urn:xmpp:http:upload:purpose:0"]
        ),
        .told(inside: "XEP-0447", "XEP-0446", "File metadata element", [MessageNS.fileMetadata]),
        .told(
            inside: "XEP-0447",
            "XEP-0448",
            "Encryption for stateless file sharing",
            ["urn:xmpp:esfs:0"]
        ),
        .adds("XEP-0264", "Jingle Content Thumbnails", ["urn:xmpp:thumbs:1", "urn:xmpp:thumbs:0"], toldThumbnail),
    ]

    private static let ofLists: [ProtocolEntry] = [
        .told(inside: "XEP-0313", "XEP-0059", "Result Set Management", [MessageNS.resultSets]),
        .told(inside: "XEP-0049", "XEP-0083", "Nested Roster Groups", ["roster:delimiter"]),
        .adds("XEP-0413", "Order-By", ["urn:xmpp:order-by:1", "urn:xmpp:order-by:0"], toldOrder),
        .adds("XEP-0462", "PubSub Type Filtering", ["urn:xmpp:pubsub-filter:0"], toldNodeFilter),
        .adds(
            "XEP-0405",
            "Mediated Information eXchange (MIX): Participant Server Requirements",
            ["urn:xmpp:mix:roster:0"]
        ) { element in
            switch element.name {
            case "annotate": "Channels (MIX) among the contacts shall be marked as such"
            case "channel": "Channels (MIX) among them are marked as such"
            default: nil
            }
        },
        .adds(
            "XEP-0463",
            "MUC Affiliations Versioning",
            ["urn:xmpp:muc:affiliations:1", "urn:xmpp:muc:affiliations:0"],
            toldAffiliationVersion
        ),
        .adds("XEP-0258", "Security Labels in XMPP", ["urn:xmpp:sec-label:ess:0"]) { _ in
            "The label for programs is one of ESS (RFC 2634)"
        },
    ]

    private static let ofItems: [ProtocolEntry] = [
        .told(inside: "XEP-0402", "XEP-0469", "Bookmark Pinning", ["urn:xmpp:bookmarks-pinning:0"]),
        .told(
            inside: "XEP-0402",
            "XEP-0492",
            "Chat notification settings",
            ["urn:xmpp:notification-settings:1", "urn:xmpp:notification-settings:0"]
        ),
        .told(
            inside: "XEP-0060",
            "XEP-0516",
            "XMPP Decentralized ID (XID)",
            ["urn:xmpp:xid", "urn:xmpp:xid:revoked"]
        ),
        .adds("XEP-0475", "Pubsub Signing", ["urn:xmpp:pubsub-signing:0"], toldSignature),
        .told(
            inside: "XEP-0475",
            "XEP-0476",
            "Pubsub Signing: OpenPGP Profile",
            ["urn:xmpp:pubsub-signing:openpgp:0"]
        ),
        .targetedItems,
    ]
}
