import Capture
import Foundation
import Testing
import XMPP

extension PlayedTLS {
    @Suite("ends")
    struct TLSEndTests {
        private static let farewell = "so nobody can tell whether it was cut off"

        static let versions: [TLSSettings] = [.version12, .version13]

        @Test(
            "an end without close_notify is told, and the other side gets one",
            arguments: [Side.client, .server],
            versions
        )
        @PeerThread
        func ragged(side: Side, settings: TLSSettings) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.startTLS(client: settings, server: settings)
                try play.pass(Said.clientHeader, from: client, to: server)
                let (rude, polite) = side == .client ? (client, server) : (server, client)
                rude.socket.shutdownOutput()
                #expect(try polite.receiveToEnd() == [])
                #expect(polite.hasFarewell && polite.errors.isEmpty)
                try play.pass("<last/>", from: polite, to: rude)
                try polite.finish()
                #expect(try rude.receiveToEnd() == [])
                #expect(rude.hasFarewell)
                client.socket.close()
                server.socket.close()
                try await play.waitUntilOver()
            }
            let inside = try #require(recorded.conversations.last)
            #expect(inside.notices == ["the \(side) ended TLS without a close_notify, \(Self.farewell)"])
            #expect(inside.ends.sorted() == ["closed C->S", "closed S->C"])
            #expect(inside.text(Direction(sender: side.other)).hasSuffix("<last/>"))
            #expect(recorded.problems.isEmpty)
        }

        @Test("one side ends, and the other one goes on", arguments: [Side.client, .server], versions)
        @PeerThread
        func halfClosed(side: Side, settings: TLSSettings) async throws {
            let rest = String(repeating: "<r a='1'/>", count: 10_000)
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.startTLS(client: settings, server: settings)
                let (first, last) = side == .client ? (client, server) : (server, client)
                try first.send("<done/>")
                // Without a FIN, which close_notify does not need.
                try first.sendFarewell()
                #expect(try last.receiveText() == "<done/>")
                #expect(last.hasFarewell)
                try last.send(rest)
                try last.finish()
                #expect(try first.receiveText() == rest)
                #expect(first.hasFarewell)
                client.socket.close()
                server.socket.close()
                try await play.waitUntilOver()
            }
            let inside = try #require(recorded.conversations.last)
            #expect(inside.text(Direction(sender: side)) == "<done/>")
            #expect(inside.text(Direction(sender: side.other)) == rest)
            #expect(
                inside.ends == [
                    "closed \(Direction(sender: side).rawValue)", "closed \(Direction(sender: side.other).rawValue)",
                ]
            )
            #expect(inside.notices.isEmpty && recorded.problems.isEmpty)
        }

        @Test("a reset is passed on", arguments: [Side.client, .server], versions)
        @PeerThread
        func reset(side: Side, settings: TLSSettings) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.startTLS(client: settings, server: settings)
                try play.pass(Said.clientHeader, from: client, to: server)
                let (rude, other) = side == .client ? (client, server) : (server, client)
                rude.socket.reset()
                #expect(try other.socket.waitForReset())
                other.socket.close()
                try await play.waitUntilOver()
            }
            let inside = try #require(recorded.conversations.last)
            #expect(inside.ends == ["reset \(Direction(sender: side).rawValue)"])
            #expect(inside.text(.clientToServer) == Said.clientHeader)
            #expect(inside.notices.isEmpty, "\(inside.notices)")
            #expect(recorded.problems.isEmpty)
        }

        @Test("megabytes each way, a slow reader, and closing at once: nothing is lost", arguments: Side.allCases)
        @PeerThread
        func megabytes(slow: Side) async throws {
            let (up, down) = (randomBytes(5_000_000), randomBytes(5_000_000))
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.connect(receiveBuffer: slow == .client ? 8192 : nil)
                try play.ask(client, server)
                try server.send(Said.proceed)
                let context = try play.world.serverContext()
                async let served = onThread {
                    let peer = try TLSPeer(server, .server, context)
                    try peer.secure()
                    return try peer.exchange(down, pausing: slow == .server ? 500 : 0)
                }
                _ = try client.receive(exactly: Said.proceed.utf8.count)
                let clientContext = try play.world.clientContext()
                async let received = onThread {
                    let peer = try TLSPeer(client, .client(serverName: Said.domain), clientContext)
                    try peer.secure()
                    return try peer.exchange(up, pausing: slow == .client ? 500 : 0)
                }
                let (fromClient, fromServer) = try await (served, received)
                #expect(fromClient.count == up.count && fromClient == up)
                #expect(fromServer.count == down.count && fromServer == down)
                client.close()
                server.close()
                try await play.waitUntilOver()
            }
            let inside = try #require(recorded.conversations.last)
            #expect(inside.bytes[.clientToServer] == up)
            #expect(inside.bytes[.serverToClient] == down)
            #expect(inside.ends.sorted() == ["closed C->S", "closed S->C"])
            #expect(inside.notices.isEmpty && recorded.problems.isEmpty)
        }

        @Test("bytes that are no TLS, in the middle of it, end the connection", arguments: [Side.client, .server])
        @PeerThread
        func junk(side: Side) async throws {
            let recorded = try await TLSPlay.run { play in
                let (client, server) = try await play.startTLS()
                try play.pass(Said.clientHeader, from: client, to: server)
                let (rude, other) = side == .client ? (client, server) : (server, client)
                try rude.socket.send("<message/> <message/> <message/>")
                #expect(other.socket.endsSoon() && rude.socket.endsSoon())
                client.socket.close()
                server.socket.close()
                try await play.waitUntilOver()
            }
            let inside = try #require(recorded.conversations.last)
            #expect(inside.failures.count == 1 && inside.notices.isEmpty)
            #expect(inside.failures.first?.hasPrefix("TLS with the \(side) broke: ") == true)
            #expect(inside.text(.clientToServer) == Said.clientHeader && inside.text(.serverToClient).isEmpty)
        }

        @Test(
            "a client that wants to renegotiate is not followed, and the server is told of the end",
            .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"), "needs openssl s_client")
        )
        @PeerThread
        func renegotiation() async throws {
            let recorded = try await TLSPlay.run { play in
                let client = Process()
                client.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
                client.arguments = [
                    "s_client", "-connect", "\(play.running.endpoint)", "-tls1_2", "-servername", Said.domain,
                ]
                let input = Pipe()
                client.standardInput = input
                client.standardOutput = FileHandle.nullDevice
                client.standardError = FileHandle.nullDevice
                try client.run()
                defer { if client.isRunning { kill(client.processIdentifier, SIGKILL) } }
                let socket = try play.accept()
                input.fileHandleForWriting.write(Data((Said.clientHeader + "\n").utf8))
                let server = try play.server(socket)
                try server.secure()
                try server.receive(through: Said.clientHeader)
                input.fileHandleForWriting.write(Data("R\n".utf8))
                #expect(socket.endsSoon())
                try input.fileHandleForWriting.close()
                socket.close()
                try await play.waitUntilOver()
            }
            let conversation = try #require(recorded.conversations.first)
            #expect(conversation.tls(.client)?.version == "TLS 1.2")
            #expect(conversation.text(.clientToServer).hasPrefix(Said.clientHeader))
            #expect(
                conversation.failures.first?.contains("wants to negotiate TLS anew") == true,
                "\(conversation.events)"
            )
        }
    }
}
