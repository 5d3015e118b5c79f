import Testing

private let pubsub = "xmlns='http://jabber.org/protocol/pubsub'"
private let conditions = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

private func publish(_ node: String, _ item: String, more: String = "") -> String {
    "C <iq type='set' id='q1'><pubsub \(pubsub)><publish node='\(node)'>\(item)</publish>\(more)</pubsub></iq>"
}
private func event(_ node: String, _ items: String, from: String = "juliet@capulet.test") -> String {
    "S <message from='\(from)' to='romeo@jabber.test/orchard' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='\(node)'>\(items)</items></event></message>"
}
private func item(_ payload: String, id: String = "current") -> String { "<item id='\(id)'>\(payload)</item>" }
private let closed =
    "<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='pubsub#access_model'><value>whitelist</value></field></x></publish-options>"
private let mood = "http://jabber.org/protocol/mood"
private let tune = "http://jabber.org/protocol/tune"
private let bookmarks = "urn:xmpp:bookmarks:1"
private let bookmark =
    "<conference xmlns='urn:xmpp:bookmarks:1' name='Tea' autojoin='1'><nick>Romeo</nick><password>cauldron</password></conference>"

private let people: [Case] = [
    Case(
        name: "a mood is published",
        lines: bound + [publish(mood, item("<mood xmlns='\(mood)'><in_love/><text>Sigh</text></mood>"))],
        says: ["The client publishes its mood: in love, \"Sigh\" (node \"\(mood)\", item \"current\", XEP-0107)."],
        never: ["Warning"]
    ),
    Case(
        name: "a mood without a word",
        lines: bound + [event(mood, item("<mood xmlns='\(mood)'/>"))],
        says: ["juliet@capulet.test no longer tells a mood"]
    ),
    Case(
        name: "somebody's mood",
        lines: bound + [event(mood, item("<mood xmlns='\(mood)'><happy/></mood>"))],
        says: ["The mood of juliet@capulet.test is now: happy"]
    ),
    Case(
        name: "the own mood comes back",
        lines: bound + [event(mood, item("<mood xmlns='\(mood)'><happy/></mood>"), from: "romeo@jabber.test")],
        says: ["The client's own mood is now: happy"]
    ),
    Case(
        name: "a tune of which only the artist is known",
        lines: bound + [event(tune, item("<tune xmlns='\(tune)'><artist>Nina</artist></tune>"))],
        says: ["juliet@capulet.test is listening to music by Nina"]
    ),
    Case(
        name: "an activity with its kind",
        lines: bound + [
            event(
                "http://jabber.org/protocol/activity",
                item("<activity xmlns='http://jabber.org/protocol/activity'><relaxing><reading/></relaxing></activity>")
            )
        ],
        says: ["The activity of juliet@capulet.test is now: relaxing, reading"]
    ),
    Case(
        name: "a place with half of its coordinates",
        lines: bound + [
            event(
                "http://jabber.org/protocol/geoloc",
                item(
                    "<geoloc xmlns='http://jabber.org/protocol/geoloc'><lat>45</lat><locality>Verona</locality></geoloc>"
                )
            )
        ],
        says: ["The location of juliet@capulet.test is now: Verona"],
        never: ["latitude"]
    ),
    Case(
        name: "a game",
        lines: bound + [
            event(
                "urn:xmpp:gaming:0",
                item("<game xmlns='urn:xmpp:gaming:0'><name>chess</name><level>3</level></game>")
            )
        ],
        says: ["juliet@capulet.test is playing \"chess\", level \"3\""]
    ),
    Case(
        name: "a nickname",
        lines: bound + [
            event("http://jabber.org/protocol/nick", item("<nick xmlns='http://jabber.org/protocol/nick'>Jule</nick>"))
        ],
        says: ["juliet@capulet.test wants to be called \"Jule\""]
    ),
    Case(
        name: "a contact that has moved",
        lines: bound + [
            event("urn:xmpp:moved:1", item("<moved xmlns='urn:xmpp:moved:1'><new-jid>j@new.test</new-jid></moved>"))
        ],
        says: ["juliet@capulet.test has moved to j@new.test"]
    ),
    Case(
        name: "a request from the new address",
        lines: bound + [
            "S <presence from='j@new.test' to='romeo@jabber.test' type='subscribe'><moved xmlns='urn:xmpp:moved:1'><old-jid>juliet@capulet.test</old-jid></moved></presence>"
        ],
        says: ["j@new.test asks", "it has moved here from juliet@capulet.test"]
    ),
    Case(
        name: "OMEMO devices, the old kind",
        lines: bound + [
            event(
                "eu.siacs.conversations.axolotl.devicelist",
                item("<list xmlns='eu.siacs.conversations.axolotl'><device id='7'/><device id='8'/><device/></list>")
            )
        ],
        says: ["The OMEMO device list of juliet@capulet.test is now: 3 devices, 7, 8 and one without an id"]
    ),
    Case(
        name: "the keys of a device are asked for",
        lines: bound + [
            "C <iq type='get' id='q1' to='juliet@capulet.test'><pubsub \(pubsub)><items node='eu.siacs.conversations.axolotl.bundles:7'/></pubsub></iq>"
        ],
        says: ["The client asks for the OMEMO key bundle of the device 7 of juliet@capulet.test"]
    ),
    Case(
        name: "keys that nobody published",
        lines: bound + [
            "C <iq type='get' id='q1' to='juliet@capulet.test'><pubsub \(pubsub)><items node='urn:xmpp:omemo:2:devices'/></pubsub></iq>",
            "S <iq type='error' id='q1' from='juliet@capulet.test'><error type='cancel'><item-not-found \(conditions)/></error></iq>",
        ],
        says: ["There is no OMEMO device list of juliet@capulet.test (item-not-found)."]
    ),
    Case(
        name: "the payload of another protocol",
        lines: bound + [event("urn:example:node", item("<thing xmlns='urn:example:thing'/>", id: "t1"))],
        says: [
            "juliet@capulet.test announces in the node \"urn:example:node\": the item \"t1\", <thing/> of the namespace \"urn:example:thing\""
        ]
    ),
]

private let avatars: [Case] = [
    Case(
        name: "an avatar",
        lines: bound + [
            event(
                "urn:xmpp:avatar:metadata",
                item(
                    "<metadata xmlns='urn:xmpp:avatar:metadata'><info bytes='12345' id='aa' type='image/png' width='64' height='64'/></metadata>"
                )
            )
        ],
        says: ["juliet@capulet.test has this avatar: image/png, 64 × 64, 12,345 bytes, id aa"]
    ),
    Case(
        name: "an avatar of which nothing is said",
        lines: bound + [
            event(
                "urn:xmpp:avatar:metadata",
                item("<metadata xmlns='urn:xmpp:avatar:metadata'><info bytes='x'/></metadata>")
            )
        ],
        says: ["has this avatar: a picture of which nothing is said"]
    ),
    Case(
        name: "no avatar any more",
        lines: bound + [event("urn:xmpp:avatar:metadata", item("<metadata xmlns='urn:xmpp:avatar:metadata'/>"))],
        says: ["juliet@capulet.test no longer shows an avatar"]
    ),
    Case(
        name: "uploading it",
        lines: bound + [
            publish("urn:xmpp:avatar:data", item("<data xmlns='urn:xmpp:avatar:data'>QUJD\nREVG</data>", id: "aa"))
        ],
        says: ["The client uploads its avatar picture, 6 bytes, as \"aa\""]
    ),
]

private let stored: [Case] = [
    Case(
        name: "a bookmark, but not its password",
        lines: bound + [publish(bookmarks, item(bookmark, id: "tea@rooms.test"), more: closed)],
        says: [
            "The client bookmarks the room tea@rooms.test (\"Tea\"), to be entered as \"Romeo\" at each login, with a password",
            "only the own account may read it",
        ],
        never: ["cauldron", "Warning"],
        isIntercepted: true
    ),
    Case(
        name: "it is stored",
        lines: bound + [
            publish(bookmarks, item(bookmark, id: "tea@rooms.test"), more: closed), "S <iq type='result' id='q1'/>",
        ],
        says: ["The bookmark for the room tea@rooms.test is stored"]
    ),
    Case(
        name: "a bookmark that the contacts may see",
        lines: bound + [publish(bookmarks, item(bookmark, id: "tea@rooms.test"))],
        says: ["Warning: publish-options do not demand the access model whitelist"]
    ),
    Case(
        name: "a bookmark from somebody else",
        lines: bound + [event(bookmarks, item(bookmark, id: "trap@evil.test"))],
        says: ["Warning: a bookmark is for the own account only, and this one is somebody else's"]
    ),
    Case(
        name: "a bookmark from the own account",
        lines: bound + [event(bookmarks, item(bookmark, id: "tea@rooms.test"), from: "romeo@jabber.test")],
        says: [
            "The client's own account has the room tea@rooms.test (\"Tea\") bookmarked, to be entered as \"Romeo\" at each login"
        ],
        never: ["Warning"],
        isIntercepted: true
    ),
    Case(
        name: "a bookmark is deleted",
        lines: bound + [event(bookmarks, "<retract id='tea@rooms.test'/>", from: "romeo@jabber.test")],
        says: ["The client's own account announces: the bookmark for the room \"tea@rooms.test\" is deleted"]
    ),
    Case(
        name: "an empty bookmark",
        lines: bound + [publish(bookmarks, "<item><conference xmlns='\(bookmarks)'/></item>", more: closed)],
        says: ["The client bookmarks a room without an address"],
        never: ["\"\""]
    ),
    Case(
        name: "old bookmarks",
        lines: bound + [
            "C <iq type='get' id='q1'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query></iq>",
            "S <iq type='result' id='q1'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'><conference jid='tea@rooms.test'/><url url='https://t.test/' name='T'/></storage></query></iq>",
        ],
        says: [
            "The private storage holds 2 bookmarks: the room tea@rooms.test and the page \"https://t.test/\" (\"T\")."
        ]
    ),
    Case(
        name: "no bookmarks",
        lines: bound + [
            "C <iq type='get' id='q1'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query></iq>",
            "S <iq type='result' id='q1'><query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query></iq>",
        ],
        says: ["The private storage holds no bookmarks."]
    ),
    Case(
        name: "how far a chat was read",
        lines: bound + [
            publish(
                "urn:xmpp:mds:displayed:0",
                item(
                    "<displayed xmlns='urn:xmpp:mds:displayed:0'><stanza-id xmlns='urn:xmpp:sid:0' by='romeo@jabber.test' id='m9'/></displayed>",
                    id: "juliet@capulet.test"
                ),
                more: closed
            )
        ],
        says: [
            "notes for the account's other clients that the chat with juliet@capulet.test was read up to the message \"m9\""
        ],
        never: ["Warning"]
    ),
    Case(
        name: "a vCard",
        lines: bound + [
            "C <iq type='get' id='q1' to='juliet@capulet.test'><vCard xmlns='vcard-temp'/></iq>",
            "S <iq type='result' id='q1' from='juliet@capulet.test'><vCard xmlns='vcard-temp'><FN>Juliet</FN><EMAIL><USERID>secret@mail.test</USERID></EMAIL><PHOTO><TYPE>image/png</TYPE><BINVAL>QUJD</BINVAL></PHOTO></vCard></iq>",
        ],
        says: ["The vCard of juliet@capulet.test: Juliet, with a picture (image/png, 3 bytes) and an e-mail address."],
        never: ["secret@mail"]
    ),
    Case(
        name: "no vCard",
        lines: bound + [
            "C <iq type='get' id='q1'><vCard xmlns='vcard-temp'/></iq>",
            "S <iq type='error' id='q1'><error type='cancel'><item-not-found \(conditions)/></error></iq>",
        ],
        says: ["The client's own vCard does not exist (item-not-found)."]
    ),
    Case(
        name: "an empty vCard is none",
        lines: bound + ["C <iq type='get' id='q1'><vCard xmlns='vcard-temp'/></iq>", "S <iq type='result' id='q1'/>"],
        says: ["The client's own vCard is empty."]
    ),
    Case(
        name: "push",
        lines: bound + [
            "C <iq type='set' id='q1'><enable xmlns='urn:xmpp:push:0' jid='push.test' node='tok'/></iq>",
            "S <iq type='result' id='q1'/>",
        ],
        says: ["Push notifications through push.test are on"]
    ),
    Case(
        name: "push without a service",
        lines: bound + ["C <iq type='set' id='q1'><disable xmlns='urn:xmpp:push:0'/></iq>"],
        says: ["to wake it no longer through a push service that it does not name"]
    ),
    Case(
        name: "a channel is joined through the own server",
        lines: bound + [
            "C <iq type='set' id='q1'><client-join xmlns='urn:xmpp:mix:pam:2' channel='coven@mix.test'><join xmlns='urn:xmpp:mix:core:1'><subscribe node='urn:xmpp:mix:nodes:messages'/><nick>Romeo</nick></join></client-join></iq>",
            "S <iq type='result' id='q1'><client-join xmlns='urn:xmpp:mix:pam:2'><join xmlns='urn:xmpp:mix:core:1' id='123'><nick>Romeo</nick></join></client-join></iq>",
        ],
        says: [
            "The client is now a participant of the channel coven@mix.test as \"Romeo\", with the participant id 123"
        ]
    ),
    Case(
        name: "a channel that cannot be joined",
        lines: bound + [
            "C <iq type='set' id='q1' to='coven@mix.test'><join xmlns='urn:xmpp:mix:core:1'/></iq>",
            "S <iq type='error' id='q1' from='coven@mix.test'><error type='cancel'><forbidden \(conditions)/></error></iq>",
        ],
        says: ["The channel coven@mix.test is not joined: the sender is not permitted to do this (forbidden)."]
    ),
]

private let others: [Case] = [
    Case(
        name: "an invitation into a channel",
        lines: bound + [
            "S <message from='juliet@capulet.test/x'><invitation xmlns='urn:xmpp:mix:misc:0'><channel>coven@mix.test</channel></invitation><body>Come</body></message>"
        ],
        says: ["juliet@capulet.test/x invites the client into the channel coven@mix.test: \"Come\" (XEP-0407)."]
    ),
    Case(
        name: "whose keys are trusted",
        lines: bound + [
            "S <message from='juliet@capulet.test/x'><trust-message xmlns='urn:xmpp:tm:1' usage='a' encryption='b'><key-owner jid='n@c.test'><trust>QQ==</trust><distrust>QQ==</distrust></key-owner><key-owner/></trust-message></message>"
        ],
        says: ["trusts 1 key and no longer trusts 1 key of n@c.test"]
    ),
    Case(
        name: "the keys of a device are published",
        lines: bound + [
            publish(
                "eu.siacs.conversations.axolotl.bundles:7",
                item("<bundle xmlns='eu.siacs.conversations.axolotl'/>")
            ),
            "S <iq type='result' id='q1'/>",
        ],
        says: ["The OMEMO key bundle of the device 7 is published"]
    ),
]

@Test("What stands in an item is told in the words of its protocol", arguments: people + avatars + stored + others)
private func tellsItems(_ test: Case) { expect(test) }
