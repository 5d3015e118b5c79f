import Capture
import Foundation
import Testing
import XMPP

extension PlayedTLS {
    @Suite("handshakes that fail")
    struct TLSBrokenHandshakeTests {
        /// What a side does in place of its part of the handshake, and what is told of it.
        struct Fault: Sendable, CustomTestStringConvertible {
            let testDescription: String
            /// True if it goes on until the time is up.
            var isSilent = false
            let told: String
            /// Gets the first bytes of an honest handshake.
            let act: @Sendable (TestSocket, [UInt8]) throws -> Void

            init(
                _ name: String,
                silent: Bool = false,
                _ told: String,
                _ act: @escaping @Sendable (TestSocket, [UInt8]) throws -> Void
            ) {
                testDescription = name
                isSilent = silent
                self.told = told
                self.act = act
            }

            var isReset: Bool { testDescription.hasSuffix("a RST") }
            var limit: Duration? { isSilent ? .milliseconds(200) : nil }
        }

        private static let alert: [UInt8] = [0x15, 3, 3, 0, 2, 2, 40]

        static let ofServers: [Fault] = [
            Fault("silent", silent: true, "the server did not complete the TLS handshake in time") { _, _ in },
            Fault("half a ServerHello", silent: true, "the server did not complete the TLS handshake in time") {
                try $0.send(Array($1.prefix(40)))
            },
            Fault("half a ServerHello and a FIN", "the server closed the connection during the handshake") {
                try $0.send(Array($1.prefix(40)))
                $0.shutdownOutput()
            },
            Fault("a ServerHello without the rest and a FIN", "the server closed the connection during the handshake") {
                try $0.send(Array($1.prefix(1300)))
                $0.shutdownOutput()
            },
            Fault("a FIN", "the server closed the connection during the handshake") { server, _ in
                server.shutdownOutput()
            },
            Fault("a RST", "the server reset the connection during the handshake") { server, _ in server.reset() },
            Fault("no TLS", "the server does not speak TLS here") { server, _ in
                try server.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            },
            Fault("zeros", "the server does not speak TLS here") { server, _ in
                try server.send([UInt8](repeating: 0, count: 64))
            },
            Fault("a ClientHello", "the server does not speak TLS here") { server, _ in
                try server.send([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0])
            },
            Fault("an alert", "the server answered with the alert \"handshake failure\"") { server, _ in
                try server.send(alert)
            },
        ]

        @Test("a server that fails after <proceed/> is told to the client as a refusal", arguments: ofServers)
        @PeerThread
        func server(fault: Fault) async throws {
            let recorded = try await TLSPlay.run(handshake: fault.limit) { play in
                let (client, server) = try await play.connect()
                try play.ask(client, server)
                try server.send(Said.proceed)
                let honest = try play.server(server)
                honest.isHolding = true
                try honest.begin()
                try honest.pump()
                try fault.act(server, try honest.takeOutput())
                #expect(try client.receiveText() == Said.failure + Said.end)
                if !fault.isReset { #expect(server.endsSoon()) }
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            #expect(recorded.conversations.count == 1)
            let conversation = try #require(recorded.conversations.first)
            #expect(conversation.text(.clientToServer) == Said.clientHeader + Said.ask)
            #expect(conversation.text(.serverToClient) == Said.serverHeader + Said.offer + Said.failure + Said.end)
            #expect(conversation.failure(.server)?.contains(fault.told) == true, "\(conversation.events)")
            #expect(recorded.problems.count == 1)
            let changed = conversation.events.contains {
                if case .changed(let original, _) = $0 { original == Said.proceed } else { false }
            }
            #expect(changed)
        }

        static let ofClients: [Fault] = [
            Fault("silent", silent: true, "the client did not complete the TLS handshake in time") { _, _ in },
            Fault("half a ClientHello", silent: true, "the client did not complete the TLS handshake in time") {
                try $0.send(Array($1.prefix(100)))
            },
            Fault(
                "a ClientHello and nothing more",
                silent: true,
                "the client did not complete the TLS handshake in time"
            ) {
                try $0.send($1)
            },
            Fault("half a ClientHello and a FIN", "the client closed the connection during the handshake") {
                try $0.send(Array($1.prefix(100)))
                $0.shutdownOutput()
            },
            Fault("a ClientHello and a FIN", "the client closed the connection during the handshake") {
                try $0.send($1)
                $0.shutdownOutput()
            },
            Fault("a ClientHello and a RST", "the client reset the connection during the handshake") {
                try $0.send($1)
                _ = try $0.receive(exactly: 1)
                $0.reset()
            },
            Fault("no TLS", "the client sent something other than a ClientHello") { client, _ in
                try client.send([0x16] + Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
            },
            Fault("a ServerHello", "the client sent something other than a ClientHello") { client, _ in
                try client.send([0x16, 3, 3, 0, 5, 2, 0, 0, 1, 0])
            },
            Fault("an alert", "the client answered with the alert \"handshake failure\"") { client, _ in
                try client.send(alert)
            },
        ]

        @Test("a client that fails after <proceed/> is closed, and so is the server", arguments: ofClients)
        @PeerThread
        func client(fault: Fault) async throws {
            let recorded = try await TLSPlay.run(handshake: fault.limit) { play in
                let (client, server) = try await play.connect()
                try play.ask(client, server)
                try server.send(Said.proceed)
                let securedServer = try play.server(server)
                try securedServer.secure()
                #expect(try client.receiveText(exactly: Said.proceed.utf8.count) == Said.proceed)
                try fault.act(client, try play.firstWords(client))
                if !fault.isReset { #expect(client.endsSoon()) }
                #expect(try securedServer.receiveToEnd() == [])
                #expect(securedServer.hasFarewell)
                try securedServer.finish()
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            #expect(recorded.conversations.count == 2)
            #expect(recorded.conversations.last?.failure(.client)?.contains(fault.told) == true, "\(recorded.problems)")
            #expect(recorded.problems.count == 1)
        }

        @Test(
            "a client that begins with TLS and fails is closed, and so is the server",
            arguments: ofClients.filter { !["silent", "an alert"].contains($0.testDescription) }
        )
        @PeerThread
        func directClient(fault: Fault) async throws {
            let recorded = try await TLSPlay.run(handshake: fault.limit) { play in
                let (client, server) = try await play.connect()
                try fault.act(client, try play.firstWords(client))
                if !fault.isReset { #expect(client.endsSoon()) }
                #expect(try server.receiveToEnd() == [])
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            #expect(recorded.conversations.count == 1)
            #expect(
                recorded.conversations.first?.failure(.client)?.contains(fault.told) == true,
                "\(recorded.problems)"
            )
            #expect(recorded.conversations.first?.bytes[.clientToServer, default: []] == [])
        }

        /// Programs that do not trust us, by their arguments, `PORT` and `VERSION` standing for themselves.
        struct Wary: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let command: [String]
        }

        static let wary: [Wary] = ["1.2", "1.3"].flatMap { version in
            let option = "-tls" + version.replacing(".", with: "_")
            let check = """
                import socket, ssl
                c = ssl.create_default_context()
                c.minimum_version = c.maximum_version = ssl.TLSVersion.TLSv\(version.replacing(".", with: "_"))
                c.wrap_socket(socket.create_connection(("127.0.0.1", PORT)), server_hostname="jabber.test")
                """
            return [
                Wary(
                    testDescription: "openssl, TLS \(version)",
                    command: [
                        "/usr/bin/openssl", "s_client", "-connect", "127.0.0.1:PORT", "-verify_return_error", option,
                    ]
                ),
                Wary(testDescription: "Python, TLS \(version)", command: ["/usr/bin/python3", "-c", check]),
            ]
        }

        @Test("real clients that do not trust us are told of so, whatever the version of TLS", arguments: wary)
        @PeerThread
        func realClients(_ wary: Wary) async throws {
            guard FileManager.default.isExecutableFile(atPath: wary.command[0]) else { return }
            let recorded = try await TLSPlay.run { play in
                let client = Process()
                client.executableURL = URL(fileURLWithPath: wary.command[0])
                let port = "\(play.running.endpoint.port)"
                client.arguments = wary.command.dropFirst().map { $0.replacing("PORT", with: port) }
                client.standardInput = FileHandle.nullDevice
                client.standardOutput = FileHandle.nullDevice
                client.standardError = FileHandle.nullDevice
                try client.run()
                defer { if client.isRunning { kill(client.processIdentifier, SIGKILL) } }
                let socket = try play.accept()
                #expect(socket.endsSoon())
                socket.close()
                try await play.waitUntilOver()
            }
            let told = try #require(recorded.conversations.last?.failure(.client))
            #expect(
                told.contains("the client does not accept the certificate that stanzatap showed (alert \"unknown ca\"")
            )
            #expect(told.contains("'stanzatap ca trust-help' tells how"))
        }

        @Test(
            "a client that does not trust the certificate is told of with the help there is",
            arguments: [false, true]
        )
        @PeerThread
        func distrust(direct: Bool) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect()
                if !direct {
                    try play.ask(client, server)
                    try server.send(Said.proceed)
                    try play.server(server).secure()
                    #expect(try client.receiveText(exactly: Said.proceed.utf8.count) == Said.proceed)
                }
                let wary = try play.client(client, trustsUs: false)
                #expect(wary.secureInVain().contains("CERTIFICATE_VERIFY_FAILED"))
                #expect(client.endsSoon() && server.endsSoon())
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            let told = try #require(recorded.conversations.last?.failure(.client))
            #expect(told.contains("the client does not accept the certificate that stanzatap showed"))
            #expect(told.contains("'stanzatap ca trust-help' tells how"))
        }
    }
}
