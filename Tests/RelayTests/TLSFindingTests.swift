import Capture
import Certificates
import NIOSSL
import Relay
import TestKit
import Testing
import XMPP

extension PlayedTLS {
    @Suite("finding the server")
    struct TLSFindingTests {
        @Test("a client that begins with TLS gets the server of its domain's _xmpps-client record")
        func directBySRV() async throws {
            let world = try TLSWorld()
            let listener = try TestServer()
            let names = try FakeNameServer([
                "SRV _xmpp-client._tcp.jabber.test": .records([
                    .service(priority: 10, weight: 0, port: 1, target: "xmpp.jabber.test")
                ]),
                "SRV _xmpps-client._tcp.jabber.test": .records([
                    .service(priority: 5, weight: 0, port: listener.endpoint.port, target: "xmpp.jabber.test")
                ]),
                "A xmpp.jabber.test": .records([.address("127.0.0.1")]),
            ])
            let interception = Interception(authority: world.ours, trust: world.trust)
            let body: @PeerThread (RunningRelay) async throws -> Void = { running in
                let client = try TLSPeer(
                    try await running.connect(),
                    .client(serverName: Said.domain),
                    try world.clientContext()
                )
                try client.secure()
                try client.send(Said.clientHeader)
                let server = try TLSPeer(try listener.accept(seconds: 60), .server, try world.serverContext())
                try server.secure()
                #expect(try server.receive(exactly: Said.clientHeader.utf8.count) == Array(Said.clientHeader.utf8))
                client.socket.close()
                server.socket.close()
                try await running.waitUntilIdle()
            }
            let recorded = try await RunningRelay.run(
                resolver: names.endpoint,
                change: { $0.interception = interception },
                body
            )
            let found = recorded.conversations[0].events.compactMap { event in
                if case .upstreamConnected(_, _, let how) = event { how } else { nil }
            }
            #expect(found.count == 1 && found[0].hasPrefix("SRV record _xmpps-client._tcp.jabber.test, priority 5"))
        }

        @Test("TLS that is passed on goes to the server of the name in the ClientHello", arguments: [true, false])
        func passedBySNI(isSliced: Bool) async throws {
            let listener = try TestServer()
            let names = try FakeNameServer([
                "SRV _xmpps-client._tcp.jabber.test": .records([
                    .service(priority: 5, weight: 0, port: listener.endpoint.port, target: "xmpp.jabber.test")
                ]),
                "A xmpp.jabber.test": .records([.address("127.0.0.1")]),
            ])
            let body: @PeerThread (RunningRelay) async throws -> Void = { running in
                let socket = try await running.connect()
                let world = try TLSWorld()
                let honest = try TLSPeer(socket, .client(serverName: Said.domain), try world.clientContext())
                honest.isHolding = true
                try honest.begin()
                let hello = try honest.takeOutput()
                for piece in hello.slices(of: isSliced ? 1 : nil) { try socket.send(Array(piece)) }
                let server = try listener.accept(seconds: 60)
                #expect(try server.receive(exactly: hello.count) == hello)
                socket.close()
                server.close()
                try await running.waitUntilIdle()
            }
            try await RunningRelay.run(resolver: names.endpoint, body)
            #expect(names.questions.first == "SRV _xmpps-client._tcp.jabber.test")
        }

        @Test("a client that names no domain gets a certificate for what its server's is for; the server is asked once")
        func learnt() async throws {
            let recorded = try await TLSPlay.run(hasBystander: false, interception: { $0.upstream = .direct }) { play in
                for number in 1...2 {
                    let (socket, idle) = try await play.connect()
                    let client = try play.client(socket, name: nil)
                    try client.begin()
                    if number == 1 {
                        let asked = try play.server(try play.accept())
                        try asked.secure()
                        #expect(try asked.receiveToEnd() == [])
                        #expect(asked.hasFarewell)
                        asked.socket.close()
                    }
                    try client.secure()
                    try client.send(Said.clientHeader)
                    let server = try play.server(idle)
                    try server.secure()
                    #expect(try server.receive(exactly: Said.clientHeader.utf8.count) == Array(Said.clientHeader.utf8))
                    try await play.end(client, server)
                }
            }
            for conversation in recorded.conversations {
                let names = conversation.events.compactMap { event in
                    if case .tls(.client, let facts) = event { facts.certificate?.names } else { nil }
                }
                #expect(names.first?.first == Said.domain, "\(names)")
            }
            #expect(recorded.conversations.count == 2)
        }

        @Test("the server sees the certificate that it is to be shown")
        func clientCertificate() async throws {
            let ownAuthority = try TestAuthority("Authority of clients")
            let pair = try ownAuthority.leaf(for: "romeo.jabber.test")
            let recorded = try await TLSPlay.run(
                hasBystander: false,
                interception: {
                    $0.upstream = .direct
                    $0.clientKeyPair = pair
                }
            ) { play in
                let (client, socket) = try await play.direct()
                try client.send(Said.clientHeader)
                let server = try TLSPeer(socket, .server, try demanding(ownAuthority, play.world))
                try server.secure()
                #expect(try server.receive(exactly: Said.clientHeader.utf8.count) == Array(Said.clientHeader.utf8))
                try await play.end(client, server)
            }
            #expect(recorded.conversations[0].failure(.server) == nil)
        }

        /// A server that lets in only clients with a certificate of `authority`.
        private func demanding(_ authority: TestAuthority, _ world: TLSWorld) throws -> NIOSSLContext {
            let pair = try world.servers.leaf(for: Said.domain)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try pair.certificates.map {
                    .certificate(try NIOSSLCertificate(bytes: $0, format: .der))
                },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(pair.keyPEM.utf8), format: .pem))
            )
            configuration.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMBytes(Array(authority.pem.utf8))
            )
            configuration.certificateVerification = .noHostnameVerification
            return try NIOSSLContext(configuration: configuration)
        }
    }
}
