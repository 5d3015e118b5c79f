import Testing

@testable import Explain
@testable import XMPP

/// What somebody says of itself.
private func info(_ content: String) -> [String] {
    bound + [
        "C <iq type='get' id='d' to='bot.test'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
        "S <iq type='result' id='d' from='bot.test'><query xmlns='http://jabber.org/protocol/disco#info'>\(content)</query></iq>",
    ]
}
private func form(_ type: String, _ fields: String) -> String {
    "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>\(type)</value></field>\(fields)</x>"
}

private let cases: [Case] = [
    Case(
        name: "a feature that no list of important ones has",
        lines: info("<feature var='urn:xmpp:pep-vcard-conversion:0'/>"),
        says: ["bot.test supports conversion of PEP avatars to vCards."]
    ),
    Case(
        name: "important features stand before others",
        lines: info("<feature var='urn:xmpp:pubsub-filter:0'/><feature var='http://jabber.org/protocol/pubsub'/>"),
        says: ["bot.test supports publish-subscribe and lists of nodes by their type."]
    ),
    Case(
        name: "more features than are named",
        lines: info(
            "<feature var='urn:xmpp:order-by:1'/><feature var='urn:xmpp:ping'/><feature var='a:b'/><feature var='c:d'/>"
        ),
        says: ["supports 4 things, among them pings, sorted lists and"]
    ),
    Case(
        name: "an old form as a feature",
        lines: info("<feature var='http://www.xmpp.org/extensions/xep-0199.html#ns'/>"),
        says: ["bot.test supports XMPP Ping in another form than today's urn:xmpp:ping."]
    ),
    Case(
        name: "a rating of the content (XEP-0456)",
        lines: info(
            form(
                "urn:xmpp:crl:0",
                "<field var='urn:xmpp:crl:0#simple-labels' type='text-multi'><value>http://r.test adult</value></field>"
            )
        ),
        says: ["It rates its content: \"http://r.test adult\"."]
    ),
    Case(
        name: "a space to which somebody belongs (XEP-0503)",
        lines: info(
            "<feature var='urn:xmpp:spaces:0'/>"
                + form("urn:xmpp:spaces:0", "<field var='parent'><value>xmpp:pub.test?;node=dev</value></field>")
        ),
        says: ["supports spaces of rooms. It belongs to the space xmpp:pub.test?;node=dev."]
    ),
    Case(
        name: "a form by what it is for",
        lines: bound + [
            "S <message from='bot.test'><x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var='n' label='Name'/></x></message>"
        ],
        says: ["bot.test asks the client to fill in a form for the settings of a room with Name"]
    ),
    Case(
        name: "filled-in settings of a node",
        lines: bound + [
            "C <message to='bot.test'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var='pubsub#title'><value>News</value></field></x></message>"
        ],
        says: ["a form for the settings of a node that is filled in (pubsub#title: \"News\")"]
    ),
    Case(
        name: "a form for administrators",
        lines: bound + [
            "C <message to='bot.test'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/admin</value></field><field var='accountjids'><value>a@b.test</value></field></x></message>"
        ],
        says: ["a form for administering the service that is filled in"]
    ),
]

@Suite("what is supported, in words")
struct FeatureWordTests {
    @Test("answers of service discovery and forms", arguments: cases)
    func answers(test: Case) { expect(test) }

    @Test("every feature that has words is told by them", arguments: FeatureWords.nouns.keys.sorted())
    func nouns(namespace: String) {
        let words = DiscoveryWords.order.first { $0.namespace == namespace }?.words ?? FeatureWords.nouns[namespace]
        expect(
            Case(name: namespace, lines: info("<feature var='\(namespace)'/>"), says: ["supports \(words ?? "?")."])
        )
        #expect(ProtocolRegistry.lookUp(namespace)?.isCertain == true)
    }
}
