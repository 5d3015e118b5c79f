import Capture
import Certificates
import Relay
import SwiftASN1
import Testing
import X509
import XMPP

extension PlayedTLS {
    @Suite("servers' certificates")
    struct TLSCertificateTests {
        enum Kind: String, CaseIterable {
            case wrongName, expired, notYetValid, selfSigned, unknownAuthority

            func pair(_ servers: TestAuthority) throws -> KeyPair {
                switch self {
                case .wrongName: try servers.leaf(for: "other.test")
                case .expired: try servers.leaf(for: Said.domain, from: -30, to: -1)
                case .notYetValid: try servers.leaf(for: Said.domain, from: 1, to: 30)
                case .selfSigned: try servers.leaf(for: Said.domain, isSelfSigned: true)
                case .unknownAuthority: try TestAuthority("Stranger").leaf(for: Said.domain)
                }
            }

            var told: String {
                switch self {
                case .wrongName: "it is for other.test, not for jabber.test"
                case .expired: "it expired on "
                case .notYetValid: "it is not valid before "
                case .selfSigned: "self-signed"
                case .unknownAuthority: "Stranger"
                }
            }

            var subject: String { self == .wrongName ? "CN=other.test" : "CN=jabber.test" }
            var issuer: String {
                switch self {
                case .selfSigned: "CN=jabber.test"
                case .unknownAuthority: "CN=Stranger"
                case .wrongName, .expired, .notYetValid: "CN=Authority of servers"
                }
            }
        }

        private func hash(_ pair: KeyPair) -> String {
            CertificateFacts(der: pair.certificates[0])?.sha256 ?? "none"
        }

        @Test("a certificate that is not accepted is a refusal for the client", arguments: Kind.allCases)
        @PeerThread
        func refused(kind: Kind) async throws {
            var hash = ""
            let recorded = try await TLSPlay.run { play in
                let pair = try kind.pair(play.world.servers)
                hash = self.hash(pair)
                let (client, server) = try await play.connect()
                try play.ask(client, server)
                try server.send(Said.proceed)
                let fake = try play.server(server, TLSSettings(), pair)
                #expect(fake.secureInVain() != "secured")
                #expect(
                    try client.receiveText() == "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>"
                )
                #expect(server.endsSoon())
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            #expect(recorded.conversations.count == 1)
            let told = try #require(recorded.conversations[0].failure(.server))
            #expect(told.contains("the server's certificate was not accepted for jabber.test: "), "\(told)")
            #expect(told.contains(kind.told), "\(told)")
            #expect(told.contains("of \(kind.subject) for ") && told.contains("issued by \(kind.issuer), valid from "))
            #expect(told.contains("SHA-256 \(hash)"))
            #expect(told.contains("--upstream-insecure") && told.contains("--upstream-ca FILE"))
            #expect(recorded.conversations[0].tls(.server) == nil)
        }

        @Test("an insecure relay goes on, and says what is wrong", arguments: Kind.allCases)
        @PeerThread
        func insecure(kind: Kind) async throws {
            let recorded = try await TLSPlay.run(interception: { $0.isInsecure = true }) { play in
                let pair = try kind.pair(play.world.servers)
                let (client, server) = try await play.connect()
                try play.ask(client, server)
                try server.send(Said.proceed)
                let securedServer = try play.server(server, TLSSettings(), pair)
                try securedServer.secure()
                #expect(try client.receiveText(exactly: Said.proceed.utf8.count) == Said.proceed)
                let securedClient = try play.client(client)
                try securedClient.secure()
                try play.pass(Said.clientHeader, from: securedClient, to: securedServer)
                try await play.end(securedClient, securedServer)
            }
            let facts = try #require(recorded.conversations.first?.tls(.server))
            guard case .refused(let reason)? = facts.verification else {
                Issue.record("\(facts)")
                return
            }
            #expect(reason.contains(kind.told))
            #expect(facts.told(with: .server).contains("NOT verified: \(reason)"))
            #expect(facts.certificate?.subject == kind.subject && facts.certificate?.issuer == kind.issuer)
        }

        @Test("a certificate that is not accepted is told inside TLS to a client that began with it")
        @PeerThread
        func refusedDirectly() async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.direct()
                try client.send(Said.clientHeader)
                let pair = try play.world.servers.leaf(for: Said.domain, from: -30, to: -1)
                let fake = try play.server(server, TLSSettings(protocols: ["xmpp-client"]), pair)
                #expect(fake.secureInVain() != "secured")
                try expectStreamError(try client.receiveText(), .remoteConnectionFailed, "it expired on ")
                #expect(client.hasFarewell)
                try client.finish()
                server.close()
                try await play.waitUntilOver()
            }
            #expect(recorded.conversations.count == 1)
            #expect(recorded.conversations[0].failure(.server)?.contains("it expired on ") == true)
            #expect(recorded.conversations[0].bytes[.serverToClient] == recorded.conversations[0].sentByProxy)
        }

        /// RFC 6120 section 13.7.1.2: names that only XMPP knows.
        @Test("a certificate that names the domain as XmppAddr or SRVName only is accepted", arguments: [false, true])
        @PeerThread
        func namesOfXMPP(service: Bool) async throws {
            let value =
                service
                ? try ASN1Any(erasing: ASN1IA5String("_xmpp-client.jabber.test"))
                : try ASN1Any(erasing: ASN1UTF8String("jabber.test"))
            let name = GeneralName.otherName(.init(typeID: [1, 3, 6, 1, 5, 5, 7, 8, service ? 7 : 5], value: value))
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                try play.ask(client, server)
                try server.send(Said.proceed)
                let pair = try play.world.servers.leaf(for: "host.test", names: [.dnsName("host.test"), name])
                let securedServer = try play.server(server, TLSSettings(), pair)
                try securedServer.secure()
                #expect(try client.receiveText(exactly: Said.proceed.utf8.count) == Said.proceed)
                let securedClient = try play.client(client)
                try securedClient.secure()
                try await play.end(securedClient, securedServer)
            }
            #expect(recorded.conversations.first?.tls(.server)?.verification == .trusted(domain: Said.domain))
        }
    }
}
