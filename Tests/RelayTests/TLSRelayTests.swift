import Capture
import Testing
import XMPP

@Suite("TLSRelay: STARTTLS", .timeLimit(.minutes(1)), .serialized)
struct TLSRelayStartTests {
    @Test("STARTTLS is decrypted and recorded")
    @PeerThread
    func startTLS() async throws {
        let recorded = try await TLSPlay.run { play in
            let (client, server) = try await play.startTLS()
            try play.pass(Said.clientHeader, from: client, to: server)
            try play.pass(Said.serverHeader + Said.noOffer, from: server, to: client)
            try await play.end(client, server)
        }
        let clear = try #require(recorded.conversations.first)
        #expect(clear.text(.clientToServer) == Said.clientHeader + Said.ask)
        #expect(clear.text(.serverToClient) == Said.serverHeader + Said.offer + Said.proceed)
        let inside = try #require(recorded.conversations.last)
        #expect(inside.text(.clientToServer) == Said.clientHeader)
        #expect(inside.text(.serverToClient) == Said.serverHeader + Said.noOffer)
        #expect(inside.ends.sorted() == ["closed C->S", "closed S->C"])
    }
}
