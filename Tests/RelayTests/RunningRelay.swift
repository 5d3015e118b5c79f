import Capture
import Foundation
import Relay
import Testing

/// A relay on free ports of the loopback with a capture of its own.
struct RunningRelay {
    let relay: Relay
    let capture: CaptureFile
    let endpoint: Endpoint

    /// Starts a relay, runs `body`, stops the relay and returns what was recorded.
    @discardableResult
    static func run(
        upstream: Endpoint? = nil,
        resolver: Endpoint? = nil,
        directory: String = NSTemporaryDirectory(),
        change: (inout RelayConfiguration) -> Void = { _ in },
        log: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (RunningRelay) async throws -> Void
    ) async throws -> RecordedCapture {
        let path = directory + "/stanzatap-relay-\(UUID().uuidString).pcapng"
        defer { unlink(path) }
        let capture = try CaptureFile(path: path, program: "stanzatap test")
        var configuration = RelayConfiguration(
            listeners: [try ListenAddress(argument: "127.0.0.1:0")],
            program: "stanzatap test"
        )
        configuration.upstream = upstream.map { UpstreamAddress(host: $0.host, port: $0.port) }
        configuration.resolver = resolver.map { ResolverAddress($0) }
        // Long enough for a busy machine: no test waits for it to go by.
        configuration.limits.farewell = .seconds(20)
        change(&configuration)
        let relay = try await Relay.start(configuration, capture: capture, log: log)
        let running = RunningRelay(relay: relay, capture: capture, endpoint: try #require(relay.addresses.first))
        let result: Result<Void, any Error>
        do { result = .success(try await body(running)) } catch { result = .failure(error) }
        await relay.stop(grace: .milliseconds(200))
        try result.get()
        return try await onThread { try RecordedCapture(path: path) }
    }

    /// A client that the relay has accepted.
    func connect(receiveBuffer: Int32? = nil) async throws -> TestSocket {
        let endpoint = self.endpoint
        let (recorded, accepted) = (capture.committed, relay.acceptedConnections)
        let client = try await onThread { try TestSocket.connect(to: endpoint, receiveBuffer: receiveBuffer) }
        // It is in the capture a little later, and may be over soon.
        try await waitUntil { relay.acceptedConnections != accepted && capture.committed != recorded }
        return client
    }

    /// A client and the server's end of its connection, which the relay has joined; once in a capture.
    func connect(
        through server: TestServer,
        receiveBuffer: Int32? = nil
    ) async throws -> (client: TestSocket, peer: TestSocket) {
        let client = try await connect(receiveBuffer: receiveBuffer)
        let peer = try await onThread { try server.accept() }
        try await waitUntil { try recorded("upstream-connected") }
        return (client, peer)
    }

    private func recorded(_ text: String) throws -> Bool {
        try Data(contentsOf: URL(fileURLWithPath: capture.path)).range(of: Data(text.utf8)) != nil
    }

    /// Waits until no client is connected any more, as far as the relay knows.
    func waitUntilIdle() async throws {
        try await waitUntil { relay.openConnections == 0 }
    }
}

struct NotInTime: Error {}

/// Waits until `condition` holds, for a minute at most: counters and files, which tell nobody when they change.
func waitUntil(isolation: isolated (any Actor)? = #isolation, _ condition: () throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try !condition() {
        guard ContinuousClock.now < deadline else { throw NotInTime() }
        try await Task.sleep(for: .milliseconds(1))
    }
}

func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        for index in stride(from: 0, to: count, by: 8) {
            let word = generator.next()
            withUnsafeBytes(of: word) { bytes in
                for (offset, byte) in bytes.enumerated() where index + offset < count { buffer[index + offset] = byte }
            }
        }
        initialized = count
    }
}

extension TestSocket {
    /// Sends `bytes` and receives until the other side ends: a FIN of its own before that could come before what is awaited.
    func answer(to bytes: [UInt8]) async throws -> [UInt8] {
        try await onThread { [self] in
            try send(bytes)
            return try receiveToEnd()
        }
    }

    /// Sends `bytes` and a FIN while receiving everything that comes.
    func exchange(_ bytes: [UInt8]) async throws -> [UInt8] {
        async let sent: Void = onThread { [self] in
            try send(bytes)
            shutdownOutput()
        }
        let received = try await onThread { [self] in try receiveToEnd() }
        try await sent
        return received
    }
}
