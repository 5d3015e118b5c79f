import Capture
import Relay
import Testing
import XMPP

extension PlayedTLS {
    @Suite("ways to the server")
    struct TLSUpstreamTests {
        /// What a server can.
        enum Ability: Sendable {
            case direct, startTLS, plain
        }

        struct Way: Sendable, CustomTestStringConvertible {
            let upstream: UpstreamTLS
            let server: Ability
            /// How often stanzatap connects.
            let connections: Int
            /// Nil if it comes to nothing.
            let reached: Ability?
            var reason = ""
            var testDescription: String { "\(upstream), the server has \(server)" }
        }

        static let ways = [
            Way(upstream: .auto, server: .direct, connections: 1, reached: .direct),
            Way(upstream: .auto, server: .startTLS, connections: 2, reached: .startTLS),
            Way(upstream: .auto, server: .plain, connections: 3, reached: .plain),
            Way(upstream: .direct, server: .direct, connections: 1, reached: .direct),
            Way(upstream: .direct, server: .startTLS, connections: 1, reached: nil, reason: "does not speak TLS here"),
            Way(upstream: .direct, server: .plain, connections: 1, reached: nil, reason: "does not speak TLS here"),
            Way(upstream: .starttls, server: .startTLS, connections: 1, reached: .startTLS),
            Way(upstream: .starttls, server: .plain, connections: 1, reached: nil, reason: "offers no STARTTLS"),
            Way(upstream: .none, server: .plain, connections: 1, reached: .plain),
            Way(upstream: .none, server: .startTLS, connections: 1, reached: .plain),
        ]

        /// A server's end, in TLS or not.
        private enum Reached {
            case secured(TLSPeer)
            case plain(TestSocket)
        }

        /// Plays the server until the client's stream header is there; nil if stanzatap gives up.
        @PeerThread
        private func serve(_ socket: TestSocket, _ way: Way, _ play: TLSPlay) throws -> Reached? {
            let first = try socket.peek()
            guard first != 0x16 else {
                guard way.server == .direct else {
                    // As servers do that expect XML.
                    try socket.send(Said.serverHeader + "<stream:error><not-well-formed/></stream:error>" + Said.end)
                    socket.shutdownOutput()
                    #expect(socket.endsSoon())
                    return nil
                }
                let server = try play.server(socket, TLSSettings(protocols: ["xmpp-client"]))
                try server.secure()
                try server.receive(through: Said.clientHeader)
                return .secured(server)
            }
            let header = try socket.receiveText(through: "?>") + socket.receiveText(through: ">")
            if header == Said.clientHeader { return .plain(socket) }
            try socket.send(Said.serverHeader + (way.server == .startTLS ? Said.offer : Said.noOffer))
            guard way.server == .startTLS else {
                #expect(socket.endsSoon())
                return nil
            }
            #expect(try socket.receiveText(exactly: Said.ask.utf8.count) == Said.ask)
            try socket.send(Said.proceed)
            let server = try play.server(socket)
            try server.secure()
            try server.receive(through: Said.clientHeader)
            return .secured(server)
        }

        @Test("a client that begins with TLS gets its server by the ways that are allowed", arguments: ways)
        @PeerThread
        func reach(way: Way) async throws {
            let recorded = try await TLSPlay.run(
                hasBystander: way.upstream == .auto || way.upstream == .none,
                interception: { $0.upstream = way.upstream }
            ) { play in
                let (client, first) = try await play.direct()
                try client.send(Said.clientHeader)
                var sockets = [first]
                var reached = try serve(first, way, play)
                while reached == nil, sockets.count < way.connections {
                    sockets.append(try play.accept())
                    reached = try serve(sockets[sockets.count - 1], way, play)
                }
                switch reached {
                case .secured(let server)?:
                    #expect(way.reached == way.server)
                    try play.pass(Said.serverHeader + Said.noOffer, from: server, to: client)
                    try await play.end(client, server)
                case .plain(let server)?:
                    #expect(way.reached == .plain)
                    try server.send(Said.serverHeader + Said.offer)
                    let answer = Said.serverHeader + "<stream:features></stream:features>"
                    #expect(try client.receive(through: "</stream:features>") == answer)
                    try client.finish()
                    #expect(try server.receiveToEnd() == [])
                    server.shutdownOutput()
                    #expect(try client.receiveToEnd() == [] && client.hasFarewell)
                case nil:
                    #expect(way.reached == nil)
                    try expectStreamError(try client.receiveText(), .remoteConnectionFailed, way.reason)
                    #expect(client.hasFarewell)
                    try client.finish()
                }
                client.socket.close()
                try await play.waitUntilOver()
            }
            #expect(recorded.conversations.count == 1)
            let conversation = try #require(recorded.conversations.first)
            #expect(conversation.text(.clientToServer) == Said.clientHeader)
            #expect(
                conversation.tls(.server)?.isDirect == (way.reached == .plain ? nil : way.reached.map { $0 == .direct })
            )
            let isOpen = conversation.notices.contains("the connection from stanzatap to the server is not encrypted")
            #expect(isOpen == (way.reached == .plain))
            let connected = conversation.events.count { if case .upstreamConnected = $0 { true } else { false } }
            #expect(connected == way.connections)
        }

        @Test("a server that cannot be reached is told inside TLS")
        @PeerThread
        func unreachable() async throws {
            let recorded = try await TLSPlay.run(hasBystander: false, isReachable: false) { play in
                let client = try play.client(try await play.connectClient())
                try client.secure()
                try client.send(Said.clientHeader)
                try expectStreamError(try client.receiveText(), .remoteConnectionFailed, "connection refused")
                #expect(client.hasFarewell)
                try client.finish()
                try await play.waitUntilOver()
            }
            let conversation = try #require(recorded.conversations.first)
            #expect(conversation.text(.clientToServer) == Said.clientHeader)
            #expect(conversation.bytes[.serverToClient] == conversation.sentByProxy)
        }
    }
}
