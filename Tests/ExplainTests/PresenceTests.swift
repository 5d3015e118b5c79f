import Testing

private let conditions = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
private let user = "xmlns='http://jabber.org/protocol/muc#user'"
private let enter = "C <presence to='tea@rooms.test/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
private let entered =
    "S <presence from='tea@rooms.test/Romeo'><x \(user)><item affiliation='none' role='participant'/><status code='110'/></x></presence>"

private let presences: [Case] = [
    Case(
        name: "entering a room is asking to",
        lines: bound + [enter],
        says: ["The client asks to enter the room tea@rooms.test as \"Romeo\" (XEP-0045)."],
        never: ["Warning"]
    ),
    Case(
        name: "no nickname",
        lines: bound + ["C <presence to='tea@rooms.test'><x xmlns='http://jabber.org/protocol/muc'/></presence>"],
        says: ["asks to enter the room tea@rooms.test (XEP-0045).", "Warning: no nickname is given"],
        never: ["\"\""]
    ),
    Case(
        name: "no name of a room",
        lines: bound + ["C <presence to='rooms.test/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>"],
        says: ["Warning: \"rooms.test\" has no name before an @"]
    ),
    Case(
        name: "an occupant is present, not online",
        lines: bound + [
            enter,
            "S <presence from='tea@rooms.test/Nurse'><x \(user)><item affiliation='owner' role='moderator' jid='nurse@capulet.test/x'/></x></presence>",
        ],
        says: [
            "In the room tea@rooms.test: \"Nurse\" is present (owner and moderator), real address nurse@capulet.test/x."
        ],
        never: ["online"]
    ),
    Case(
        name: "being let in",
        lines: bound + [enter, entered],
        says: ["The client is now in the room tea@rooms.test as \"Romeo\" (participant)."]
    ),
    Case(
        name: "leaving a room is not going offline",
        lines: bound + [enter, entered, "C <presence to='tea@rooms.test/Romeo' type='unavailable'/>"],
        says: ["The client leaves the room tea@rooms.test."],
        never: ["offline"]
    ),
    Case(
        name: "an occupant leaves",
        lines: bound + [
            enter, entered,
            "S <presence from='tea@rooms.test/Nurse' type='unavailable'><x \(user)><item/></x></presence>",
        ],
        says: ["\"Nurse\" has left the room tea@rooms.test."],
        never: ["offline"]
    ),
    Case(
        name: "an own change of nickname",
        lines: bound + [enter, entered, "C <presence to='tea@rooms.test/Montague'/>"],
        says: ["The client wants to be called \"Montague\" instead of \"Romeo\" in the room tea@rooms.test."]
    ),
    Case(
        name: "the own change of nickname done",
        lines: bound + [
            enter, entered,
            "S <presence from='tea@rooms.test/Romeo' type='unavailable'><x \(user)><item nick='Montague'/><status code='303'/><status code='110'/></x></presence>",
        ],
        says: ["the client is now called \"Montague\" instead of \"Romeo\""],
        never: ["offline", "left"]
    ),
    Case(
        name: "being kicked",
        lines: bound + [
            enter, entered,
            "S <presence from='tea@rooms.test/Romeo' type='unavailable'><x \(user)><item><actor nick='Nurse'/><reason>Enough</reason></item><status code='110'/><status code='307'/></x></presence>",
        ],
        says: ["The client was kicked out of the room tea@rooms.test by \"Nurse\". The reason given: \"Enough\"."]
    ),
    Case(
        name: "a room refuses, by its name",
        lines: bound + [
            enter,
            "S <presence from='tea@rooms.test/Romeo' type='error'><error type='auth'><registration-required \(conditions)/></error></presence>",
        ],
        says: ["The room tea@rooms.test does not let the client in: only members may enter (registration-required)."],
        summary:
            "Login as romeo@jabber.test by PLAIN succeeded: the facts.\nEntering the room tea@rooms.test failed (009 to 010): only members may enter (registration-required). Ask an admin or owner of the room for membership."
    ),
    Case(
        name: "directed presence goes to one only",
        lines: bound + ["C <presence to='nurse@capulet.test'/>"],
        says: ["The client lets nurse@capulet.test alone know that it is online."]
    ),
    Case(
        name: "presence that bounced",
        lines: bound + [
            "S <presence from='ghost@gone.test' type='error'><error type='cancel'><remote-server-not-found \(conditions)/></error></presence>"
        ],
        says: [
            "Presence to ghost@gone.test could not be delivered: the addressee's server does not exist or cannot be found (remote-server-not-found)."
        ]
    ),
    Case(
        name: "a subscription granted without being asked for",
        lines: bound + ["C <presence to='nurse@capulet.test' type='subscribed'/>"],
        says: [
            "The client allows nurse@capulet.test to see when the client is online",
            "in advance (RFC 6121 section 3.4)",
        ]
    ),
    Case(
        name: "a subscription granted after it was asked for",
        lines: bound + [
            "S <presence from='nurse@capulet.test' type='subscribe'/>",
            "C <presence to='nurse@capulet.test' type='subscribed'/>",
        ],
        says: ["The client grants the request of 009: nurse@capulet.test may see when the client is online."],
        never: ["in advance"]
    ),
    Case(
        name: "OMEMO's stopgap is not what was said",
        lines: bound + [
            "S <message from='nurse@capulet.test/x' type='chat'><encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='17'><key rid='4'>QQ==</key><iv>QQ==</iv></header><payload>QQ==</payload></encrypted><body>Get OMEMO!</body></message>"
        ],
        says: ["An encrypted chat message from nurse@capulet.test/x (OMEMO, XEP-0384), from device 17 for device 4."],
        never: ["Get OMEMO"]
    ),
    Case(
        name: "a message that carries something else than a text",
        lines: bound + [
            "S <message from='nurse@capulet.test/x' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        ],
        says: ["nurse@capulet.test/x is typing (XEP-0085)."],
        never: ["without a text"]
    ),
    Case(
        name: "presence before the login",
        lines: opened + ["S <stream:features/>", "C <presence/>"],
        says: ["Warning: the client has not logged in; a server must not let this pass (RFC 6120 section 7.1)."],
        summary: "A connection with jabber.test: the facts. The client sent the stanza 004 before it had logged in."
    ),
    Case(
        name: "a message before a resource is bound",
        lines: loggedIn + ["C <message to='nurse@capulet.test'><body>x</body></message>"],
        says: ["Warning: the client has not bound a resource yet"]
    ),
]

struct PresenceTests {
    @Test("presence, rooms and messages are told as what they are", arguments: presences)
    func presence(_ test: Case) { expect(test) }

    @Test("a request of the other side is a story too", arguments: ["subscribed", "unsubscribed"])
    func askedByOthers(_ answer: String) {
        let lines = [
            "S <presence type='subscribe' from='nurse@capulet.test'/>",
            "C <presence type='\(answer)' to='nurse@capulet.test'/>",
        ]
        let summary = told(bound + lines).last ?? ""
        let outcome = answer == "subscribed" ? "succeeded" : "failed"
        #expect(summary.contains("The request to see the client, made by nurse@capulet.test, \(outcome)"), "\(summary)")
    }
}
