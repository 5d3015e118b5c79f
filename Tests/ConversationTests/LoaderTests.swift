import Testing
import XMLStream
import XMPP

@testable import Conversation

@Suite("recordings are read")
struct LoaderTests {
    private static let founding = """
        C->s 001
        <?xml version= ' 1.0 '?>
        <stream:stream to= ' jabber.org '
        xmlns= ' Jabber:client '
        Xmlns:stream= ' Http://etherx.jabber.org/streams '
        Version= ' 1.0 ' >
        The client establishes a connection
        C->s 004
        <iq id= ' uid1 ' type= ' get ' >
        <query xmlns= ' Jabber:iq:register '/>
        </iq>
        S->c 005
        <iq xmlns= ' jabber:client ' id= ' uid1 ' type= ' result ' >
        <query xmlns= ' Jabber:iq:register ' ><username/></query>
        </iq>
        """

    @Test("a damaged transcript without the server's header is understood")
    func damagedTranscript() throws {
        let conversation = try TranscriptLoader.load(Self.founding)
        let packets = conversation.packets()
        #expect(packets.map(\.number) == [1, 4, 5])
        #expect(packets.map(\.direction) == [.clientToServer, .clientToServer, .serverToClient])
        #expect(packets.first?.header?["to"] == "jabber.org")
        #expect(packets.last?.element?.child("query", NS.register)?.child("username") != nil)
        #expect(!conversation.remarks.isEmpty)
    }

    @Test("where TLS begins is seen by what the server agreed to; accounts are gathered")
    func accounts() throws {
        let text = """
            C->S 001
            <stream:stream to='a.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>

            C->S 002
            <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>

            S->C 003
            <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>

            C->S 004
            <iq type='set' id='1'><query xmlns='jabber:iq:register'><username>anna</username><password>1234</password></query></iq>

            C->S 005
            <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGJlcnRhADU2Nzg=</auth>

            S->C 006
            <iq type='result' id='2'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>berta@a.test/x</jid></bind></iq>

            [The server closes its side of the connection]
            """
        let conversation = try TranscriptLoader.load(text)
        #expect(conversation.steps.map(\.event).contains(.secured(isDirect: false)))
        #expect(conversation.steps.last?.event == .closed(.serverToClient))
        let accounts = RecordedAccounts(conversation)
        #expect(accounts.users == ["anna", "berta"])
        #expect(accounts.password(of: "anna") == "1234")
        #expect(accounts.password(of: "berta") == "5678")
        #expect(accounts.domains == ["a.test"])
        #expect(accounts.sessions == [1: JID("berta@a.test/x")])
        #expect(accounts.logins == [1: "berta"])
    }

    @Test("packets are read with what is misplaced before them, and sent again with it")
    func misplaced() throws {
        let text = """
            C->S 001
            <stream:stream to='a.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>

            C->S 002
            <?xml version='1.0'?>
            <presence/>

            C->S 003
            <!-- bye -->
            </stream:stream>
            """
        let packets = try TranscriptLoader.load(text).packets()
        #expect(packets.map(\.number) == [1, 2, 3])
        #expect(packets[1].element?.name == "presence" && packets[2].kind == .end)
        #expect(String(decoding: packets[1].bytes, as: UTF8.self) == "<?xml version='1.0'?><presence/>")
    }

    @Test(
        "events are known by their lines",
        arguments: [
            ("The client closes its side of the connection", .closed(.clientToServer)),
            ("The server resets the connection", .reset(.serverToClient)),
            ("TLS 1.3 with the client from the first byte, ALPN xmpp-client", .secured(isDirect: true)),
            ("TLS 1.3 with the server from the first byte", nil), ("The client closes its eyes", nil),
        ] as [(String, RecordedConversation.Event?)]
    )
    func events(_ line: String, _ event: RecordedConversation.Event?) throws {
        let conversation = try TranscriptLoader.load(Self.founding + "\n\n[\(line)]\n")
        #expect(conversation.steps.dropFirst(4).map(\.event) == [event].compactMap(\.self))
    }
}
