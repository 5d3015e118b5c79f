import Capture
import NIOSSL
import Testing
import XMPP

extension PlayedTLS {
    @Suite("versions and names")
    struct TLSVersionsTests {
        struct Versions: Sendable {
            let client: TLSSettings
            let server: TLSSettings
            /// Version and cipher suite with each side.
            let withClient: (String, String)
            let withServer: (String, String)
        }

        private static func version12(_ ciphers: String) -> TLSSettings {
            TLSSettings(maximum: .tlsv12, ciphers: ciphers)
        }

        static let versions = [
            Versions(
                client: .version13,
                server: .version13,
                withClient: ("TLS 1.3", "TLS_AES_128_GCM_SHA256"),
                withServer: ("TLS 1.3", "TLS_AES_128_GCM_SHA256")
            ),
            Versions(
                client: TLSSettings(),
                server: version12("ECDHE-ECDSA-AES256-GCM-SHA384"),
                withClient: ("TLS 1.3", "TLS_AES_128_GCM_SHA256"),
                withServer: ("TLS 1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
            ),
            Versions(
                client: version12("ECDHE-ECDSA-CHACHA20-POLY1305"),
                server: TLSSettings(),
                withClient: ("TLS 1.2", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
                withServer: ("TLS 1.3", "TLS_AES_128_GCM_SHA256")
            ),
            Versions(
                client: version12("ECDHE-ECDSA-AES128-GCM-SHA256"),
                server: version12("ECDHE-ECDSA-AES256-GCM-SHA384"),
                withClient: ("TLS 1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
                withServer: ("TLS 1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
            ),
        ]

        @Test("each leg has a version and a cipher suite of its own", arguments: versions)
        @PeerThread
        func legs(versions: Versions) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.startTLS(client: versions.client, server: versions.server)
                try play.pass(Said.clientHeader, from: client, to: server)
                try play.pass(Said.serverHeader, from: server, to: client)
                try await play.end(client, server)
            }
            let server = try #require(recorded.conversations.first?.tls(.server))
            #expect(server.version == versions.withServer.0 && server.cipherSuite == versions.withServer.1)
            let client = try #require(recorded.conversations.last?.tls(.client))
            #expect(client.version == versions.withClient.0 && client.cipherSuite == versions.withClient.1)
            #expect(!server.isDirect && !client.isDirect)
        }

        @Test("a server with TLS 1.1 only is refused")
        @PeerThread
        func oldServer() async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                try play.ask(client, server)
                try server.send(Said.proceed)
                #expect(try play.server(server, .version11).secureInVain() != "secured")
                #expect(try client.receiveText() == Said.failure + Said.end)
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            let told = try #require(recorded.conversations.first?.failure(.server))
            #expect(told.contains("the server answered with the alert \"protocol version\""), "\(told)")
        }

        @Test("a client with TLS 1.1 only is refused", arguments: [false, true])
        @PeerThread
        func oldClient(direct: Bool) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                if !direct {
                    try play.ask(client, server)
                    try server.send(Said.proceed)
                    try play.server(server).secure()
                    _ = try client.receive(exactly: Said.proceed.utf8.count)
                }
                #expect(try play.client(client, .version11).secureInVain().contains("PROTOCOL_VERSION"))
                #expect(server.endsSoon())
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            let told = try #require(recorded.conversations.last?.failure(.client))
            #expect(told.contains("TLS 1.1"), "\(told)")
        }

        // MARK: Names

        struct Naming: Sendable, CustomTestStringConvertible {
            let testDescription: String
            var name: String?
            var protocols: [String] = []
            /// What the client's certificate is for at first.
            let certified: String
        }

        static let namings = [
            Naming(testDescription: "the domain", name: Said.domain, certified: Said.domain),
            Naming(testDescription: "no SNI", certified: "127.0.0.1"),
            Naming(testDescription: "another name", name: "other.test", certified: "other.test"),
            Naming(testDescription: "localhost", name: "localhost", certified: "localhost"),
            Naming(testDescription: "ALPN", name: Said.domain, protocols: ["xmpp-client"], certified: Said.domain),
            Naming(
                testDescription: "ALPN of others",
                name: Said.domain,
                protocols: ["h2", "xmpp-client"],
                certified: Said.domain
            ),
        ]

        @Test("a client that begins with TLS is shown a certificate for the name it wants", arguments: namings)
        @PeerThread
        func names(naming: Naming) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.direct(
                    TLSSettings(protocols: naming.protocols),
                    name: naming.name
                )
                #expect(client.applicationProtocol == (naming.protocols.isEmpty ? nil : "xmpp-client"))
                try client.send(Said.clientHeader)
                let securedServer = try play.server(server, TLSSettings(protocols: ["xmpp-client"]))
                try securedServer.secure()
                #expect(securedServer.applicationProtocol == "xmpp-client")
                try securedServer.receive(through: Said.clientHeader)
                try play.pass(Said.serverHeader + Said.noOffer, from: securedServer, to: client)
                try await play.end(client, securedServer)
            }
            #expect(recorded.conversations.count == 1)
            let conversation = try #require(recorded.conversations.first)
            #expect(conversation.text(.clientToServer) == Said.clientHeader)
            #expect(conversation.text(.serverToClient) == Said.serverHeader + Said.noOffer)
            let client = try #require(conversation.tls(.client))
            #expect(client.isDirect && client.serverName == naming.name)
            #expect(client.applicationProtocol == (naming.protocols.isEmpty ? nil : "xmpp-client"))
            #expect(client.certificate?.names.first == naming.certified)
            #expect(client.certificate?.names.contains("localhost") == true)
            let server = try #require(conversation.tls(.server))
            #expect(server.isDirect && server.serverName == Said.domain && server.applicationProtocol == "xmpp-client")
            #expect(server.verification == .trusted(domain: Said.domain))
            let differs = naming.name != nil && naming.name != Said.domain
            #expect(conversation.notices.contains { $0.contains("in its TLS handshake (SNI)") } == differs)
        }
    }
}
