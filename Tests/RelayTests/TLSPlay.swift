import Capture
import Certificates
import Foundation
import NIOSSL
import Relay
import Testing
import XMPP

/// The words of a stream that the tests of TLS use.
enum Said {
    static let domain = "jabber.test"
    private static let namespaces =
        "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'"
    static let clientHeader = "<?xml version='1.0'?><stream:stream to='jabber.test' \(namespaces)>"
    static let serverHeader = "<?xml version='1.0'?><stream:stream id='1' from='jabber.test' \(namespaces)>"
    static let tls = "urn:ietf:params:xml:ns:xmpp-tls"
    static let ask = "<starttls xmlns='\(tls)'/>"
    static let proceed = "<proceed xmlns='\(tls)'/>"
    static let failure = "<failure xmlns='\(tls)'/>"
    static let offer = "<stream:features><starttls xmlns='\(tls)'/></stream:features>"
    static let noOffer = "<stream:features><register xmlns='http://jabber.org/features/iq-register'/></stream:features>"
    static let end = "</stream:stream>"
}

/// A relay that decrypts, a server that the test plays, and a bystander: a connection that nothing may disturb.
@PeerThread
final class TLSPlay {
    let running: RunningRelay
    let world: TLSWorld
    private let listener: TestServer
    private let bystander: (client: TestSocket, peer: TestSocket)?

    private init(_ running: RunningRelay, _ world: TLSWorld, _ listener: TestServer, hasBystander: Bool) async throws {
        self.running = running
        self.world = world
        self.listener = listener
        bystander = hasBystander ? try await running.connect(through: listener) : nil
        try bystand("before")
    }

    /// Plays `script` and returns what was recorded of it, without the bystander.
    ///
    /// - Parameter hasBystander: not with settings by which every connection to the server begins with TLS.
    static func run(
        hasBystander: Bool = true,
        isReachable: Bool = true,
        handshake: Duration? = nil,
        interception change: (inout Interception) -> Void = { _ in },
        _ script: @PeerThread (TLSPlay) async throws -> Void
    ) async throws -> RecordedCapture {
        let world = try TLSWorld()
        let listener = try TestServer(listening: isReachable)
        var wanted = Interception(authority: world.ours, trust: world.trust)
        change(&wanted)
        let interception = wanted
        let configure: @Sendable (inout RelayConfiguration) -> Void = { configuration in
            configuration.interception = interception
            if let handshake { configuration.limits.handshake = handshake }
        }
        let body: @PeerThread (RunningRelay) async throws -> Void = { running in
            let play = try await TLSPlay(running, world, listener, hasBystander: hasBystander)
            try await script(play)
            try play.bystand("after")
        }
        let recorded = try await RunningRelay.run(upstream: listener.endpoint, change: configure, body)
        return hasBystander ? recorded.withoutFirst() : recorded
    }

    private func bystand(_ text: String) throws {
        guard let bystander else { return }
        try bystander.client.send("<\(text)>")
        #expect(try bystander.peer.receive(exactly: text.utf8.count + 2) == Array("<\(text)>".utf8))
        try bystander.peer.send("</\(text)>")
        #expect(try bystander.client.receive(exactly: text.utf8.count + 3) == Array("</\(text)>".utf8))
    }

    // MARK: Peers

    /// A client whose server is to be accepted later.
    func connectClient(receiveBuffer: Int32? = nil) async throws -> TestSocket {
        let client = try await running.connect(receiveBuffer: receiveBuffer)
        client.setLimit(seconds: 60)
        return client
    }

    func accept() throws -> TestSocket {
        let peer = try listener.accept(seconds: 60)
        peer.setLimit(seconds: 60)
        return peer
    }

    func connect(receiveBuffer: Int32? = nil) async throws -> (client: TestSocket, server: TestSocket) {
        let client = try await connectClient(receiveBuffer: receiveBuffer)
        return (client, try accept())
    }

    /// A client that began with TLS, and the server's socket.
    func direct(
        _ settings: TLSSettings = TLSSettings(),
        name: String? = Said.domain
    ) async throws -> (client: TLSPeer, server: TestSocket) {
        let (client, server) = try await connect()
        let securedClient = try self.client(client, settings, name: name)
        try securedClient.secure()
        return (securedClient, server)
    }

    func client(
        _ socket: TestSocket,
        _ settings: TLSSettings = TLSSettings(),
        name: String? = Said.domain,
        trustsUs: Bool = true
    ) throws -> TLSPeer {
        let context = try world.clientContext(settings, trustsUs: trustsUs, checksName: name == Said.domain)
        return try TLSPeer(socket, .client(serverName: name), context)
    }

    func server(_ socket: TestSocket, _ settings: TLSSettings = TLSSettings(), _ pair: KeyPair? = nil) throws -> TLSPeer
    {
        let pair = try pair ?? world.servers.leaf(for: Said.domain)
        return try TLSPeer(socket, .server, try TLSWorld.serverContext(pair, settings))
    }

    /// The ClientHello of an honest client, unsent.
    func firstWords(_ socket: TestSocket) throws -> [UInt8] {
        let honest = try client(socket)
        honest.isHolding = true
        try honest.begin()
        return try honest.takeOutput()
    }

    // MARK: Scenes

    /// Everything until the server has the client's wish for TLS and may answer.
    func ask(_ client: TestSocket, _ server: TestSocket) throws {
        try pass(Said.clientHeader, from: client, to: server)
        try pass(Said.serverHeader + Said.offer, from: server, to: client)
        try pass(Said.ask, from: client, to: server)
    }

    /// A client and a server that have come to TLS by STARTTLS.
    func startTLS(
        client clientSettings: TLSSettings = TLSSettings(),
        server serverSettings: TLSSettings = TLSSettings()
    ) async throws -> (client: TLSPeer, server: TLSPeer) {
        let (client, server) = try await connect()
        try ask(client, server)
        try server.send(Said.proceed)
        let securedServer = try self.server(server, serverSettings)
        try securedServer.secure()
        #expect(try client.receive(exactly: Said.proceed.utf8.count) == Array(Said.proceed.utf8))
        let securedClient = try self.client(client, clientSettings)
        try securedClient.secure()
        return (securedClient, securedServer)
    }

    /// Sends `text`, which must arrive as it is.
    func pass(_ text: String, from source: TestSocket, to destination: TestSocket) throws {
        try source.send(text)
        let received = try destination.receive(exactly: text.utf8.count)
        #expect(String(decoding: received, as: UTF8.self) == text)
    }

    func pass(_ text: String, from source: TLSPeer, to destination: TLSPeer) throws {
        try source.send(text)
        let received = try destination.receive(exactly: text.utf8.count)
        #expect(String(decoding: received, as: UTF8.self) == text)
    }

    /// Both sides end their streams in order, and the relay has recorded it.
    func end(_ client: TLSPeer, _ server: TLSPeer) async throws {
        try client.finish()
        #expect(try server.receiveToEnd() == [])
        #expect(server.hasFarewell)
        try server.finish()
        #expect(try client.receiveToEnd() == [])
        #expect(client.hasFarewell)
        client.socket.close()
        server.socket.close()
        try await waitUntilOver()
    }

    /// Waits until only the bystander is connected.
    func waitUntilOver() async throws {
        let rest = bystander == nil ? 0 : 1
        try await waitUntil { running.relay.openConnections <= rest }
    }
}

extension RecordedCapture {
    var notices: [String] { conversations.flatMap { $0.notices } }

    /// Everything that went wrong.
    var problems: [String] {
        conversations.flatMap { $0.failures + [$0.failure(.client), $0.failure(.server)].compactMap(\.self) }
    }
}

extension RecordedCapture.Conversation {
    /// The facts about TLS with that side.
    func tls(_ side: Side) -> TLSFacts? {
        events.lazy.compactMap { if case .tls(side, let facts) = $0 { facts } else { nil } }.first
    }

    /// The failure of TLS with that side, in the words for people.
    func failure(_ side: Side) -> String? {
        events.lazy.compactMap { if case .tlsFailed(side, _, _, _) = $0 { $0.sentence } else { nil } }.first
    }

    var notices: [String] { events.compactMap { if case .noticed(let what) = $0 { what } else { nil } } }
    var failures: [String] { events.compactMap { if case .failed(let reason) = $0 { reason } else { nil } } }
}
