import Capture
import Testing
import XMPP

extension PlayedTLS {
    @Suite("STARTTLS")
    struct TLSRelayTests {
        /// One way to negotiate STARTTLS.
        struct Way: Sendable, CustomTestStringConvertible {
            let testDescription: String
            var offer = Said.offer
            var ask = Said.ask
            /// What comes behind the client's wish, in the same write or in a later one.
            var behindAsk = ""
            var later = ""
            var proceed = Said.proceed
            var behindProceed = ""
            var isSingly = false

            init(_ name: String, _ change: (inout Way) -> Void = { _ in }) {
                testDescription = name
                change(&self)
            }
        }

        static let ways: [Way] = [
            Way("as everybody does"),
            Way("every byte by itself") { $0.isSingly = true },
            Way("every byte by itself, a line break behind each") {
                $0.isSingly = true
                $0.behindAsk = "\n"
                $0.behindProceed = "\n"
            },
            Way("a line break behind the wish") { $0.behindAsk = "\n" },
            Way("a line break after the wish") { $0.later = "\n" },
            Way("line breaks behind, after the wish, and behind the answer") {
                $0.behindAsk = "\r\n"
                $0.later = "\r\n"
                $0.behindProceed = "\n"
            },
            Way("paired tags") {
                $0.ask = "<starttls xmlns='\(Said.tls)'></starttls>"
                $0.proceed = "<proceed xmlns=\"\(Said.tls)\"\n></proceed >"
            },
            Way("prefixes") {
                $0.offer =
                    "<stream:features xmlns:t='\(Said.tls)'><t:starttls><t:required/></t:starttls></stream:features>"
                $0.ask = "<t:starttls xmlns:t='\(Said.tls)'/>"
                $0.proceed = "<u:proceed xmlns:u='\(Said.tls)'/>"
            },
            Way("required") { $0.offer = Said.offer.replacing("/></", with: "><required/></starttls></") },
            Way("optional") { $0.offer = Said.offer.replacing("/></", with: "><optional/></starttls></") },
        ]

        @Test("STARTTLS is decrypted and recorded", arguments: ways)
        @PeerThread
        func startTLS(way: Way) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                let send = { (text: String, socket: TestSocket) in
                    if way.isSingly { try socket.sendSingly(text) } else { try socket.send(text) }
                }
                try send(Said.clientHeader, client)
                #expect(try server.receiveText(exactly: Said.clientHeader.utf8.count) == Said.clientHeader)
                try send(Said.serverHeader + way.offer, server)
                let greeting = Said.serverHeader + way.offer
                #expect(try client.receiveText(exactly: greeting.utf8.count) == greeting)
                try send(way.ask + way.behindAsk, client)
                #expect(try server.receiveText(exactly: way.ask.utf8.count) == way.ask)
                if !way.later.isEmpty { try send(way.later, client) }
                try send(way.proceed + way.behindProceed, server)
                let securedServer = try play.server(server)
                if way.isSingly { securedServer.writeSize = 1 }
                try securedServer.secure()
                #expect(try client.receiveText(exactly: way.proceed.utf8.count) == way.proceed)
                let securedClient = try play.client(client)
                if way.isSingly { securedClient.writeSize = 1 }
                try securedClient.secure()
                try play.pass(Said.clientHeader, from: securedClient, to: securedServer)
                try play.pass(Said.serverHeader + Said.noOffer, from: securedServer, to: securedClient)
                try await play.end(securedClient, securedServer)
            }
            #expect(recorded.conversations.count == 2)
            let clear = try #require(recorded.conversations.first)
            let fromClient = clear.text(.clientToServer)
            // What comes during the handshake is told, but it is no part of either stream.
            let blanks = fromClient.dropFirst((Said.clientHeader + way.ask).count)
            #expect(fromClient == Said.clientHeader + way.ask + blanks)
            #expect((way.behindAsk + way.later).hasPrefix(blanks))
            #expect(clear.text(.serverToClient) == Said.serverHeader + way.offer + way.proceed)
            let dropped = recorded.notices.filter { $0.contains("of white space from the") }
            #expect(dropped.isEmpty == (way.behindAsk + way.later + way.behindProceed).isEmpty)
            let inside = recorded.conversations[1]
            #expect(inside.text(.clientToServer) == Said.clientHeader)
            #expect(inside.text(.serverToClient) == Said.serverHeader + Said.noOffer)
            #expect(inside.ends.sorted() == ["closed C->S", "closed S->C"])
            #expect(clear.tls(.server)?.verification == .trusted(domain: Said.domain))
            #expect(inside.tls(.client)?.serverName == Said.domain)
            #expect(recorded.problems.isEmpty)
        }

        /// A conversation in which no TLS comes about.
        struct Clear: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let steps: [(Side, String)]
        }

        static let clear: [Clear] = [
            Clear(
                testDescription: "the server refuses",
                steps: [
                    (.client, Said.clientHeader), (.server, Said.serverHeader + Said.offer), (.client, Said.ask),
                    (.server, Said.failure + Said.end),
                ]
            ),
            Clear(
                testDescription: "the server refuses, and the client goes on without",
                steps: [
                    (.client, Said.clientHeader), (.server, Said.serverHeader + Said.offer), (.client, Said.ask),
                    (.server, Said.failure), (.client, "<iq type='get' id='1'/>"),
                    (.server, "<iq type='result' id='1'/>"),
                ]
            ),
            Clear(
                testDescription: "the client does not ask",
                steps: [
                    (.client, Said.clientHeader), (.server, Said.serverHeader + Said.offer),
                    (.client, "<iq type='get' id='1'/>"), (.server, "<iq type='result' id='1'/>"),
                    (.client, "<message to='a'/>"), (.server, "<message from='a'/>"), (.client, Said.end),
                ]
            ),
            Clear(
                testDescription: "the server offers nothing, and the client asks nevertheless",
                steps: [
                    (.client, Said.clientHeader), (.server, Said.serverHeader + Said.noOffer), (.client, Said.ask),
                    (.server, "<stream:error><unsupported-stanza-type/></stream:error>" + Said.end),
                ]
            ),
            Clear(
                testDescription: "a proceed that nobody asked for",
                steps: [
                    (.client, Said.clientHeader), (.server, Said.serverHeader + Said.offer + Said.proceed),
                    (.client, "<iq type='get' id='1'/>"),
                ]
            ),
        ]

        @Test("where no TLS comes about, everything passes as it is", arguments: clear, [false, true])
        @PeerThread
        func withoutTLS(conversation: Clear, singly: Bool) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                for (side, text) in conversation.steps {
                    let (source, destination) = side == .client ? (client, server) : (server, client)
                    if singly { try source.sendSingly(text) } else { try source.send(text) }
                    #expect(try destination.receiveText(exactly: text.utf8.count) == text)
                }
                server.shutdownOutput()
                #expect(try client.receiveToEnd() == [])
                client.shutdownOutput()
                #expect(try server.receiveToEnd() == [])
                try await play.waitUntilOver()
            }
            #expect(recorded.conversations.count == 1)
            for side in [Side.client, .server] {
                let said = conversation.steps.filter { $0.0 == side }.map(\.1).joined()
                #expect(recorded.conversations[0].text(Direction(sender: side)) == said)
            }
            #expect(recorded.conversations[0].sentByProxy.isEmpty && recorded.problems.isEmpty)
        }
    }
}
