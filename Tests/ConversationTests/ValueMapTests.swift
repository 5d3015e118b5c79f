import Testing
import XMPP

@testable import Conversation

@Suite("recorded values are put in terms of now")
struct ValueMapTests {
    private var map: ValueMap {
        var map = ValueMap()
        map.set(session: JID("test3@jabber.org/home"), to: JID("test4@jabber.test/x1"))
        map.set(password: "1234", to: "geheim")
        map.set(value: "abc123", to: "xyz789")
        map.set(request: "push1", to: "push9")
        map.set(field: "email", to: "a@b.c")
        return map
    }

    @Test(
        "packets",
        arguments: [
            (
                "<stream:stream to='jabber.org' xmlns='jabber:client'>",
                "<stream:stream to='jabber.test' xmlns='jabber:client'>"
            ),
            ("<username>test3</username>", "<username>test4</username>"),
            (
                "<field var='username'><value>test3</value></field>",
                "<field var='username'><value>test4</value></field>"
            ),
            ("<field var='x'><value>test3</value></field>", "<field var='x'><value>test3</value></field>"),
            ("<password>1234</password>", "<password>geheim</password>"),
            ("<body>test3 1234 jabber.org</body>", "<body>test3 1234 jabber.org</body>"),
            ("<body>test3@jabber.org</body>", "<body>test3@jabber.org</body>"),
            ("<message to='test3@jabber.org/home'/>", "<message to='test4@jabber.test/x1'/>"),
            ("<message to='test3@jabber.org/work'/>", "<message to='test4@jabber.test/work'/>"),
            ("<message to='other@jabber.org'/>", "<message to='other@jabber.test'/>"),
            ("<message to='other@example.org'/>", "<message to='other@example.org'/>"),
            ("<message to='conference.jabber.org'/>", "<message to='conference.jabber.org'/>"),
            ("<resource>home</resource>", "<resource>x1</resource>"),
            ("<resume previd='abc123'/>", "<resume previd='xyz789'/>"),
            ("<email>old@x.y</email>", "<email>a@b.c</email>"),
            ("<iq id='push1' type='set'/>", "<iq id='push1' type='set'/>"),
        ]
    )
    func rewriting(_ recorded: String, _ now: String) {
        #expect(String(decoding: map.rewrite(Array(recorded.utf8)), as: UTF8.self) == now)
    }

    @Test("an answer bears the id of the request that it answers now")
    func answers() {
        let answer = map.rewrite(Array("<iq id='push1' type='result'/>".utf8), answersRequest: true)
        #expect(String(decoding: answer, as: UTF8.self) == "<iq id='push9' type='result'/>")
    }
}
