/// What specifications demand of their elements, by namespace: one row a rule, with the section that was read.
enum FaultTable {
    static let rules: [String: [FaultRule]] = [
        "urn:xmpp:delay": [
            FaultRule("delay", .has(["stamp"]), "XEP-0203 section 2"),
            FaultRule("delay", .time("stamp"), "XEP-0203 section 2"),
        ],
        "urn:xmpp:sid:0": [
            FaultRule("stanza-id", .has(["id", "by"]), "XEP-0359 section 3"),
            FaultRule("origin-id", .has(["id"]), "XEP-0359 section 3"),
        ],
        "urn:xmpp:message-correct:0": [FaultRule("replace", .has(["id"]), "XEP-0308 section 8")],
        "urn:xmpp:reactions:0": [FaultRule("reactions", .has(["id"]), "XEP-0444 section 7.1")],
        "urn:xmpp:carbons:2": [
            FaultRule("enable", .asked("set"), "XEP-0280 section 4", in: .requests),
            FaultRule("disable", .asked("set"), "XEP-0280 section 5", in: .requests),
            FaultRule("received", .holds(["forwarded"]), "XEP-0280 section 7"),
            FaultRule("sent", .holds(["forwarded"]), "XEP-0280 section 8"),
        ],
        // Nothing of its own; forms and links in it are looked at.
        "jabber:iq:register": [],
        "http://jabber.org/protocol/muc#owner": [],
        "jabber:iq:search": [],
        // Nothing of its own; a stamp in it is looked at.
        "urn:xmpp:forward:0": [],
        "urn:xmpp:mam:2": [
            FaultRule("result", .has(["id"]), "XEP-0313 section 4.2"),
            FaultRule("result", .holds(["forwarded"]), "XEP-0313 section 4.2"),
        ],
        "jabber:x:oob": [FaultRule("x", .holds(["url"]), "XEP-0066 section 10.2")],
        "urn:xmpp:ping": [FaultRule("ping", .asked("get"), "XEP-0199", in: .requests)],
        "http://jabber.org/protocol/rsm": [FaultRule("set", .childNumber("max"), "XEP-0059")],
        "urn:xmpp:jingle:1": [
            FaultRule("jingle", .asked("set"), "XEP-0166", in: .requests),
            FaultRule("jingle", .word("action", jingleActions), "XEP-0166"),
            FaultRule("content", .has(["creator", "name"]), "XEP-0166", in: .requests),
            FaultRule("content", .word("creator", ["initiator", "responder"]), "XEP-0166"),
            FaultRule("content", .word("senders", ["both", "initiator", "none", "responder"]), "XEP-0166"),
        ],
        "http://jabber.org/protocol/bytestreams": [
            FaultRule("query", .has(["sid"]), "XEP-0065", in: .iq("set")),
            FaultRule("streamhost", .has(["host", "jid"]), "XEP-0065"),
            FaultRule("streamhost", .number("port", 0...65535), "XEP-0065"),
            FaultRule("query", .word("mode", ["tcp", "udp"]), "XEP-0065"),
        ],
        "urn:xmpp:avatar:metadata": [FaultRule("info", .has(["bytes", "id", "type"]), "XEP-0084 section 11")],
        "urn:xmpp:avatar:data": [FaultRule("data", .base64, "RFC 4648 section 4")],
        "urn:xmpp:bob": [FaultRule("data", .has(["cid"]), "XEP-0231 section 7")],
        "urn:xmpp:message-retract:1": [FaultRule("retract", .has(["id"]), "XEP-0424 section 9")],
        "urn:xmpp:push:0": [
            FaultRule("enable", .has(["jid"]), "XEP-0357 section 12"),
            FaultRule("disable", .has(["jid"]), "XEP-0357 section 12"),
        ],
        "jabber:x:conference": [FaultRule("x", .has(["jid"]), "XEP-0249")],
        "urn:xmpp:http:upload:0": [
            FaultRule("request", .asked("get"), "XEP-0363 section 4", in: .requests),
            FaultRule("slot", .holds(["put", "get"]), "XEP-0363 section 4", in: .iq("result")),
            FaultRule("put", .has(["url"]), "XEP-0363 section 4", in: .iq("result")),
        ],
        "jabber:x:data": [
            FaultRule("x", .has(["type"]), "XEP-0004 section 3.1"),
            FaultRule("x", .word("type", ["cancel", "form", "result", "submit"]), "XEP-0004 section 3.1"),
            FaultRule("option", .holds(["value"]), "XEP-0004 section 3.2"),
            FaultRule("field", .word("type", fieldTypes), "XEP-0004 section 3.3"),
        ],
        "urn:xmpp:time": [
            FaultRule("time", .asked("get"), "XEP-0202 section 2", in: .requests)
        ],
        "http://jabber.org/protocol/disco#info": [
            FaultRule("query", .asked("get"), "XEP-0030 section 3.1", in: .requests),
            FaultRule("identity", .has(["category", "type"]), "XEP-0030 section 3.1", in: .iq("result")),
            FaultRule("feature", .has(["var"]), "XEP-0030 section 3.1", in: .iq("result")),
        ],
        "http://jabber.org/protocol/disco#items": [
            FaultRule("item", .has(["jid"]), "XEP-0030 section 4.1", in: .iq("result"))
        ],
        "http://jabber.org/protocol/muc": [
            FaultRule("history", .number("maxchars", 0...Int.max), "XEP-0045 section 7.2.14"),
            FaultRule("history", .number("maxstanzas", 0...Int.max), "XEP-0045 section 7.2.14"),
            FaultRule("history", .dateTime("since"), "XEP-0045 section 7.2.14"),
            FaultRule("history", .number("seconds", 0...Int.max), "XEP-0045 section 7.2.14"),
        ],
        "urn:xmpp:idle:1": [
            FaultRule("idle", .has(["since"]), "XEP-0319 section 3"),
            FaultRule("idle", .dateTime("since"), "XEP-0319 section 3"),
        ],
        "jabber:x:delay": [FaultRule("x", .has(["stamp"]), "XEP-0091 section 2")],
        "urn:xmpp:eme:0": [FaultRule("encryption", .has(["namespace"]), "XEP-0380 section 9")],
        "urn:xmpp:extdisco:2": [
            FaultRule("service", .has(["host", "type"]), "XEP-0215 section 3.1", in: .iq("result"))
        ],
        "urn:xmpp:fallback:0": [
            FaultRule("body", .number("start", 0...Int.max), "XEP-0428 section 2.2"),
            FaultRule("body", .number("end", 0...Int.max), "XEP-0428 section 2.2"),
        ],
        "urn:ietf:params:xml:ns:xmpp-bind": [FaultRule("bind", .asked("set"), "RFC 6120 section 7.6", in: .requests)],
        "jabber:iq:version": [FaultRule("query", .asked("get"), "XEP-0092 section 2", in: .requests)],
        "urn:xmpp:blocking": [
            FaultRule("blocklist", .asked("get"), "XEP-0191 section 3.2", in: .requests),
            FaultRule("block", .asked("set"), "XEP-0191 section 3.3", in: .requests),
            FaultRule("unblock", .asked("set"), "XEP-0191 section 3.4", in: .requests),
        ],
        "urn:xmpp:reply:0": [FaultRule("reply", .has(["id"]), "XEP-0461 section 3")],
        "vcard-temp": [FaultRule("BINVAL", .base64, "RFC 4648 section 4")],
        "eu.siacs.conversations.axolotl": [
            FaultRule("encrypted", .holds(["header"]), "XEP-0384 in its version 0.3"),
            FaultRule("header", .has(["sid"]), "XEP-0384 in its version 0.3"),
            FaultRule("key", .has(["rid"]), "XEP-0384 in its version 0.3"),
            FaultRule("key", .base64, "RFC 4648 section 4"),
            FaultRule("payload", .base64, "RFC 4648 section 4"),
        ],
        "urn:xmpp:omemo:2": [
            FaultRule("encrypted", .holds(["header"]), "XEP-0384 section 5.5.3"),
            FaultRule("header", .has(["sid"]), "XEP-0384 section 5.5.3"),
            FaultRule("keys", .has(["jid"]), "XEP-0384 section 5.5.3"),
            FaultRule("key", .has(["rid"]), "XEP-0384 section 5.5.3"),
            FaultRule("key", .base64, "XEP-0384 section 11"),
            FaultRule("payload", .base64, "XEP-0384 section 11"),
        ],
        "http://jabber.org/protocol/ibb": [
            FaultRule("open", .has(["block-size", "sid"]), "XEP-0047 section 9"),
            FaultRule("data", .has(["seq", "sid"]), "XEP-0047 section 9"),
            FaultRule("data", .number("seq", 0...65535), "XEP-0047 section 9"),
            FaultRule("close", .has(["sid"]), "XEP-0047 section 9"),
        ],
        "http://jabber.org/protocol/commands": [
            FaultRule("command", .asked("set"), "XEP-0050 section 2.4", in: .requests),
            FaultRule(
                "command",
                .word("action", ["cancel", "complete", "execute", "next", "prev"]),
                "XEP-0050 section 8"
            ),
            FaultRule("command", .word("status", ["canceled", "completed", "executing"]), "XEP-0050 section 8"),
            FaultRule("note", .word("type", ["error", "info", "warn"]), "XEP-0050 section 8"),
        ],
        "http://jabber.org/protocol/muc#user": [
            FaultRule("item", .word("affiliation", affiliations), "XEP-0045 section 19.2"),
            FaultRule("item", .word("role", roles), "XEP-0045 section 19.2"),
            FaultRule("status", .has(["code"]), "XEP-0045 section 19.2"),
            FaultRule("status", .number("code", 100...999), "XEP-0045 section 19.2"),
        ],
        "http://jabber.org/protocol/muc#admin": [
            FaultRule("item", .hasOne(["jid", "nick"]), "XEP-0045", in: .iq("set")),
            FaultRule("item", .hasOne(["affiliation", "role"]), "XEP-0045", in: .requests),
            FaultRule("item", .word("affiliation", affiliations), "XEP-0045 section 19.3"),
            FaultRule("item", .word("role", roles), "XEP-0045 section 19.3"),
        ],
        "http://jabber.org/protocol/pubsub": [
            FaultRule("publish", .askedInside("set"), "XEP-0060 section 7.1", in: .requests),
            FaultRule("subscribe", .askedInside("set"), "XEP-0060 section 6.1", in: .requests),
            FaultRule("items", .askedInside("get"), "XEP-0060 section 6.5", in: .requests),
            FaultRule("publish", .has(["node"]), "XEP-0060 section 18.1", in: .requests),
            FaultRule("subscribe", .has(["jid"]), "XEP-0060 section 18.1", in: .requests),
            FaultRule("items", .number("max_items", 1...Int.max), "XEP-0060 section 18.1"),
            FaultRule("unsubscribe", .has(["jid"]), "XEP-0060 section 18.1", in: .requests),
            FaultRule("items", .has(["node"]), "XEP-0060 section 18.1", in: .requests),
            FaultRule("retract", .has(["node"]), "XEP-0060 section 18.1", in: .requests),
            FaultRule("retract", .holds(["item"]), "XEP-0060 section 7.2.3", in: .requests),
        ],
        "http://jabber.org/protocol/pubsub#owner": [
            FaultRule("affiliation", .has(["affiliation", "jid"]), "XEP-0060 section 18.4", in: .iq("set")),
            FaultRule("affiliation", .word("affiliation", nodeAffiliations), "XEP-0060 section 4.1"),
            FaultRule("subscription", .word("subscription", nodeSubscriptions), "XEP-0060 section 4.2"),
            FaultRule("subscription", .has(["jid", "subscription"]), "XEP-0060 section 18.4", in: .iq("set")),
            FaultRule("delete", .has(["node"]), "XEP-0060 section 18.4", in: .requests),
            FaultRule("purge", .has(["node"]), "XEP-0060 section 18.4", in: .requests),
        ],
        "http://jabber.org/protocol/pubsub#event": [
            FaultRule("items", .has(["node"]), "XEP-0060 section 18.3"),
            FaultRule("delete", .has(["node"]), "XEP-0060 section 18.3"),
            FaultRule("purge", .has(["node"]), "XEP-0060 section 18.3"),
            FaultRule("retract", .has(["id"]), "XEP-0060 section 18.3"),
        ],
    ]

    private static let fieldTypes: Set<String> = [
        "boolean", "fixed", "hidden", "jid-multi", "jid-single", "list-multi", "list-single", "text-multi",
        "text-private",
        "text-single",
    ]
    private static let jingleActions: Set<String> = [
        "content-accept", "content-add", "content-modify", "content-reject", "content-remove", "description-info",
        "security-info", "session-accept", "session-info", "session-initiate", "session-terminate",
        "transport-accept", "transport-info", "transport-reject", "transport-replace",
    ]
    private static let nodeAffiliations: Set<String> = [
        "member", "none", "outcast", "owner", "publish-only", "publisher",
    ]
    private static let nodeSubscriptions: Set<String> = ["none", "pending", "subscribed", "unconfigured"]
    private static let affiliations: Set<String> = ["admin", "member", "none", "outcast", "owner"]
    private static let roles: Set<String> = ["moderator", "none", "participant", "visitor"]
}
