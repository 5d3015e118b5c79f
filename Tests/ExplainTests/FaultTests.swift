import Testing

private let stanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
private let roster = "xmlns='jabber:iq:roster'"
private let ping = "C <iq type='get' id='p1' to='shop.test'><ping xmlns='urn:xmpp:ping'/></iq>"

private func message(_ content: String) -> [String] {
    bound + [
        "S <message type='chat' id='m1' from='juliet@capulet.test/x' to='romeo@jabber.test/orchard'>\(content)</message>"
    ]
}
private func set(_ content: String) -> [String] { bound + ["C <iq type='set' id='s1'>\(content)</iq>"] }
private func error(_ content: String) -> [String] {
    bound + [ping, "S <iq type='error' id='p1' from='shop.test' to='romeo@jabber.test/orchard'>\(content)</iq>"]
}
private func answer(_ request: String, _ content: String) -> [String] {
    bound + [
        "C <iq type='get' id='a1' to='shop.test'>\(request)</iq>",
        "S <iq type='result' id='a1' from='shop.test' to='romeo@jabber.test/orchard'>\(content)</iq>",
    ]
}
/// A packet that has the fault, and one that nearly has it.
private func pair(_ name: String, _ faulty: [String], _ says: String, _ right: [String]) -> [Case] {
    [
        Case(name: name, lines: faulty, says: [says]),
        Case(name: name + ", nearly", lines: right, says: [], never: [says]),
    ]
}

private let ofStanzas: [Case] =
    pair(
        "two bodies",
        message("<body>a</body><body xml:lang=''>b</body>"),
        "Warning: there is more than one <body/> in the same language; several must differ in their xml:lang (RFC 6121 section 5.2).",
        message("<body xml:lang='en'>a</body><body xml:lang='de'>b</body>")
    )
    + pair(
        "two shows",
        bound + ["C <presence><show>away</show><show>dnd</show></presence>"],
        "Warning: a presence has no more than one <show/>, this one has 2",
        bound + ["C <presence><show>away</show><priority>1</priority></presence>"]
    )
    + pair(
        "a result with two children",
        answer("<ping xmlns='urn:xmpp:ping'/>", "<a xmlns='a'/><b xmlns='b'/>"),
        "Warning: a result has one child element at the most, this one has 2",
        answer("<ping xmlns='urn:xmpp:ping'/>", "<a xmlns='a'/>")
    )
    + pair(
        "a type of error that is none",
        error("<error type='cancle'><item-not-found \(stanzas)/></error>"),
        "Warning: the type of an error is auth, cancel",
        error("<error type='cancel'><item-not-found \(stanzas)/></error>")
    )
    + pair(
        "two conditions",
        error("<error type='cancel'><item-not-found \(stanzas)/><conflict \(stanzas)/></error>"),
        "Warning: an error has exactly one condition, this one has 2",
        error("<error type='cancel'><conflict \(stanzas)/><text \(stanzas)>x</text></error>")
    )
    + pair(
        "a condition that is none",
        error("<error type='cancel'><item-lost \(stanzas)/></error>"),
        "Warning: item-lost is none of the conditions of stanza errors (RFC 6120 section 8.3.3).",
        error("<error type='cancel'><gone \(stanzas)/></error>")
    )

private let ofRosters: [Case] =
    pair(
        "several items",
        set("<query \(roster)><item jid='a@b.test'/><item jid='c@b.test'/></query>"),
        "Warning: the roster set has 2 items and must have exactly one",
        set("<query \(roster)><item jid='a@b.test'/></query>")
    )
    + pair(
        "an item without an address",
        set("<query \(roster)><item name='x'/></query>"),
        "Warning: the item has no jid",
        set("<query \(roster)><item jid='a@b.test' subscription='remove'/></query>")
    )
    + pair(
        "a subscription set by the client",
        set("<query \(roster)><item jid='a@b.test' subscription='both'/></query>"),
        "Note: the client sets the subscription to \"both\"",
        set("<query \(roster)><item jid='a@b.test' subscription='remove'/></query>")
    )
    + pair(
        "a group twice",
        set("<query \(roster)><item jid='a@b.test'><group>A</group><group>A</group></item></query>"),
        "Warning: a group is named twice",
        set("<query \(roster)><item jid='a@b.test'><group>A</group><group>B</group></item></query>")
    )
    + pair(
        "a group without a name",
        set("<query \(roster)><item jid='a@b.test'><group/></item></query>"),
        "Warning: the name of a group is empty",
        set("<query \(roster)><item jid='a@b.test'><group>A</group></item></query>")
    )

private func delayed(_ attributes: String) -> [String] {
    message("<body>a</body><delay xmlns='urn:xmpp:delay' \(attributes)/>")
}
private let ofElements: [Case] =
    pair(
        "no stamp",
        delayed("from='x.test'"),
        "Warning: <delay/> has no stamp, which it must have (XEP-0203 section 2).",
        delayed("stamp='2002-09-10T23:08:25.123Z'")
    )
    + pair(
        "an old stamp",
        delayed("stamp='20020910T23:08:25'"),
        "of <delay/> is no time in UTC",
        delayed("stamp='2002-09-10T23:08:25Z'")
    )
    + pair(
        "a local time",
        delayed("stamp='2002-09-10T23:08:25+02:00'"),
        "of <delay/> is no time in UTC",
        delayed("stamp='2002-09-10T23:08:25+00:00'")
    )
    + pair(
        "no version",
        answer("<query xmlns='jabber:iq:version'/>", "<query xmlns='jabber:iq:version'><name>x</name></query>"),
        "Warning: <query/> is without <version/>, which must be in it (XEP-0092 section 2).",
        answer(
            "<query xmlns='jabber:iq:version'/>",
            "<query xmlns='jabber:iq:version'><name>x</name><version>1</version></query>"
        )
    )
    + pair(
        "seconds below zero",
        answer("<query xmlns='jabber:iq:last'/>", "<query xmlns='jabber:iq:last' seconds='-1'/>"),
        "Warning: the seconds \"-1\" of <query/> is no whole number from 0 on",
        answer("<query xmlns='jabber:iq:last'/>", "<query xmlns='jabber:iq:last' seconds='0'/>")
    )
    + pair(
        "an action that is none",
        set("<command xmlns='http://jabber.org/protocol/commands' node='x' action='go'/>"),
        "Warning: the action \"go\" of <command/> is not one of cancel, complete",
        set("<command xmlns='http://jabber.org/protocol/commands' node='x' action='execute'/>")
    )
    + pair(
        "a block too large",
        set("<open xmlns='http://jabber.org/protocol/ibb' sid='a' block-size='65536'/>"),
        "Warning: the block-size \"65536\" of <open/> is no whole number from 0 to 65535",
        set("<open xmlns='http://jabber.org/protocol/ibb' sid='a' block-size='65535'/>")
    )
    + pair(
        "no base64",
        set("<data xmlns='http://jabber.org/protocol/ibb' sid='a' seq='0'>a!</data>"),
        "Warning: the text in <data/> is not base64",
        set("<data xmlns='http://jabber.org/protocol/ibb' sid='a' seq='0'>YW Jj\n ZA==</data>")
    )
    + pair(
        "what an error sends back is another's",
        message("<replace xmlns='urn:xmpp:message-correct:0'/><body>a</body>"),
        "Warning: <replace/> has no id",
        bound + [
            "S <message type='error' id='m1' from='juliet@capulet.test'><replace xmlns='urn:xmpp:message-correct:0'/><error type='cancel'><gone \(stanzas)/></error></message>"
        ]
    )

private let ofParts: [Case] =
    pair(
        "two chat states",
        message("<composing \(states)/><paused \(states)/>"),
        "Warning: a message tells one chat state at the most, this one 2",
        message("<body>a</body><active \(states)/>")
    )
    + pair(
        "a reaction twice",
        message(
            "<reactions xmlns='urn:xmpp:reactions:0' id='x'><reaction>👍</reaction><reaction>👍</reaction></reactions>"
        ),
        "Warning: the same reaction is in it more than once",
        message(
            "<reactions xmlns='urn:xmpp:reactions:0' id='x'><reaction>👍</reaction><reaction>👎</reaction></reactions>"
        )
    )
    + pair(
        "a receipt for a message without an id",
        bound + [
            "S <message type='chat' from='juliet@capulet.test/x'><body>a</body><request xmlns='urn:xmpp:receipts'/></message>"
        ],
        "Warning: it asks for a receipt and has no id",
        message("<body>a</body><request xmlns='urn:xmpp:receipts'/>")
    )
    + [
        ("a@b@c.test", "it has more than one @"), ("a b@c.test", "there is a space"), ("a@c.test/", "behind its slash"),
        ("@c.test", "before its @"),
    ]
    .flatMap { address, why in
        pair("no address: \(address)", to(address), why, to("a@c.test/b @ c/d"))
    }
    + pair(
        "a ping that sets",
        set("<ping xmlns='urn:xmpp:ping'/>"),
        "Warning: <ping/> is sent in an iq of type get, not of another one",
        bound + [ping]
    )
    + pair(
        "a kick of nobody",
        set("<query xmlns='http://jabber.org/protocol/muc#admin'><item role='none'/></query>"),
        "Warning: <item/> has neither jid nor nick",
        set("<query xmlns='http://jabber.org/protocol/muc#admin'><item role='none' nick='a'/></query>")
    )
    + pair(
        "pages of less than nothing",
        set("<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>-3</max></set></query>"),
        "Warning: \"-3\" in <max/> is no whole number from 0 on",
        set("<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>3</max></set></query>")
    )
    + pair(
        "a subscription of a resource",
        bound + ["C <presence type='subscribe' to='juliet@capulet.test/x'/>"],
        "Warning: it is for a full address, but subscriptions are between bare ones",
        bound + ["C <presence type='subscribe' to='juliet@capulet.test'/>"]
    )
    + pair(
        "a subscription for nobody",
        bound + ["C <presence type='subscribe'/>"],
        "Warning: the presence of type subscribe has no to",
        bound + ["C <presence/>"]
    )
private let states = "xmlns='http://jabber.org/protocol/chatstates'"
private func to(_ address: String) -> [String] {
    bound + ["C <message type='chat' to='\(address)' id='j1'><body>x</body></message>"]
}

struct FaultTests {
    @Test("faults in the parts of messages, and in addresses", arguments: ofParts)
    func part(_ test: Case) { expect(test) }

    @Test("faults in the form of stanzas", arguments: ofStanzas)
    func stanza(_ test: Case) { expect(test) }

    @Test("faults in changes of the contact list", arguments: ofRosters)
    func contacts(_ test: Case) { expect(test) }

    @Test("faults of what stanzas carry", arguments: ofElements)
    func element(_ test: Case) { expect(test) }
}
