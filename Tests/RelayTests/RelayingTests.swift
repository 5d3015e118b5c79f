import Capture
import Testing
import XMPP

@Suite(.timeLimit(.minutes(1)), .serialized)
struct RelayingTests {
    @Test("bytes of any kind arrive unchanged in both directions and are in the capture")
    func anyBytes() async throws {
        let (up, down) = (randomBytes(5_000_000), [0] + randomBytes(5_000_000))
        let server = try TestServer()
        let recorded = try await RunningRelay.run(upstream: server.endpoint) { running in
            let client = try await running.connect()
            let peer = try await onThread { try server.accept() }
            async let served = peer.exchange(down)
            async let received = client.exchange(up)
            #expect(try await served == up)
            #expect(try await received == down)
            try await running.waitUntilIdle()
        }
        #expect(recorded.conversations.count == 1)
        #expect(recorded.conversations[0].bytes[.clientToServer] == up)
        #expect(recorded.conversations[0].bytes[.serverToClient] == down)
        #expect(
            recorded.conversations[0].events.last
                == .ended(clientToServerBytes: up.count, serverToClientBytes: down.count)
        )
    }
}
