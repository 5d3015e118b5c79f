import Capture
import NIOCore
import Synchronization
import Testing

@testable import Relay

private let header =
    "<stream:stream to='a.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

@Suite("doors")
struct DoorTests {
    @Test(
        "a domain that is none is refused",
        arguments: ["*", "*.example.org", "", " ", "a b", "example.org..", "i❤.ws", String(repeating: "ü", count: 60)]
    )
    func domains(_ text: String) { #expect(throws: AddressTextError.self) { try AllowedDomain(argument: text) } }

    @Test("no client is joined to another port of this process")
    func otherListener() async throws {
        let server = try TestServer()
        let endpoint = server.endpoint
        try await RunningRelay.run(upstream: endpoint) { relay in
            relay.relay.isOwn(endpoint)
            let client = try await relay.connect()
            let said = try await client.answer(to: Array(header.utf8))
            #expect(String(decoding: said, as: UTF8.self).contains("would talk to itself"))
        }
    }

    @Test("a server has no more connections than it may have, which is told once, and again when some are over")
    func manyConnections() async throws {
        let server = try TestServer()
        let log = Mutex<[String]>([])
        try await RunningRelay.run(
            upstream: server.endpoint,
            change: { $0.limits.connectionsToServer = 2 },
            log: { line in log.withLock { $0.append(line) } }
        ) { relay in
            let first = try await relay.connect(through: server)
            let second = try await relay.connect(through: server)
            for _ in 0..<3 {
                let client = try await relay.connect()
                let said = try await client.answer(to: Array(header.utf8))
                #expect(String(decoding: said, as: UTF8.self).contains("may have no more"))
            }
            #expect(log.withLock(\.self).count == 1)
            for pair in [first, second] {
                pair.client.shutdownOutput()
                pair.peer.shutdownOutput()
            }
            try await relay.waitUntilIdle()
            _ = try await relay.connect(through: server)
        }
    }

    @Test("lines of one kind are told once a minute, and the others counted")
    func log() {
        let lines = Mutex<[String]>([])
        let log = LimitedLog { line in lines.withLock { $0.append(line) } }
        let start = NIODeadline.now()
        for second in 0..<90 { log.tell("line \(second)", kind: "a", now: start + .seconds(Int64(second))) }
        log.tell("other", kind: "b", now: start)
        log.end()
        #expect(
            lines.withLock(\.self) == [
                "line 0", "line 60 (and 59 more of that kind before)", "other", "a: 29 more of that kind were not told",
            ]
        )
    }
}
