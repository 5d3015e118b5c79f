import Testing

private let me = "to='romeo@jabber.test/orchard'"
private let nurse = "from='nurse@capulet.test/desk'"
private let said = "S <message \(nurse) \(me) type='chat' id='n1'><body>Come.</body></message>"
private let sent = "C <message to='nurse@capulet.test/desk' type='chat' id='m1'><body>Tea at for?</body></message>"
private let entered: [String] = [
    "C <presence to='tea@rooms.test/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
    "S <presence from='tea@rooms.test/Romeo' \(me)><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>",
]

/// A message of the nurse's.
private func from(_ content: String, type: String = "chat") -> String {
    "S <message \(nurse) \(me) type='\(type)'>\(content)</message>"
}
/// A message to the nurse.
private func to(_ content: String) -> String {
    "C <message to='nurse@capulet.test/desk' type='chat'>\(content)</message>"
}

private let findings = ["Warning", "Note"]

private let replies: [Case] = [
    Case(
        name: "one sentence or two of a message that carries much",
        lines: bound + [
            sent,
            from(
                "<body>> Tea at for?\nYes</body><reply xmlns='urn:xmpp:reply:0' to='romeo@jabber.test' id='m1'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='14'/></fallback><active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/><origin-id xmlns='urn:xmpp:sid:0' id='n7'/>"
            ),
        ],
        says: [
            "nurse@capulet.test/desk replies to the message of 009: \"Yes\" (XEP-0461). The sender wants to know when it is delivered and read (XEP-0184, XEP-0333)."
        ],
        never: ["Tea at", "active"]
    ),
    Case(
        name: "a reply to what was not seen",
        lines: bound + [to("<body>Yes</body><reply xmlns='urn:xmpp:reply:0' to='nurse@capulet.test' id='q'/>")],
        says: [
            "The client replies to the message with the id q of nurse@capulet.test in the chat with nurse@capulet.test/desk: \"Yes\""
        ],
        never: findings
    ),
    Case(
        name: "a correction",
        lines: bound + [sent, to("<body>Tea at four?</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>")],
        says: [
            "The client corrects its message of 009 in the chat with nurse@capulet.test/desk; it now reads: \"Tea at four?\""
        ],
        never: findings
    ),
    Case(
        name: "a correction by somebody else",
        lines: bound + [sent, from("<body>No</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>")],
        says: ["corrects the message of 009", "Warning: 009 was written by somebody else"]
    ),
    Case(
        name: "a message taken back",
        lines: bound + [
            said,
            from(
                "<retract xmlns='urn:xmpp:message-retract:1' id='n1'/><body>gone</body><fallback xmlns='urn:xmpp:fallback:0'/>"
            ),
        ],
        says: [
            "nurse@capulet.test/desk takes back its message of 009 (XEP-0424). The text in it is only for programs that do not know this."
        ],
        never: findings + ["gone"]
    ),
    Case(
        name: "a message taken back in the older way",
        lines: bound + [
            said,
            from(
                "<apply-to xmlns='urn:xmpp:fasten:0' id='n1'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>"
            ),
        ],
        says: ["takes back its message of 009"],
        never: findings
    ),
    Case(
        name: "what somebody else cannot take back",
        lines: bound + [sent, from("<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>")],
        says: ["Warning: 009 was written by somebody else; only its author can take it back"]
    ),
    Case(
        name: "a moderator",
        lines: bound + entered + [
            "S <message from='tea@rooms.test' \(me) type='groupchat'><retract xmlns='urn:xmpp:message-retract:1' id='r1'><moderated xmlns='urn:xmpp:message-moderate:1' by='tea@rooms.test/Nurse'/><reason>Spam</reason></retract></message>"
        ],
        says: [
            "The moderator \"Nurse\" removed the message with the id r1 from the room tea@rooms.test, for the reason \"Spam\" (XEP-0425)."
        ],
        never: findings
    ),
    Case(
        name: "a moderator who is none",
        lines: bound + entered + [
            "S <message from='tea@rooms.test/Fool' \(me) type='groupchat'><retract xmlns='urn:xmpp:message-retract:1' id='r1'><moderated xmlns='urn:xmpp:message-moderate:1' by='tea@rooms.test/Nurse'/></retract></message>"
        ],
        says: ["Warning: it does not come from the room itself"]
    ),
    Case(
        name: "the request of a moderator",
        lines: bound + entered + [
            "C <iq type='set' id='o1' to='tea@rooms.test'><moderate xmlns='urn:xmpp:message-moderate:1' id='r1'><retract xmlns='urn:xmpp:message-retract:1'/><reason>Spam</reason></moderate></iq>",
            "S <iq type='result' id='o1' from='tea@rooms.test' \(me)/>",
        ],
        says: ["The room tea@rooms.test has removed the message with the id r1, as 011 asked."],
        never: findings
    ),
    Case(
        name: "reactions",
        lines: bound + [
            sent,
            from(
                "<reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👍</reaction><reaction>🐢</reaction></reactions>"
            ),
        ],
        says: ["nurse@capulet.test/desk reacts to the message of 009 with 👍 and 🐢 (XEP-0444)."],
        never: findings
    ),
    Case(
        name: "reactions taken back",
        lines: bound + [said, to("<reactions xmlns='urn:xmpp:reactions:0' id='n1'/>")],
        says: [
            "The client takes back all its reactions to the message of 009 in the chat with nurse@capulet.test/desk"
        ],
        never: findings
    ),
]

private let reports: [Case] = [
    Case(
        name: "a receipt",
        lines: bound + [sent, from("<received xmlns='urn:xmpp:receipts' id='m1'/>")],
        says: ["nurse@capulet.test/desk has received the message of 009 (delivery receipt, XEP-0184)."],
        never: findings
    ),
    Case(
        name: "a receipt of the client's",
        lines: bound + [said, to("<received xmlns='urn:xmpp:receipts' id='n1'/>")],
        says: ["The client tells nurse@capulet.test/desk that it has received the message of 009"],
        never: findings
    ),
    Case(
        name: "a receipt of the first version",
        lines: bound + [from("<received xmlns='urn:xmpp:receipts'/>")],
        says: ["has received an earlier message, but does not say which", "Warning: the receipt does not say which"]
    ),
    Case(
        name: "a receipt that asks for one",
        lines: bound + [
            sent, from("<received xmlns='urn:xmpp:receipts' id='m1'/><request xmlns='urn:xmpp:receipts'/>"),
        ],
        says: ["Warning: a receipt asks for a receipt itself"]
    ),
    Case(
        name: "a receipt and a marker that say the same",
        lines: bound + [
            sent,
            from("<received xmlns='urn:xmpp:receipts' id='m1'/><received xmlns='urn:xmpp:chat-markers:0' id='m1'/>"),
        ],
        says: ["nurse@capulet.test/desk has received the message of 009 (delivery receipt, XEP-0184)."],
        never: ["XEP-0333"]
    ),
    Case(
        name: "a receipt and a marker in one",
        lines: bound + [
            said,
            to("<received xmlns='urn:xmpp:receipts' id='n1'/><displayed xmlns='urn:xmpp:chat-markers:0' id='n1'/>"),
        ],
        says: [
            "The client tells nurse@capulet.test/desk that it has received the message of 009 (delivery receipt) and has read everything up to the message of 009 (XEP-0184, XEP-0333)."
        ],
        never: findings
    ),
    Case(
        name: "a marker, of a message corrected",
        lines: bound + [
            sent,
            "C <message to='nurse@capulet.test/desk' id='m2'><body>a</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/></message>",
            from("<displayed xmlns='urn:xmpp:chat-markers:0' id='m2'/>"),
        ],
        says: ["nurse@capulet.test/desk has read everything up to the corrected message of 010 (XEP-0333)."],
        never: findings
    ),
    Case(
        name: "typing",
        lines: bound + [from("<composing xmlns='http://jabber.org/protocol/chatstates'/><thread>x</thread>")],
        says: ["nurse@capulet.test/desk is typing (XEP-0085)."],
        never: findings
    ),
    Case(
        name: "typing in a room",
        lines: bound + entered + [
            "C <message to='tea@rooms.test' type='groupchat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        ],
        says: ["The client tells the room tea@rooms.test that it is typing"],
        never: findings
    ),
    Case(
        name: "events in the old way",
        lines: bound + [sent, from("<x xmlns='jabber:x:event'><composing/><id>m1</id></x>")],
        says: [
            "nurse@capulet.test/desk is typing an answer to the message of 009 (XEP-0022).",
            "Message Events (XEP-0022) is obsolete",
        ],
        never: ["Warning"]
    ),
    Case(
        name: "a message that came back, by its number",
        lines: bound + [
            sent,
            "S <message \(nurse) \(me) type='error' id='m1'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
        ],
        says: ["The message of 009 to nurse@capulet.test/desk could not be delivered"]
    ),
    Case(
        name: "the same id in another conversation is another message",
        lines: bound + [
            sent, "S <message from='friar@cell.test' \(me)><received xmlns='urn:xmpp:receipts' id='m1'/></message>",
        ],
        says: ["has received the message with the id m1"],
        never: ["009"]
    ),
]

private let copies: [Case] = [
    Case(
        name: "what another device sent",
        lines: bound + [
            "S <message from='romeo@jabber.test' \(me)><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='romeo@jabber.test/tablet' to='nurse@capulet.test' type='chat'><body>Hello</body></message></forwarded></sent></message>"
        ],
        says: [
            "A copy of what another device of the account sent (XEP-0280): the same account's session \"tablet\" wrote to nurse@capulet.test: \"Hello\"."
        ],
        never: findings
    ),
    Case(
        name: "a copy that refers to an earlier one",
        lines: bound + [
            said,
            "S <message from='romeo@jabber.test' \(me)><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='romeo@jabber.test/tablet' to='nurse@capulet.test' type='chat'><displayed xmlns='urn:xmpp:chat-markers:0' id='n1'/></message></forwarded></sent></message>",
        ],
        says: [
            "the same account's session \"tablet\" tells nurse@capulet.test that it has read everything up to the message of 009"
        ],
        never: findings
    ),
    Case(
        name: "a forged copy",
        lines: bound + [
            "S <message from='fool@evil.test/x' \(me)><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='nurse@capulet.test' to='romeo@jabber.test'><body>No</body></message></forwarded></received></message>"
        ],
        says: [
            "fool@evil.test/x sends what looks like a copy", "Warning: only the own account may send such copies",
            "CVE-2017-5589",
        ]
    ),
    Case(
        name: "copies turned on",
        lines: bound + [
            "C <iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>", "S <iq type='result' id='c'/>",
        ],
        says: ["From now on the client gets copies"],
        never: findings
    ),
    Case(
        name: "copies turned off",
        lines: bound + [
            "C <iq type='set' id='c'><disable xmlns='urn:xmpp:carbons:2'/></iq>", "S <iq type='result' id='c'/>",
        ],
        says: ["From now on the client gets no copies any more"],
        never: findings
    ),
    Case(
        name: "the client's own message back from a room",
        lines: bound + entered + [
            "C <message to='tea@rooms.test' type='groupchat' id='g1'><body>Hello</body></message>",
            "S <message from='tea@rooms.test/Romeo' \(me) type='groupchat' id='g1'><body>Hello</body><stanza-id xmlns='urn:xmpp:sid:0' by='tea@rooms.test' id='s-1'/></message>",
        ],
        says: [
            "The client's own message of 011, which the room tea@rooms.test has accepted and sends to everyone in it: \"Hello\".",
            "The room knows it as s-1 (XEP-0359).",
        ],
        never: findings
    ),
    Case(
        name: "a reply that comes back from a room",
        lines: bound + entered + [
            "C <message to='tea@rooms.test' type='groupchat' id='g1'><body>Hello</body><reply xmlns='urn:xmpp:reply:0' id='s0'/></message>",
            "S <message from='tea@rooms.test/Romeo' \(me) type='groupchat' id='g1'><body>Hello</body><reply xmlns='urn:xmpp:reply:0' id='s0'/></message>",
        ],
        says: [
            "The client's own message of 011, which the room tea@rooms.test has accepted and sends to everyone in it: \"Hello\"."
        ],
        never: findings + ["replies"]
    ),
    Case(
        name: "what a room's id means",
        lines: bound + entered + [
            "C <message to='tea@rooms.test' type='groupchat' id='g1'><body>Hello</body></message>",
            "S <message from='tea@rooms.test/Romeo' \(me) type='groupchat' id='g1'><body>Hello</body><stanza-id xmlns='urn:xmpp:sid:0' by='tea@rooms.test' id='s-1'/></message>",
            "S <message from='tea@rooms.test/Nurse' \(me) type='groupchat'><reactions xmlns='urn:xmpp:reactions:0' id='s-1'><reaction>👍</reaction></reactions></message>",
        ],
        says: ["\"Nurse\" reacts to the message of 011 with 👍 in the room tea@rooms.test"],
        never: findings
    ),
    Case(
        name: "the first subject ends the history",
        lines: bound + entered + [
            "S <message from='tea@rooms.test/Nurse' \(me) type='groupchat'><subject>Tea</subject></message>"
        ],
        says: ["The room tea@rooms.test has the subject \"Tea\", set by \"Nurse\". With it the room's history ends"],
        never: findings
    ),
    Case(
        name: "a message handed on",
        lines: bound + [
            to(
                "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-03-01T15:04:00Z'/><message xmlns='jabber:client' from='friar@cell.test' to='romeo@jabber.test'><body>Wait</body></message></forwarded>"
            )
        ],
        says: [
            "It forwards a message of 2026-03-01 15:04 UTC (XEP-0297): friar@cell.test wrote to romeo@jabber.test: \"Wait\"."
        ],
        never: findings
    ),
    Case(
        name: "servers between each other",
        lines: [
            "C <stream:stream to='b.test' from='a.test' xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
            "S <stream:stream from='b.test' to='a.test' xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>",
            "C <message from='x@a.test/1' to='y@b.test' id='q1'><body>Hello</body></message>",
            "S <message from='y@b.test/2' to='x@a.test/1'><received xmlns='urn:xmpp:receipts' id='q1'/></message>",
        ],
        says: ["y@b.test/2 tells x@a.test/1 that it has received the message of 003"],
        never: ["the client"]
    ),
]

struct MessageTests {
    @Test("what a message refers to is told by the packet's number", arguments: replies)
    func reply(_ test: Case) { expect(test) }

    @Test("receipts, markers, chat states and errors say which message they mean", arguments: reports)
    func report(_ test: Case) { expect(test) }

    @Test("copies are told as what was copied, and forged ones are pointed out", arguments: copies)
    func copy(_ test: Case) { expect(test) }

    @Test("ids beyond number are forgotten, the oldest first")
    func manyIDs() {
        let many = (0..<4200).map { "C <message to='nurse@capulet.test' id='i\($0)'><body>x</body></message>" }
        let asked = ["i10", "i4199"].map {
            "S <message \(nurse) \(me)><received xmlns='urn:xmpp:receipts' id='\($0)'/></message>"
        }
        let all = told(bound + many + asked)
        #expect(all[all.count - 3].contains("the message with the id i10"))
        #expect(all[all.count - 2].contains("the message of 4208"))
    }
}
