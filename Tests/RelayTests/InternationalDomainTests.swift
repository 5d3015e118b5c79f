import Capture
import Relay
import Testing
import XMPP

private let inAddresses = "im.grü.example"
private let inTheDNS = "im.xn--gr-yka.example"

private func header(_ domain: String) -> String {
    "<?xml version='1.0'?><stream:stream to='\(domain)' xmlns='jabber:client'"
        + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
}

extension PlayedTLS {
    @Suite("internationalised domains")
    struct InternationalDomainTests {
        /// A client by which name it begins TLS, and its stream.
        struct Client: Sendable, CustomTestStringConvertible {
            let serverName: String?
            let to: String
            var notices: [String] = []
            var testDescription: String { "SNI \(serverName ?? "none"), to \(to)" }
        }

        static let clients = [
            Client(serverName: inTheDNS, to: inAddresses),
            Client(serverName: inAddresses, to: "IM.GRU\u{308}.example."),
            Client(serverName: inTheDNS.uppercased(), to: inTheDNS),
            Client(serverName: nil, to: inAddresses),
            Client(
                serverName: "xn--gr-xka.example",
                to: inAddresses,
                notices: [
                    "the client asked for xn--gr-xka.example in its TLS handshake (SNI) and for im.grü.example in its"
                        + " stream header"
                ]
            ),
        ]

        /// A name server for a server of ours with direct TLS.
        private func names(_ server: TestServer) throws -> FakeNameServer {
            try FakeNameServer([
                "SRV _xmpps-client._tcp.\(inTheDNS)": .records([
                    .service(priority: 5, weight: 0, port: server.endpoint.port, target: "xmpp.example")
                ]),
                "A xmpp.example": .records([.address("127.0.0.1")]),
            ])
        }

        @Test("without --upstream: SRV, SNI, both certificates and the header", arguments: clients)
        func direct(client: Client) async throws {
            let world = try TLSWorld()
            let listener = try TestServer()
            let names = try names(listener)
            var wanted = Interception(authority: world.ours, trust: world.trust)
            wanted.domain = inAddresses
            let interception = wanted
            let to = header(client.to)
            let body: @PeerThread (RunningRelay) async throws -> Void = { running in
                let context = try world.clientContext(checksName: client.serverName == inTheDNS)
                let peer = try TLSPeer(try await running.connect(), .client(serverName: client.serverName), context)
                try peer.secure()
                try peer.send(to)
                let pair = try world.servers.leaf(for: inTheDNS)
                let server = try TLSPeer(
                    try listener.accept(seconds: 60),
                    .server,
                    try TLSWorld.serverContext(pair)
                )
                try server.secure()
                #expect(try server.receive(exactly: to.utf8.count) == Array(to.utf8))
                peer.socket.close()
                server.socket.close()
                try await running.waitUntilIdle()
            }
            let recorded = try await RunningRelay.run(
                resolver: names.endpoint,
                change: { $0.interception = interception },
                body
            )
            let conversation = try #require(recorded.conversations.first)
            #expect(conversation.tls(.server)?.serverName == inTheDNS)
            #expect(conversation.tls(.server)?.verification == .trusted(domain: client.to))
            let shownFor = Domain.normalForm(client.serverName ?? inTheDNS)
            #expect(conversation.tls(.client)?.certificate?.names.first == shownFor)
            #expect(conversation.notices.filter { $0.contains("SNI") } == client.notices)
            let hosts = conversation.events.compactMap { event in
                if case .upstreamConnected(let host, _, _) = event { host } else { nil }
            }
            #expect(hosts == [inAddresses])
        }

        @Test("STARTTLS with a fixed server", arguments: [inAddresses, inTheDNS, "IM.GRÜ.EXAMPLE."])
        @PeerThread
        func startTLS(to: String) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                try play.pass(header(to), from: client, to: server)
                try play.pass(Said.serverHeader + Said.offer, from: server, to: client)
                try play.pass(Said.ask, from: client, to: server)
                try server.send(Said.proceed)
                let securedServer = try play.server(server, TLSSettings(), try play.world.servers.leaf(for: inTheDNS))
                try securedServer.secure()
                #expect(try client.receive(exactly: Said.proceed.utf8.count) == Array(Said.proceed.utf8))
                let securedClient = try TLSPeer(
                    client,
                    .client(serverName: inTheDNS),
                    try play.world.clientContext()
                )
                try securedClient.secure()
                try play.pass(header(to), from: securedClient, to: securedServer)
                try await play.end(securedClient, securedServer)
            }
            let conversation = try #require(recorded.conversations.first)
            #expect(conversation.tls(.server)?.serverName == inTheDNS)
            #expect(conversation.tls(.server)?.verification == .trusted(domain: to))
            // What was said inside TLS is a conversation of its own in the capture.
            #expect(recorded.conversations.last?.tls(.client)?.certificate?.names.first == inTheDNS)
        }

        @Test(
            "with a fixed server a name that is none has no SNI, and no certificate is for it",
            arguments: ["i❤.example", String(repeating: "ü", count: 30_000)]
        )
        @PeerThread
        func badName(to: String) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                try play.pass(header(to), from: client, to: server)
                try play.pass(Said.serverHeader + Said.offer, from: server, to: client)
                try play.pass(Said.ask, from: client, to: server)
                try server.send(Said.proceed)
                let secured = try play.server(server, TLSSettings(), try play.world.servers.leaf(for: inTheDNS))
                #expect(secured.secureInVain() != "secured")
                #expect(try client.receiveText() == Said.failure + Said.end)
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            let told = try #require(recorded.conversations.first?.failure(.server))
            #expect(told.contains("it is for \(inTheDNS), not for ") && told.utf8.count < 8000, "\(told.prefix(300))")
        }
    }
}

@Suite("internationalised domains in the clear", .timeLimit(.minutes(1)))
struct InternationalLookupTests {
    @Test(
        "what is no domain is told with what is wrong with it",
        arguments: [
            ("i❤.example", "its label \"i❤\" has a character that no domain name may have"),
            (String(repeating: "ü", count: 60), "longer than 63 bytes in its xn-- form"),
            (String(repeating: "ü", count: 32_400), "longer than 1023 bytes"),
            (String(repeating: "a", count: 65_000), "longer than 1023 bytes"),
            ("aא.example", "mixes directions of writing"),
        ]
    )
    func refused(to: String, why: String) async throws {
        let names = try FakeNameServer([:])
        try await RunningRelay.run(resolver: names.endpoint) { running in
            let client = try await running.connect()
            let answer = try await onThread {
                try client.send(header(to))
                return try client.receiveText()
            }
            #expect(answer.contains("<host-unknown ") && answer.contains("no domain name: it"), "\(answer.suffix(400))")
            #expect(answer.contains(why.replacing("\"", with: "&quot;")), "\(answer.suffix(400))")
        }
        #expect(names.questions.isEmpty)
    }

    @Test("a fixed server by its own name is looked up as the DNS has it")
    func upstream() async throws {
        let server = try TestServer()
        let names = try FakeNameServer(["A xn--bcher-kva.example": .records([.address("127.0.0.1")])])
        let upstream = try UpstreamAddress(argument: "bücher.example:\(server.endpoint.port)")
        let change: (inout RelayConfiguration) -> Void = { $0.upstream = upstream }
        try await RunningRelay.run(resolver: names.endpoint, change: change) { running in
            _ = try await running.connect(through: server)
        }
        #expect(names.questions.contains("A xn--bcher-kva.example"))
    }
}
