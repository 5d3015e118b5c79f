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
        "a result with two children",
        answer("<ping xmlns='urn:xmpp:ping'/>", "<a xmlns='a'/><b xmlns='b'/>"),
        "Warning: a result has one child element at the most, this one has 2",
        answer("<ping xmlns='urn:xmpp:ping'/>", "<a xmlns='a'/>")
    )
    + pair(
        "a condition that is none",
        error("<error type='cancel'><item-lost \(stanzas)/></error>"),
        "item-lost is none of the conditions that stanza errors have (RFC 6120 section 8.3.3).",
        error("<error type='cancel'><gone \(stanzas)/></error>")
    )

private let ofRosters: [Case] =
    pair(
        "a subscription set by the client",
        set("<query \(roster)><item jid='a@b.test' subscription='both'/></query>"),
        "Note: the client sets the subscription to \"both\"",
        set("<query \(roster)><item jid='a@b.test' subscription='remove'/></query>")
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
        "an action that is none",
        set("<command xmlns='http://jabber.org/protocol/commands' node='x' action='go'/>"),
        "Warning: the action \"go\" of <command/> is not one of cancel, complete",
        set("<command xmlns='http://jabber.org/protocol/commands' node='x' action='execute'/>")
    )
    + pair(
        "what an error sends back is another's",
        message("<replace xmlns='urn:xmpp:message-correct:0'/><body>a</body>"),
        "Warning: <replace/> has no id",
        bound + [
            "S <message type='error' id='m1' from='juliet@capulet.test'><replace xmlns='urn:xmpp:message-correct:0'/><error type='cancel'><gone \(stanzas)/></error></message>"
        ]
    )

private func submitted(_ fields: String) -> [String] {
    set(
        "<query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>\(fields)</x></query>"
    )
}
private let ofForms: [Case] =
    pair(
        "a field without a name",
        submitted("<field><value>x</value></field>"),
        "Warning: a field of the form has no var",
        submitted("<field type='fixed'><value>x</value></field>")
    )
    + pair(
        "two values of one",
        submitted("<field var='with' type='jid-single'><value>a@b.test</value><value>c@b.test</value></field>"),
        "Warning: the field \"with\" of type jid-single has 2 values, but takes one (XEP-0004 section 3.2).",
        submitted("<field var='ids' type='text-multi'><value>a</value><value>b</value></field>")
    )
    + pair(
        "no boolean",
        submitted("<field var='include-groupchat' type='boolean'><value>yes</value></field>"),
        "Warning: the field \"include-groupchat\" is boolean, but its value is \"yes\"",
        submitted("<field var='include-groupchat' type='boolean'><value>true</value></field>")
    )
    + pair(
        "no time",
        submitted("<field var='start'><value>yesterday</value></field>"),
        "Warning: start is \"yesterday\", which is no time",
        submitted("<field var='start'><value>2010-06-07T02:00:00+02:00</value></field>")
    )
    + pair(
        "no span",
        submitted(
            "<field var='start'><value>2010-06-07T00:00:00Z</value></field><field var='end'><value>2009-06-07T00:00:00Z</value></field>"
        ),
        "Warning: start is later than end",
        submitted(
            "<field var='start'><value>2010-06-07T00:00:00Z</value></field><field var='end'><value>2011-06-07T00:00:00Z</value></field>"
        )
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
        "two priorities",
        bound + ["C <presence><priority>1</priority><priority>2</priority></presence>"],
        "Warning: there is more than one <priority/>",
        bound + ["C <presence><priority>1</priority></presence>"]
    )
    + pair(
        "a body of elements",
        message("<body>a<b>c</b></body>"),
        "Warning: <body/> holds elements",
        message("<body>a&lt;b></body>")
    )
    + pair(
        "an item published by asking",
        bound + [
            "C <iq type='get' id='p'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n'><item/></publish></pubsub></iq>"
        ],
        "Warning: <publish/> is sent in an iq of type set, not of another one",
        set(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n'><item><a xmlns='a'/></item></publish></pubsub>"
        )
    )
    + pair(
        "idle since no time",
        bound + ["C <presence><idle xmlns='urn:xmpp:idle:1' since='now'/></presence>"],
        "the since \"now\" of <idle/> is no time",
        bound + ["C <presence><idle xmlns='urn:xmpp:idle:1' since='2026-03-01T15:04:05+01:00'/></presence>"]
    )
    + pair(
        "two threads",
        message("<body>a</body><thread>1</thread><thread>2</thread>"),
        "Warning: a message belongs to one thread at the most, this one to 2",
        message("<body>a</body><thread>1</thread>")
    )
    + pair(
        "groupchat to one person",
        bound + ["C <message type='groupchat' to='tea@rooms.test/nurse' id='g'><body>x</body></message>"],
        "Warning: a message of type groupchat is for the room itself",
        bound + ["C <message type='groupchat' to='tea@rooms.test' id='g'><body>x</body></message>"]
    )
    + pair(
        "stream management before a resource",
        loggedIn + ["C <enable xmlns='urn:xmpp:sm:3'/>"],
        "Warning: no resource is bound yet",
        bound + ["C <enable xmlns='urn:xmpp:sm:3'/>"]
    )
    + pair(
        "history that is no number",
        bound + [
            "C <presence to='tea@rooms.test/x'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='all'/></x></presence>"
        ],
        "the maxstanzas \"all\" of <history/> is no whole number",
        bound + [
            "C <presence to='tea@rooms.test/x'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
        ]
    )
    + pair(
        "no affiliation",
        set(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><affiliations node='n'><affiliation jid='a@b.test' affiliation='boss'/></affiliations></pubsub>"
        ),
        "the affiliation \"boss\" of <affiliation/> is not one of member, none",
        set(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><affiliations node='n'><affiliation jid='a@b.test' affiliation='publisher'/></affiliations></pubsub>"
        )
    )
    + pair(
        "a ping that sets",
        set("<ping xmlns='urn:xmpp:ping'/>"),
        "Warning: <ping/> is sent in an iq of type get, not of another one",
        bound + [ping]
    )
    + pair(
        "pages of less than nothing",
        set("<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>-3</max></set></query>"),
        "Warning: \"-3\" in <max/> is no whole number from 0 on",
        set("<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>3</max></set></query>")
    )
private let states = "xmlns='http://jabber.org/protocol/chatstates'"
private func to(_ address: String) -> [String] {
    bound + ["C <message type='chat' to='\(address)' id='j1'><body>x</body></message>"]
}

struct FaultTests {
    @Test("faults in the parts of messages, and in addresses", arguments: ofParts)
    func part(_ test: Case) { expect(test) }

    @Test("faults in forms", arguments: ofForms)
    func form(_ test: Case) { expect(test) }

    @Test("faults in the form of stanzas", arguments: ofStanzas)
    func stanza(_ test: Case) { expect(test) }

    @Test("faults in changes of the contact list", arguments: ofRosters)
    func contacts(_ test: Case) { expect(test) }

    @Test("faults of what stanzas carry", arguments: ofElements)
    func element(_ test: Case) { expect(test) }
}
