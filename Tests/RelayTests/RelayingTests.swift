import Capture
import Testing
import XMPP

@Suite("relaying", .timeLimit(.minutes(1)), .serialized)
struct RelayingTests {
    @Test("bytes of any kind arrive unchanged in both directions and are in the capture")
    func anyBytes() async throws {
        let (up, down) = (randomBytes(5_000_000), [0] + randomBytes(5_000_000))
        let server = try TestServer()
        let recorded = try await RunningRelay.run(upstream: server.endpoint) { running in
            let (client, peer) = try await running.connect(through: server)
            async let served = peer.exchange(down)
            async let received = client.exchange(up)
            #expect(try await served == up)
            #expect(try await received == down)
            try await running.waitUntilIdle()
        }
        let conversation = try #require(recorded.conversations.first)
        #expect(conversation.bytes[.clientToServer] == up)
        #expect(conversation.bytes[.serverToClient] == down)
        #expect(conversation.events.last == .ended(clientToServerBytes: up.count, serverToClientBytes: down.count))
        #expect(conversation.ends.sorted() == ["closed C->S", "closed S->C"])
    }

    @Test("single bytes, written one by one, arrive in order")
    func singleBytes() async throws {
        let bytes = randomBytes(500)
        let server = try TestServer()
        try await RunningRelay.run(upstream: server.endpoint) { running in
            let (client, peer) = try await running.connect(through: server)
            let received = try await onThread {
                var received: [UInt8] = []
                for byte in bytes {
                    try client.send([byte])
                    let echoed = try peer.receive(exactly: 1)
                    try peer.send(echoed)
                    received += try client.receive(exactly: 1)
                }
                return received
            }
            #expect(received == bytes)
        }
    }

    @Test("a server that speaks first is heard")
    func serverFirst() async throws {
        let server = try TestServer()
        let recorded = try await RunningRelay.run(upstream: server.endpoint) { running in
            let (client, peer) = try await running.connect(through: server)
            let greeting = try await onThread {
                try peer.send("hello")
                return try client.receive(exactly: 5)
            }
            #expect(greeting == Array("hello".utf8))
        }
        let how = CaptureEvent.upstreamConnected(
            host: "127.0.0.1",
            address: server.endpoint,
            how: "fixed by --upstream"
        )
        #expect(recorded.conversations[0].events.contains(how))
    }

    @Test(
        "20 MB and a close at once reach a slow reader whole",
        arguments: [Side.client, .server],
        [false, true]
    )
    func slowReader(sender: Side, otherSideIsClosedFirst: Bool) async throws {
        let bytes = randomBytes(20_000_000)
        let server = try TestServer()
        let recorded = try await RunningRelay.run(upstream: server.endpoint) { running in
            let (client, peer) = try await running.connect(through: server, receiveBuffer: 64 * 1024)
            let (from, to) = sender == .client ? (client, peer) : (peer, client)
            if otherSideIsClosedFirst { to.shutdownOutput() }
            async let sent: Void = onThread {
                try from.send(bytes)
                if otherSideIsClosedFirst { from.close() } else { from.shutdownOutput() }
            }
            let received = try await onThread { try to.receiveToEnd(pausing: 300) }
            try await sent
            #expect(received.count == bytes.count)
            #expect(received == bytes)
            to.close()
            try await running.waitUntilIdle()
        }
        #expect(recorded.conversations[0].bytes[Direction(sender: sender)] == bytes)
        #expect(recorded.conversations[0].ends.sorted() == ["closed C->S", "closed S->C"])
    }

    @Test("one side ends its sending, the other goes on", arguments: [Side.client, .server])
    func halfClose(first: Side) async throws {
        let server = try TestServer()
        let recorded = try await RunningRelay.run(upstream: server.endpoint) { running in
            let (client, peer) = try await running.connect(through: server)
            let (early, late) = first == .client ? (client, peer) : (peer, client)
            let texts = try await onThread {
                try early.send("early")
                early.shutdownOutput()
                let heard = try late.receiveText()
                try late.send("late")
                late.shutdownOutput()
                return [heard, try early.receiveText()]
            }
            #expect(texts == ["early", "late"])
            try await running.waitUntilIdle()
        }
        let direction = Direction(sender: first)
        #expect(
            recorded.conversations[0].ends
                == ["closed \(direction.rawValue)", "closed \(direction.opposite.rawValue)"]
        )
        #expect(
            recorded.conversations[0].events.last
                == .ended(clientToServerBytes: first == .client ? 5 : 4, serverToClientBytes: first == .client ? 4 : 5)
        )
    }

    @Test("a RST arrives as a RST, after the bytes before it", arguments: [Side.client, .server], [false, true])
    func reset(by side: Side, afterHalfClose: Bool) async throws {
        let server = try TestServer()
        let recorded = try await RunningRelay.run(upstream: server.endpoint) { running in
            let (client, peer) = try await running.connect(through: server)
            let (from, to) = side == .client ? (client, peer) : (peer, client)
            let wasReset = try await onThread {
                if afterHalfClose {
                    to.shutdownOutput()
                    _ = try from.receiveToEnd()
                }
                try from.send("last words")
                guard try to.receive(exactly: 10) == Array("last words".utf8) else { return false }
                from.reset()
                return try to.waitForReset()
            }
            #expect(wasReset)
            try await running.waitUntilIdle()
        }
        #expect(recorded.conversations[0].ends.last == "reset \(Direction(sender: side).rawValue)")
        guard case .ended = recorded.conversations[0].events.last else {
            Issue.record("the end is not recorded")
            return
        }
    }

    @Test("a RST that follows its bytes closely does not overtake them", arguments: [Side.client, .server])
    func resetAtOnce(by side: Side) async throws {
        let bytes = randomBytes(100_000)
        let server = try TestServer()
        try await RunningRelay.run(upstream: server.endpoint) { running in
            let (client, peer) = try await running.connect(through: server)
            let (from, to) = side == .client ? (client, peer) : (peer, client)
            let (received, wasReset) = try await onThread {
                try from.send(bytes)
                from.reset()
                return (try to.receive(exactly: bytes.count), try to.waitForReset())
            }
            #expect(received == bytes)
            #expect(wasReset)
        }
    }

    @Test("200 clients at once are served and recorded apart")
    func manyClients() async throws {
        let server = try TestServer()
        let recorded = try await RunningRelay.run(upstream: server.endpoint) { running in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...200 {
                    group.addTask {
                        let client = try await running.connect()
                        try await onThread { try client.send("client \(number)") }
                        client.shutdownOutput()
                        #expect(try await onThread { try client.receiveText() } == "client \(number)")
                    }
                    group.addTask {
                        try await onThread {
                            let peer = try server.accept()
                            try peer.send(try peer.receiveToEnd())
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await running.waitUntilIdle()
        }
        #expect(recorded.conversations.count == 200)
        for conversation in recorded.conversations {
            #expect(conversation.text(.clientToServer) == conversation.text(.serverToClient))
            #expect(conversation.ends.count == 2)
        }
        #expect(Set(recorded.conversations.map { $0.text(.clientToServer) }).count == 200)
        #expect(recorded.numbers.sorted() == Array(1...200))
    }
}
