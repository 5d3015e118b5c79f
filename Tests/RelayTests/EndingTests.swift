import Capture
import Foundation
import Glibc
import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import XMPP

@testable import Relay

@Suite("starting, stopping and failing", .timeLimit(.minutes(1)), .serialized)
struct EndingTests {
    private func start(_ configuration: RelayConfiguration) async throws -> Relay {
        let path = NSTemporaryDirectory() + "/stanzatap-relay-\(UUID().uuidString).pcapng"
        defer { unlink(path) }
        let capture = try CaptureFile(path: path, program: "stanzatap test")
        return try await Relay.start(configuration, capture: capture) { _ in }
    }

    @Test("a port in use is told with what to do")
    func portInUse() async throws {
        let other = try TestServer()
        let configuration = RelayConfiguration(listeners: [ListenAddress(other.endpoint)], program: "test")
        let error = await #expect(throws: RelayError.self) { try await start(configuration) }
        #expect(error == .addressInUse(ListenAddress(other.endpoint)))
        #expect(error?.description.contains("--listen 127.0.0.1:PORT") == true)
    }

    @Test("an optional address that the machine lacks is skipped, others are not")
    func missingAddress() async throws {
        // TEST-NET-1 belongs to no machine (RFC 5737).
        let foreign = try #require(Endpoint(host: "192.0.2.1", port: 0))
        var configuration = RelayConfiguration(
            listeners: [try ListenAddress(argument: "127.0.0.1:0"), ListenAddress(foreign, optional: true)],
            upstream: UpstreamAddress(host: "127.0.0.1"),
            program: "test"
        )
        let relay = try await start(configuration)
        #expect(relay.addresses.map(\.host) == ["127.0.0.1"])
        #expect(relay.addresses[0].port > 0)
        await relay.stop()

        configuration.listeners = [ListenAddress(foreign)]
        let error = await #expect(throws: RelayError.self) { try await start(configuration) }
        #expect(error?.description.contains("192.0.2.1:0: this machine has no such address") == true)
        configuration.listeners = [ListenAddress(foreign, optional: true)]
        await #expect(throws: RelayError.noListener) { try await start(configuration) }
    }

    @Test("an open relay is refused", arguments: ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"])
    func openRelay(address: String) async throws {
        let listener = try ListenAddress(argument: address)
        let configuration = RelayConfiguration(listeners: [listener], program: "test")
        await #expect(throws: RelayError.openRelay(listener)) { try await start(configuration) }
    }

    @Test("clients over IPv6 are served")
    func overIPv6() async throws {
        let server = try TestServer()
        let listeners = [try ListenAddress(argument: "[::1]:0")]
        let recorded = try await RunningRelay.run(upstream: server.endpoint, change: { $0.listeners = listeners }) {
            let (client, peer) = try await $0.connect(through: server)
            try await onThread { try client.send("over IPv6") }
            #expect(try await onThread { try peer.receive(exactly: 9) } == Array("over IPv6".utf8))
        }
        #expect(recorded.conversations[0].text(.clientToServer) == "over IPv6")
    }

    @Test("stopping ends open connections in order, with all that was sent before")
    func stop() async throws {
        let server = try TestServer()
        let recorded = try await RunningRelay.run(upstream: server.endpoint) { running in
            let (client, peer) = try await running.connect(through: server)
            try await onThread { try client.send("before the end") }
            #expect(try await onThread { try peer.receive(exactly: 14) } == Array("before the end".utf8))
            #expect(running.relay.openConnections == 1)
            async let stopped: Void = running.relay.stop(grace: .seconds(20))
            let ends = try await onThread {
                let ends = [try client.receiveToEnd(), try peer.receiveToEnd()]
                client.close()
                peer.close()
                return ends
            }
            #expect(ends == [[], []])
            await stopped
            #expect(running.relay.openConnections == 0)
            #expect(await running.relay.waitUntilFailure() == nil)
            await #expect(throws: SocketProblem.self) { try await running.connect() }
        }
        #expect(recorded.conversations[0].ends.sorted() == ["closed C->S", "closed S->C"])
        #expect(recorded.conversations[0].events.last == .ended(clientToServerBytes: 14, serverToClientBytes: 0))
    }

    @Test("peers that do not close are closed when the time of grace is over")
    func stopWithoutPeers() async throws {
        let server = try TestServer()
        let recorded = try await RunningRelay.run(upstream: server.endpoint) { running in
            let (client, peer) = try await running.connect(through: server)
            await running.relay.stop(grace: .milliseconds(50))
            #expect(running.relay.openConnections == 0)
            withExtendedLifetime((client, peer)) {}
        }
        #expect(recorded.conversations[0].events.last == .ended(clientToServerBytes: 0, serverToClientBytes: 0))
    }

    // MARK: The disk is full

    @Test(
        "when the recording fails nothing is passed on unrecorded, and clients are told",
        arguments: ["<stream:stream>", "\u{16}\u{3}\u{1}"],
        [1000, 200_000]
    )
    func diskFull(greeting: String, pieceCount: Int) async throws {
        let disk = try SmallDisk()
        defer { disk.remove() }
        let server = try TestServer()
        var passedOn = 0
        let recorded = try await RunningRelay.run(upstream: server.endpoint, directory: disk.directory) { running in
            let (client, peer) = try await running.connect(through: server)
            passedOn = try await onThread {
                try peer.send(greeting)
                _ = try client.receive(exactly: greeting.utf8.count)
                return try Self.pass(200_000, inPiecesOf: pieceCount, from: client, to: peer)
            }
            let failure = await running.relay.waitUntilFailure()
            #expect(failure?.description.contains("the disk is full") == true)
            let answer = try await onThread { try client.receiveText() }
            if greeting.hasPrefix("<") {
                #expect(answer.hasPrefix("<stream:error><resource-constraint "))
                #expect(answer.hasSuffix("stanzatap cannot record any more</text></stream:error></stream:stream>"))
            } else {
                #expect(answer.isEmpty)
            }
            passedOn += try await onThread { try peer.receiveToEnd().count }
            client.close()
            try await running.waitUntilIdle()
            // The listener belongs to another event loop, which hears of it a little later.
            try await waitUntil { (try? TestSocket.connect(to: running.endpoint)) == nil }
        }
        let recordedCount = recorded.conversations[0].bytes[.clientToServer]?.count ?? 0
        #expect(passedOn <= recordedCount && recordedCount < 65_536)
    }

    @Test("when the server's first bytes cannot be recorded the client gets a stream of ours, for it has none")
    func diskFullBeforeTheStream() async throws {
        let disk = try SmallDisk()
        defer { disk.remove() }
        let server = try TestServer()
        try await RunningRelay.run(upstream: server.endpoint, directory: disk.directory) { running in
            let (client, peer) = try await running.connect(through: server)
            let answer = try await onThread {
                try client.send("<stream:stream>")
                _ = try peer.receive(exactly: 15)
                #expect(FileManager.default.createFile(atPath: disk.directory + "/filler", contents: nil))
                let filler = try #require(FileHandle(forWritingAtPath: disk.directory + "/filler"))
                while (try? filler.write(contentsOf: Data(repeating: 0, count: 4096))) != nil {}
                try peer.send("<stream:stream id='\(String(repeating: "x", count: 6000))'>")
                return try client.receiveText()
            }
            #expect(answer.contains("<stream:stream ") && answer.contains("<resource-constraint "))
            #expect(answer.hasSuffix("stanzatap cannot record any more</text></stream:error></stream:stream>"))
            withExtendedLifetime(peer) {}
        }
    }

    /// Sends pieces, each when the one before has arrived, until one does not arrive or so many bytes did, and returns how
    /// many did. A single piece is not waited for.
    private static func pass(
        _ total: Int,
        inPiecesOf count: Int,
        from client: TestSocket,
        to peer: TestSocket
    ) throws -> Int {
        var passedOn = 0
        repeat {
            try client.send([UInt8](repeating: 65, count: count))
            guard count < total, (try? peer.receive(exactly: count)) != nil else { break }
            passedOn += count
        } while passedOn < total
        return passedOn
    }

    // MARK: No room

    @Test("clients beyond the limit wait for others to go, and the user is told once")
    func noRoom() async throws {
        let server = try TestServer()
        let lines = LogLines()
        try await RunningRelay.run(upstream: server.endpoint, change: { $0.limits.connections = 2 }, log: lines.add) {
            running in
            let first = try await running.connect()
            let second = try await running.connect()
            let third = try await onThread {
                let third = try TestSocket.connect(to: running.endpoint)
                try third.send("third")
                return third
            }
            let peers = try await onThread { [try server.accept(), try server.accept()] }
            try await waitUntil { !lines.all.isEmpty }
            #expect(running.relay.openConnections == 2)
            first.reset()
            let received = try await onThread { try server.accept().receive(exactly: 5) }
            #expect(received == Array("third".utf8))
            withExtendedLifetime((second, third, peers)) {}
        }
        #expect(lines.all.count == 1)
        #expect(lines.all[0].contains("clients have to wait"))
    }

    @Test("accepts that fail again and again are told once")
    func failedAccept() throws {
        let lines = LogLines()
        let channel = EmbeddedChannel()
        let address = try #require(Endpoint("127.0.0.1:5222"))
        try channel.pipeline.syncOperations.addHandler(
            AcceptGate(address: address, room: ConnectionRoom(limit: 1), log: { lines.add($0) })
        )
        for _ in 0..<3 {
            channel.pipeline.fireErrorCaught(IOError(errnoCode: EMFILE, reason: "accept"))
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        #expect(lines.all.count == 1)
        #expect(lines.all[0].hasPrefix("127.0.0.1:5222: clients have to wait: this process may have no more files and"))
    }
}

private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    @Sendable func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A disk of 64 KiB.
private struct SmallDisk {
    let directory = NSTemporaryDirectory() + "/stanzatap-full-\(UUID().uuidString)"

    /// Cancels the test where nothing can be mounted.
    init() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        guard mount("tmpfs", directory, "tmpfs", 0, "size=64k") == 0 else {
            let reason = String(cString: strerror(errno))
            rmdir(directory)
            try Test.cancel("a small file system cannot be mounted here (\(reason))")
        }
    }

    func remove() {
        umount2(directory, Int32(MNT_DETACH))
        rmdir(directory)
    }
}
