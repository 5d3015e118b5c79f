import XMPP

/// Protocols in another form than today's: programs of today do not know these namespaces, so it helps to say which one took their place.
enum OtherForms {
    /// `XMPP Ping in another form than today's urn:xmpp:ping`; nil for a namespace of today.
    static func words(for namespace: String) -> String? {
        guard let present = today[namespace], let title = ProtocolRegistry.lookUp(namespace)?.title else { return nil }
        return "\(title) in another form than today's \(present)"
    }

    /// The namespace of today in the place of another one.
    static let today: [String: String] = {
        var today: [String: String] = [:]
        for (present, others) in forms {
            for other in others { today[other] = present }
        }
        return today
    }()

    private static let extensions = "http://www.xmpp.org/extensions/"

    private static let forms: [(today: String, others: [String])] =
        jingle + avatars + [
            ("urn:xmpp:langtrans", ["http://jabber.org/protocol/langtrans"]),
            (
                "urn:xmpp:langtrans:items",
                ["http://jabber.org/protocol/langtrans#items", "urn:xmpp:langtrans#items"]
            ),
            ("urn:xmpp:reach:0", ["http://jabber.org/protocol/reach"]),
            (
                "urn:xmpp:captcha",
                ["http://jabber.org/protocol/challenge", extensions + "xep-0158.html#ns", "urn:xmpp:challenge"]
            ),
            ("urn:xmpp:errors", ["http://jabber.org/protocol/errors"]),
            ("urn:xmpp:receipts", [extensions + "xep-0184#ns", extensions + "xep-0184.html#ns"]),
            ("urn:xmpp:blocking", ["http://jabber.org/protocol/blocking"]),
            ("urn:xmpp:blocking:errors", ["http://jabber.org/protocol/blocking#errors"]),
            (
                "urn:xmpp:sm:3",
                [
                    "http://jabber.org/features/ack", "http://jabber.org/protocol/ack", extensions + "xep-0198.html#ns",
                    "urn:xmpp:sm:0", "urn:xmpp:sm:1",
                ]
            ),
            ("urn:xmpp:ping", [extensions + "xep-0199.html#ns"]),
            ("urn:xmpp:time", [extensions + "xep-0202.html#ns"]),
            ("urn:xmpp:delay", [extensions + "xep-0203.html#ns"]),
            ("urn:xmpp:extdisco:2", [extensions + "xep-0215.html#ns", "urn:xmpp:extdisco:0"]),
            (
                "urn:xmpp:features:dialback",
                ["http://jabber.org/features/dialback", "urn:xmpp:features:dialback:1"]
            ),
            (
                "urn:xmpp:media-element",
                ["http://jabber.org/protocol/media", extensions + "xep-0221.html#ns", "urn:xmpp:media"]
            ),
            ("urn:xmpp:attention:0", [extensions + "xep-0224.html#ns"]),
            ("urn:xmpp:domain-based-name:1", ["urn:xmpp:domain-based-name:0"]),
            ("urn:xmpp:sec-label:catalog:2", ["urn:xmpp:sec-label:catalog:0", "urn:xmpp:sec-label:catalog:1"]),
            ("urn:xmpp:carbons:2", ["urn:xmpp:carbons:0", "urn:xmpp:carbons:3"]),
            ("urn:xmpp:moved:1", ["urn:xmpp:moved:0"]),
            ("urn:xmpp:sxe:0", ["urn:xmpp:sxe"]),
            ("urn:xmpp:forward:0", ["urn:xmpp:forward:tmp"]),
            ("urn:xmpp:csi:0", ["urn:xmpp:csi", "urn:xmpp:csi:1"]),
            ("urn:xmpp:delegation:2", ["urn:xmpp:delegation:0"]),
            ("urn:xmpp:privilege:2", ["urn:xmpp:privilege:0"]),
            ("urn:xmpp:mix:core:1", ["urn:xmpp:mix:0", "urn:xmpp:mix:1"]),
            ("urn:xmpp:omemo:2", ["urn:xmpp:omemo:0"]),
            ("urn:xmpp:bind:0", ["urn:xmpp:bind2:0", "urn:xmpp:bind2:1"]),
            ("urn:xmpp:sasl:2", ["urn:xmpp:sasl", "urn:xmpp:sasl:0", "urn:xmpp:sasl:1"]),
            ("urn:xmpp:encryption:stub:sce:1", ["urn:xmpp:encryption:stub:sce:0"]),
            ("urn:xmpp:tm:1", ["urn:xmpp:trust-messages:0"]),
            ("urn:xmpp:muc:affiliations:1", ["urn:xmpp:muc:affiliations:0"]),
            ("urn:xmpp:pubsub-attachments:summary:1", ["urn:xmpp:pubsub-attachments:summary:0"]),
        ]

    private static let jingle: [(today: String, others: [String])] = [
        (
            "urn:xmpp:jingle:1",
            [
                "http://jabber.org/protocol/jingle", "http://jabber.org/protocols/jingle",
                extensions + "xep-0166.html#ns",
            ]
        ),
        (
            "urn:xmpp:jingle:errors:1",
            [
                "http://jabber.org/protocol/jingle#errors", extensions + "xep-0166.html#ns-errors",
                "urn:xmpp:jingle:errors:0",
            ]
        ),
        (
            "urn:xmpp:jingle:apps:rtp:1",
            [
                extensions + "xep-0166.html#ns/description/audio", extensions + "xep-0166.html#ns/description/video",
                "http://jabber.org/protocol/jingle/description/audio", extensions + "xep-0167.html#ns",
            ]
        ),
        (
            "urn:xmpp:jingle:apps:rtp:info:1",
            ["http://jabber.org/protocol/jingle/info/audio", extensions + "xep-0167.html#ns-info"]
        ),
        (
            "urn:xmpp:jingle:apps:rtp:errors:1",
            [extensions + "xep-0167.html#ns-errors", "urn:xmpp:jingle:apps:rtp:errors:0"]
        ),
        (
            "urn:xmpp:jingle:transports:ice-udp:1",
            [
                extensions + "xep-0166.html#ns/transport/ice", "http://jabber.org/protocol/jingle/transport/ice",
                extensions + "xep-0176.html#ns", extensions + "xep-0176.html#ns-udp",
            ]
        ),
        (
            "urn:xmpp:jingle:transports:raw-udp:1",
            ["http://jabber.org/protocol/jingle/transport/raw-udp", extensions + "xep-0177.html#ns"]
        ),
        ("urn:xmpp:jingle:transports:sxe", ["urn:xmpp:jingle:transport:sxe"]),
    ]

    private static let avatars: [(today: String, others: [String])] = [
        (
            "urn:xmpp:avatar:data",
            ["http://jabber.org/protocol/avatar#data", extensions + "xep-0084.html#ns-data"]
        ),
        (
            "urn:xmpp:avatar:metadata",
            [
                "http://jabber.org/protocol/avatar", "http://jabber.org/protocol/avatar#metadata",
                extensions + "xep-0084.html#ns-metadata",
            ]
        ),
    ]
}
