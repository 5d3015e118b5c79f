import Capture
import Relay
import Testing
import XMPP

/// Bytes in the clear that are to be taken for a part of the encrypted stream (RFC 6120 section 5.4.3.3).
extension PlayedTLS {
    @Suite("injected bytes")
    struct TLSInjectionTests {
        private static let injected = "<iq id='injected' type='set'/>"

        enum Moment: CaseIterable {
            case sameWrite, laterWrite, duringHandshake
        }

        @Test("bytes behind <starttls/> end the connection", arguments: Moment.allCases)
        @PeerThread
        func behindStartTLS(moment: Moment) async throws {
            let injected = Self.injected
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                try play.pass(Said.clientHeader, from: client, to: server)
                try play.pass(Said.serverHeader + Said.offer, from: server, to: client)
                try client.send(Said.ask + (moment == .sameWrite ? injected : ""))
                if moment != .sameWrite { #expect(try server.receiveText(exactly: Said.ask.utf8.count) == Said.ask) }
                if moment == .duringHandshake {
                    try server.send(Said.proceed)
                    #expect(try server.receive(exactly: 3) == [0x16, 3, 1])
                }
                if moment != .sameWrite { try client.send(injected) }
                let answer = try client.receiveText()
                #expect(answer.hasPrefix("<stream:error><policy-violation "))
                #expect(answer.contains("stanzatap: the client sent 30 bytes behind &lt;starttls/&gt;"))
                #expect(answer.hasSuffix("</stream:error></stream:stream>"))
                #expect(!(try server.receiveText()).contains("injected"))
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            #expect(recorded.conversations.count == 1)
            let conversation = try #require(recorded.conversations.first)
            #expect(conversation.text(.clientToServer) == Said.clientHeader + Said.ask + injected)
            #expect(conversation.failures.count == 1)
            #expect(conversation.failures.first?.hasPrefix("the client sent 30 bytes behind <starttls/>") == true)
            #expect(conversation.sentByProxy.starts(with: "<stream:error><policy-violation".utf8))
        }

        @Test("bytes behind <proceed/> end the connection, and the client is told")
        @PeerThread
        func behindProceed() async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                try play.ask(client, server)
                try server.send(Said.proceed + Self.injected)
                let answer = try client.receiveText()
                #expect(answer.hasPrefix("<stream:error><policy-violation "))
                #expect(answer.contains("stanzatap: the server sent 30 bytes behind &lt;proceed/&gt;"))
                _ = try server.receiveToEnd()
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            #expect(recorded.conversations.count == 1)
            let conversation = try #require(recorded.conversations.first)
            #expect(!conversation.text(.serverToClient).contains("injected"))
            #expect(conversation.failures.first?.hasPrefix("the server sent 30 bytes behind <proceed/>") == true)
            #expect(conversation.tls(.server) == nil && conversation.tls(.client) == nil)
        }

        @Test("bytes after <proceed/> are no TLS, and the client is refused", arguments: [1, 3, 30])
        @PeerThread
        func afterProceed(count: Int) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                try play.ask(client, server)
                try server.send(Said.proceed)
                #expect(try server.receive(exactly: 3) == [0x16, 3, 1])
                try server.send(String(Self.injected.prefix(count)))
                server.shutdownOutput()
                #expect(try client.receiveText() == Said.failure + Said.end)
                _ = try server.receiveToEnd()
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            let conversation = try #require(recorded.conversations.first)
            #expect(!conversation.text(.serverToClient).contains("<iq"))
            #expect(conversation.failure(.server)?.contains("the server does not speak TLS here") == true)
        }

        @Test("bytes before the ClientHello do not get into the encrypted stream", arguments: [false, true])
        @PeerThread
        func beforeClientHello(laterWrite: Bool) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                try play.ask(client, server)
                try server.send(Said.proceed)
                let securedServer = try play.server(server)
                try securedServer.secure()
                _ = try client.receive(exactly: Said.proceed.utf8.count)
                let securedClient = try play.client(client)
                securedClient.isHolding = true
                try securedClient.begin()
                let hello = try securedClient.takeOutput()
                if laterWrite {
                    try client.send(Self.injected)
                    try? client.send(hello)
                } else {
                    try client.send(Array(Self.injected.utf8) + hello)
                }
                #expect(try securedServer.receiveToEnd() == [])
                #expect(securedServer.hasFarewell)
                #expect(client.receiveNothing())
                server.close()
                client.close()
                try await play.waitUntilOver()
            }
            let inside = try #require(recorded.conversations.last)
            #expect(inside.bytes[.clientToServer, default: []].isEmpty)
            #expect(inside.failure(.client)?.contains("the client sent something other than a ClientHello") == true)
        }

        @Test("what a server says inside TLS before the client has begun its own is not sent in the clear")
        @PeerThread
        func earlyServer() async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                try play.ask(client, server)
                try server.send(Said.proceed)
                let securedServer = try play.server(server, .version12)
                securedServer.greeting = Said.serverHeader
                try securedServer.secure()
                try securedServer.send("<early/>")
                #expect(try client.receiveText(exactly: Said.proceed.utf8.count) == Said.proceed)
                let securedClient = try play.client(client)
                try securedClient.secure()
                #expect(try securedClient.receive(through: "<early/>") == Said.serverHeader + "<early/>")
                try await play.end(securedClient, securedServer)
            }
            #expect(recorded.conversations.last?.text(.serverToClient) == Said.serverHeader + "<early/>")
            #expect(recorded.conversations.first?.text(.serverToClient).hasSuffix(Said.proceed) == true)
        }

        @Test("bytes behind a <proceed/> that stanzatap asked for end the connection", arguments: [false, true])
        @PeerThread
        func behindOwnProceed(laterWrite: Bool) async throws {
            let recorded = try await TLSPlay.run(hasBystander: false, interception: { $0.upstream = .starttls }) {
                play in
                let (client, server) = try await play.direct()
                try client.send(Said.clientHeader)
                _ = try server.receiveText(through: "?>") + server.receiveText(through: ">")
                try server.send(Said.serverHeader + Said.offer)
                #expect(try server.receiveText(exactly: Said.ask.utf8.count) == Said.ask)
                try server.send(Said.proceed + (laterWrite ? "" : Self.injected))
                if laterWrite {
                    #expect(try server.receive(exactly: 3) == [0x16, 3, 1])
                    try server.send(Self.injected)
                }
                let reason = laterWrite ? "does not speak TLS here" : "sent bytes behind &lt;proceed/&gt;"
                let answer = try client.receiveText()
                try expectStreamError(answer, .remoteConnectionFailed, reason)
                #expect(!answer.contains("injected") && server.endsSoon())
                try client.finish()
                server.close()
                try await play.waitUntilOver()
            }
            let conversation = try #require(recorded.conversations.first)
            #expect(conversation.bytes[.serverToClient] == conversation.sentByProxy)
            #expect(conversation.failure(.server) != nil && conversation.tls(.server) == nil)
        }
    }
}
