import Testing
import XMPP

private let me = "romeo@jabber.test/orchard"
private let juliet = "juliet@capulet.test/balcony"
private let form = "xmlns='jabber:x:data'"
private let command = "xmlns='http://jabber.org/protocol/commands'"
private let privacy = "xmlns='jabber:iq:privacy'"
private let pubsub = "xmlns='http://jabber.org/protocol/pubsub'"
private let disco = "xmlns='http://jabber.org/protocol/disco#info'"
private let ping = "xmlns='urn:xmpp:ping'"

private let pairs: [NearMiss] = [
    NearMiss(
        "blocking.nobody",
        .warning,
        "XEP-0191 section 3.3",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><block xmlns='urn:xmpp:blocking'/></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><unblock xmlns='urn:xmpp:blocking'/></iq>"
        ]
    ),
    NearMiss(
        "blocking.nobody",
        .warning,
        "XEP-0191 section 3.3",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><block xmlns='urn:xmpp:blocking'><item/></block></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><block xmlns='urn:xmpp:blocking'><item jid='juliet@capulet.test'/></block></iq>"
        ]
    ),
    NearMiss(
        "fault.request.type",
        .warning,
        "RFC 6120 section 8.2.3",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><blocklist xmlns='urn:xmpp:blocking'/></iq>"
        ],
        hasNot: [
            "C <iq type='get' id='s1'><blocklist xmlns='urn:xmpp:blocking'/></iq>"
        ]
    ),
    NearMiss(
        "fault.request.type",
        .warning,
        "RFC 6120 section 8.2.3",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><ping \(ping)/></iq>"
        ],
        hasNot: [
            "C <iq type='get' id='s1' to='\(juliet)'><ping \(ping)/></iq>"
        ]
    ),
    NearMiss(
        "fault.base64",
        .warning,
        "RFC 4648 section 4",
        after: bound,
        has: [
            "C <iq type='get' id='s1' to='\(juliet)'><vCard xmlns='vcard-temp'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBORw0K*</BINVAL></PHOTO></vCard></iq>",
        ],
        hasNot: [
            "C <iq type='get' id='s1' to='\(juliet)'><vCard xmlns='vcard-temp'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>iVBO Rw0K</BINVAL></PHOTO></vCard></iq>",
        ]
    ),
    NearMiss(
        "fault.form.field",
        .warning,
        "XEP-0004 section 3.3",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><query xmlns='urn:xmpp:mam:2'><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field><value>a@b.test</value></field></x></query></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><query xmlns='urn:xmpp:mam:2'><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='with'><value>a@b.test</value></field></x></query></iq>"
        ]
    ),
    NearMiss(
        "fault.form.field",
        .warning,
        "XEP-0004 section 3.3",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><query xmlns='urn:xmpp:mam:2'><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='with' type='jid-single'><value>a@b.test</value><value>c@b.test</value></field></x></query></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><query xmlns='urn:xmpp:mam:2'><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='ids' type='list-multi'><value>a</value><value>b</value></field></x></query></iq>"
        ]
    ),
    NearMiss(
        "fault.archive.time",
        .warning,
        "XEP-0313 section 4.1.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><query xmlns='urn:xmpp:mam:2'><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='start'><value>2026-01-01</value></field></x></query></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><query xmlns='urn:xmpp:mam:2'><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='start'><value>2026-01-01T00:00:00Z</value></field></x></query></iq>"
        ]
    ),
    NearMiss(
        "fault.archive.time",
        .warning,
        "XEP-0313 section 4.1.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><query xmlns='urn:xmpp:mam:2'><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='start'><value>2026-02-01T00:00:00Z</value></field><field var='end'><value>2026-01-01T00:00:00Z</value></field></x></query></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><query xmlns='urn:xmpp:mam:2'><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='start'><value>2026-01-01T00:00:00Z</value></field><field var='end'><value>2026-02-01T00:00:00Z</value></field></x></query></iq>"
        ]
    ),
    NearMiss(
        "caps.answer.ill-formed",
        .warning,
        "XEP-0115 section 5.4",
        after: bound,
        has: [
            "S <presence from='\(juliet)' to='\(me)'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://exodus.test' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/></presence>",
            "C <iq type='get' id='s1' to='\(juliet)'><query \(disco) node='http://exodus.test#QgayPKawpkPSDYmwT/WM94uAlu0='/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><query \(disco) node='http://exodus.test#QgayPKawpkPSDYmwT/WM94uAlu0='><identity category='client' name='Exodus 0.9.1' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/><feature var='http://jabber.org/protocol/muc'/></query></iq>",
        ],
        hasNot: [
            "S <presence from='\(juliet)' to='\(me)'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://exodus.test' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/></presence>",
            "C <iq type='get' id='s1' to='\(juliet)'><query \(disco) node='http://exodus.test#QgayPKawpkPSDYmwT/WM94uAlu0='/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><query \(disco) node='http://exodus.test#QgayPKawpkPSDYmwT/WM94uAlu0='><identity category='client' name='Exodus 0.9.1' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/></query></iq>",
        ]
    ),
    NearMiss(
        "command.node.missing",
        .warning,
        "XEP-0050 section 3.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) action='execute'/></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='list' action='execute'/></iq>"
        ]
    ),
    NearMiss(
        "command.session.over",
        .note,
        "XEP-0050 section 3.3",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='list'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><command \(command) node='list' sessionid='1' status='completed'/></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><command \(command) node='list' sessionid='1' action='next'/></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='list'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><command \(command) node='list' sessionid='1' status='executing'/></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><command \(command) node='list' sessionid='1' action='next'/></iq>",
        ]
    ),
    NearMiss(
        "command.session.over",
        .note,
        "XEP-0050 section 3.3",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='list'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><command \(command) node='list' sessionid='1' status='completed'/></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><command \(command) node='list' sessionid='1' action='cancel'/></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='list'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><command \(command) node='list' sessionid='1' status='completed'/></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><command \(command) node='list'/></iq>",
        ]
    ),
    NearMiss(
        "form.required.missing",
        .warning,
        "XEP-0004 section 3.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='add'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><command \(command) node='add' sessionid='1' status='executing'><x \(form) type='form'><field var='name' type='text-single'><required/></field><field var='shoe' type='text-single'/></x></command></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><command \(command) node='add' sessionid='1'><x \(form) type='submit'><field var='shoe'><value>1</value></field></x></command></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='add'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><command \(command) node='add' sessionid='1' status='executing'><x \(form) type='form'><field var='name' type='text-single'><required/></field><field var='shoe' type='text-single'/></x></command></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><command \(command) node='add' sessionid='1'><x \(form) type='submit'><field var='name'><value>1</value></field></x></command></iq>",
        ]
    ),
    NearMiss(
        "form.required.missing",
        .warning,
        "XEP-0004 section 3.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='add'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><command \(command) node='add' sessionid='1' status='executing'><x \(form) type='form'><field var='name' type='text-single'><required/></field><field var='shoe' type='text-single'/></x></command></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><command \(command) node='add' sessionid='1'><x \(form) type='submit'><field var='name'/></x></command></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='add'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><command \(command) node='add' sessionid='1' status='executing'><x \(form) type='form'><field var='name' type='text-single'><required/></field><field var='shoe' type='text-single'/></x></command></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><command \(command) node='add' sessionid='1'><x \(form) type='submit'><field var='name'><value>1</value></field></x></command></iq>",
        ]
    ),
    NearMiss(
        "privacy.request",
        .warning,
        "XEP-0016 section 2.1",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><query \(privacy)><active name='a'/><default name='a'/></query></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><query \(privacy)><active name='a'/></query></iq>"
        ],
        beside: ["protocol.obsolete"]
    ),
    NearMiss(
        "privacy.rules",
        .warning,
        "XEP-0016 section 2.1",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><query \(privacy)><list name='a'><item action='deny'/></list></query></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><query \(privacy)><list name='a'><item action='deny' order='1'/></list></query></iq>"
        ],
        beside: ["protocol.obsolete"]
    ),
    NearMiss(
        "privacy.rules",
        .warning,
        "XEP-0016 section 2.1",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><query \(privacy)><list name='a'><item type='jid' value='a@b.test' action='deny' order='1'/><item action='allow' order='1'/></list></query></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><query \(privacy)><list name='a'><item type='jid' value='a@b.test' action='deny' order='1'/><item action='allow' order='2'/></list></query></iq>"
        ],
        beside: ["protocol.obsolete"]
    ),
    NearMiss(
        "privacy.rules",
        .warning,
        "XEP-0016 section 2.1",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><query \(privacy)><list name='a'><item action='block' order='1'/></list></query></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><query \(privacy)><list name='a'/></query></iq>"
        ],
        beside: ["protocol.obsolete"]
    ),
    NearMiss(
        "pubsub.owner.namespace",
        .warning,
        "XEP-0060 section 8",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='pubsub.test'><pubsub \(pubsub)><delete node='a'/></pubsub></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='pubsub.test'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><delete node='a'/></pubsub></iq>"
        ]
    ),
    NearMiss(
        "pubsub.owner.namespace",
        .warning,
        "XEP-0060 section 8",
        after: bound,
        has: [
            "C <iq type='get' id='s1' to='pubsub.test'><pubsub \(pubsub)><configure node='a'/></pubsub></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='pubsub.test'><pubsub \(pubsub)><create node='a'/><configure/></pubsub></iq>"
        ]
    ),
    NearMiss(
        "pubsub.private.options",
        .warning,
        "XEP-0223 section 2",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><pubsub \(pubsub)><publish node='urn:xmpp:bookmarks:1'><item id='room@chat.test'><conference xmlns='urn:xmpp:bookmarks:1' name='a'/></item></publish></pubsub></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><pubsub \(pubsub)><publish node='urn:xmpp:bookmarks:1'><item id='room@chat.test'><conference xmlns='urn:xmpp:bookmarks:1' name='a'/></item></publish><publish-options><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='pubsub#persist_items'><value>true</value></field><field var='pubsub#max_items'><value>max</value></field><field var='pubsub#send_last_published_item'><value>never</value></field><field var='pubsub#access_model'><value>whitelist</value></field></x></publish-options></pubsub></iq>"
        ]
    ),
    NearMiss(
        "pubsub.private.options",
        .warning,
        "XEP-0223 section 2",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><pubsub \(pubsub)><publish node='urn:xmpp:bookmarks:1'><item id='room@chat.test'><conference xmlns='urn:xmpp:bookmarks:1' name='a'/></item></publish><publish-options><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='pubsub#persist_items'><value>true</value></field><field var='pubsub#max_items'><value>max</value></field><field var='pubsub#send_last_published_item'><value>never</value></field><field var='pubsub#access_model'><value>presence</value></field></x></publish-options></pubsub></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><pubsub \(pubsub)><publish node='urn:xmpp:bookmarks:1'><item id='room@chat.test'><conference xmlns='urn:xmpp:bookmarks:1' name='a'/></item></publish><publish-options><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field><field var='pubsub#persist_items'><value>true</value></field><field var='pubsub#max_items'><value>max</value></field><field var='pubsub#send_last_published_item'><value>never</value></field><field var='pubsub#access_model'><value>whitelist</value></field></x></publish-options></pubsub></iq>"
        ]
    ),
    NearMiss(
        "pubsub.private.foreign",
        .warning,
        "XEP-0223 section 6",
        after: bound,
        has: [
            "S <message type='headline' from='juliet@capulet.test' to='\(me)'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'><item id='room@chat.test'><conference xmlns='urn:xmpp:bookmarks:1' name='a'/></item></items></event></message>"
        ],
        hasNot: [
            "S <message type='headline' from='romeo@jabber.test' to='\(me)'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'><item id='room@chat.test'><conference xmlns='urn:xmpp:bookmarks:1' name='a'/></item></items></event></message>"
        ]
    ),
    NearMiss(
        "fault.archive.time",
        .warning,
        "XEP-0313 section 4.1.2",
        after: bound,
        has: [
            "C <iq type='set' id='s1'><query xmlns='urn:xmpp:mam:2'><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='start'><value>2026-01-01T00:00:01Z</value></field><field var='end'><value>2026-01-01T00:00:00.500Z</value></field></x></query></iq>"
        ],
        hasNot: [
            "C <iq type='set' id='s1'><query xmlns='urn:xmpp:mam:2'><x \(form) type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='start'><value>2026-01-01T00:00:00Z</value></field><field var='end'><value>2026-01-01T00:00:00.500Z</value></field></x></query></iq>"
        ]
    ),
    NearMiss(
        "command.session.over",
        .note,
        "XEP-0050 section 3.3",
        after: bound,
        has: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='list'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><command \(command) node='list' sessionid='1' status='completed'/></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><command \(command) node='list' sessionid='1' action='next'/></iq>",
        ],
        hasNot: [
            "C <iq type='set' id='s1' to='\(juliet)'><command \(command) node='list'/></iq>",
            "S <iq type='result' id='s1' from='\(juliet)' to='\(me)'><command \(command) node='list' sessionid='1' status='completed'/></iq>",
            "C <iq type='set' id='s2' to='\(juliet)'><command \(command) node='list'/></iq>",
            "S <iq type='result' id='s2' from='\(juliet)' to='\(me)'><command \(command) node='list' sessionid='1' status='executing'/></iq>",
            "C <iq type='set' id='s3' to='\(juliet)'><command \(command) node='list' sessionid='1' action='next'/></iq>",
        ]
    ),
]

@Suite("findings in requests and their answers, each beside what is nearly the same")
struct LintTableQueryTests {
    @Test("a finding, and the nearest session without it", arguments: pairs) fileprivate func pair(_ pair: NearMiss) {
        pair.expect()
    }
}
