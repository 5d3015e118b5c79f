import Capture
import Relay
import Testing
import XMPP

extension PlayedTLS {
    @Suite("features")
    struct TLSFeatureTests {
        private static let sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
        private static let bound =
            "<stream:features><mechanisms xmlns='\(sasl)'><mechanism>SCRAM-SHA-256-PLUS</mechanism>"
            + "<mechanism>SCRAM-SHA-256</mechanism></mechanisms><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>"
            + "<channel-binding type='tls-exporter'/></sasl-channel-binding><bind xmlns='b'/></stream:features>"
        private static let unbound =
            "<stream:features><mechanisms xmlns='\(sasl)'>"
            + "<mechanism>SCRAM-SHA-256</mechanism></mechanisms><bind xmlns='b'/></stream:features>"
        private static let login = "<auth xmlns='\(sasl)' mechanism='SCRAM-SHA-256'>biws</auth>"

        private func originals(_ conversation: RecordedCapture.Conversation) -> [String] {
            conversation.events.compactMap { if case .changed(let original, _) = $0 { original } else { nil } }
        }

        @Test("channel binding is taken out of the features, unless it is kept", arguments: [false, true], [1, nil])
        @PeerThread
        func channelBinding(keeps: Bool, size: Int?) async throws {
            let seen = keeps ? Self.bound : Self.unbound
            let recorded = try await TLSPlay.run(interception: { $0.keepsChannelBinding = keeps }) { play in
                let (client, server) = try await play.startTLS()
                server.writeSize = size
                try play.pass(Said.clientHeader, from: client, to: server)
                try server.send(Said.serverHeader + Self.bound)
                #expect(try client.receive(through: "</stream:features>") == Said.serverHeader + seen)
                try play.pass(Self.login, from: client, to: server)
                try play.pass("<success xmlns='\(Self.sasl)'/>", from: server, to: client)
                try await play.end(client, server)
            }
            let inside = try #require(recorded.conversations.last)
            #expect(inside.text(.serverToClient) == Said.serverHeader + seen + "<success xmlns='\(Self.sasl)'/>")
            #expect(originals(inside) == (keeps ? [] : [Self.bound]))
        }

        @Test("strip: the client sees no STARTTLS, the server gets TLS", arguments: [false, true])
        @PeerThread
        func strip(keeps: Bool) async throws {
            let seen = keeps ? Self.bound : Self.unbound
            let recorded = try await TLSPlay.run(
                hasBystander: false,
                interception: {
                    $0.strips = true
                    $0.keepsChannelBinding = keeps
                },
                { play in
                    let (client, server) = try await play.connect()
                    try client.send(Said.clientHeader)
                    _ = try server.receiveText(through: "?>") + server.receiveText(through: ">")
                    try server.send(Said.serverHeader + Said.offer)
                    #expect(try server.receiveText(exactly: Said.ask.utf8.count) == Said.ask)
                    try server.send(Said.proceed)
                    let securedServer = try play.server(server)
                    try securedServer.secure()
                    #expect(try securedServer.receive(through: Said.clientHeader) == Said.clientHeader)
                    try securedServer.send(Said.serverHeader + Self.bound)
                    let greeting = Said.serverHeader + seen
                    #expect(try client.receiveText(exactly: greeting.utf8.count) == greeting)
                    client.shutdownOutput()
                    #expect(try securedServer.receiveToEnd() == [] && securedServer.hasFarewell)
                    try securedServer.finish()
                    #expect(try client.receiveToEnd() == [])
                    client.close()
                    try await play.waitUntilOver()
                }
            )
            #expect(recorded.conversations.count == 1)
            let conversation = recorded.conversations[0]
            #expect(conversation.text(.clientToServer) == Said.clientHeader)
            #expect(conversation.text(.serverToClient) == Said.serverHeader + seen)
            #expect(originals(conversation) == (keeps ? [] : [Self.bound]))
            #expect(conversation.tls(.server)?.isDirect == false && conversation.tls(.client) == nil)
            #expect(conversation.notices.contains("stanzatap itself negotiated STARTTLS with the server"))
        }

        @Test("without TLS to the server STARTTLS is hidden from the client")
        @PeerThread
        func withoutTLS() async throws {
            let hidden = "<stream:features></stream:features>"
            let recorded = try await TLSPlay.run(interception: { $0.upstream = .none }) { play in
                let (client, server) = try await play.connect()
                try play.pass(Said.clientHeader, from: client, to: server)
                try server.send(Said.serverHeader + Said.offer)
                let greeting = Said.serverHeader + hidden
                #expect(try client.receiveText(exactly: greeting.utf8.count) == greeting)
                client.shutdownOutput()
                server.shutdownOutput()
                #expect(client.receiveNothing() && server.receiveNothing())
                try await play.waitUntilOver()
            }
            #expect(originals(recorded.conversations[0]) == [Said.offer])
            #expect(recorded.conversations[0].text(.serverToClient) == Said.serverHeader + hidden)
        }
    }
}
