import Capture
import Relay
import Testing
import XMLStream
import XMPP

private let header =
    "<?xml version='1.0'?><stream:stream to='Example.org' xmlns='jabber:client' "
    + "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

private let service = "SRV _xmpp-client._tcp.example.org"

private struct Refused: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var clientHeader = header
    var answers: [String: FakeNameServer.Answer] = [:]
    let condition: StreamErrorCondition
    let reason: String
}

private let refusals = [
    Refused(
        testDescription: "neither SRV nor address exist",
        answers: [service: .noSuchName, "A example.org": .noSuchName, "AAAA example.org": .noSuchName],
        condition: .hostUnknown,
        reason: "the name example.org does not exist"
    ),
    Refused(
        testDescription: "no records at all",
        condition: .hostUnknown,
        reason: "the name example.org has no address"
    ),
    Refused(
        testDescription: "the service is not offered",
        answers: [service: .records([.service(priority: 0, weight: 0, port: 0, target: ".")])],
        condition: .hostUnknown,
        reason: "says that example.org offers no XMPP service"
    ),
    Refused(
        testDescription: "the name server fails",
        answers: [service: .serverFailure, "A example.org": .serverFailure, "AAAA example.org": .serverFailure],
        condition: .remoteConnectionFailed,
        reason: "the name server does not answer for example.org"
    ),
    Refused(
        testDescription: "SRV fails and the address does not exist",
        answers: [service: .serverFailure, "A example.org": .noSuchName, "AAAA example.org": .noSuchName],
        condition: .remoteConnectionFailed,
        reason: "the name server does not answer for _xmpp-client"
    ),
    Refused(
        testDescription: "the name server talks nonsense",
        answers: [service: .garbage, "A example.org": .garbage, "AAAA example.org": .garbage],
        condition: .remoteConnectionFailed,
        reason: "cannot be read"
    ),
    Refused(
        testDescription: "the target of the SRV record does not exist",
        answers: [
            service: .records([.service(priority: 0, weight: 0, port: 5222, target: "gone.example.org")]),
            "A gone.example.org": .noSuchName, "AAAA gone.example.org": .noSuchName,
        ],
        condition: .remoteConnectionFailed,
        reason: "the name gone.example.org does not exist"
    ),
    Refused(
        testDescription: "nobody listens at any address",
        answers: [
            service: .records([.service(priority: 0, weight: 0, port: 1, target: "xmpp.example.org")]),
            "A xmpp.example.org": .records([.address("127.0.0.1"), .address("127.0.0.2")]),
        ],
        condition: .remoteConnectionFailed,
        reason: "127.0.0.1:1 failed: nobody listens there (connection refused), "
            + "127.0.0.2:1 failed: nobody listens there (connection refused)"
    ),
    Refused(
        testDescription: "the header has no 'to'",
        clientHeader: header.replacing("to='Example.org'", with: ""),
        condition: .improperAddressing,
        reason: "the stream header has no &apos;to&apos;"
    ),
    Refused(
        testDescription: "the 'to' is no domain",
        clientHeader: header.replacing("Example.org", with: "&lt;&amp;&quot; x"),
        condition: .hostUnknown,
        reason: "no domain name"
    ),
]

@Suite("finding the server", .timeLimit(.minutes(1)))
struct FindingTests {
    /// Sends `text`, byte by byte if asked to, through a relay to whatever server the fake name server leads to; returns
    /// what that server got and how it was found.
    private func reach(
        _ server: TestServer,
        _ names: FakeNameServer,
        slowly: Bool = false
    ) async throws -> String {
        let recorded = try await RunningRelay.run(resolver: names.endpoint) { running in
            let client = try await running.connect()
            let text = header
            try await onThread {
                if slowly {
                    for byte in text.utf8 { try client.send([byte]) }
                } else {
                    try client.send(text)
                }
            }
            let received = try await onThread {
                let peer = try server.accept()
                let received = try peer.receive(exactly: text.utf8.count)
                try peer.send("welcome")
                return String(decoding: received, as: UTF8.self)
            }
            #expect(received == text)
            #expect(try await onThread { try client.receive(exactly: 7) } == Array("welcome".utf8))
        }
        #expect(recorded.conversations.first?.text(.clientToServer) == header)
        for case .upstreamConnected(let host, let address, let how) in recorded.conversations[0].events {
            #expect(host == "example.org")
            #expect(address == server.endpoint)
            return how
        }
        return "not connected"
    }

    @Test("through the SRV record, however the header is cut", arguments: [false, true])
    func throughService(slowly: Bool) async throws {
        let server = try TestServer()
        let names = try FakeNameServer([
            service: .records([
                .service(priority: 10, weight: 5, port: server.endpoint.port, target: "xmpp.example.org")
            ]),
            "A xmpp.example.org": .records([.address("127.0.0.1")]),
        ])
        let how = try await reach(server, names, slowly: slowly)
        #expect(how == "SRV record _xmpp-client._tcp.example.org, priority 10, weight 5, xmpp.example.org")
        #expect(names.questions == [service, "AAAA xmpp.example.org", "A xmpp.example.org"])
    }

    @Test("the best priority first, then the next, and of several addresses the one that answers")
    func priorities() async throws {
        let server = try TestServer()
        let deaf = try TestServer(listening: false)
        let names = try FakeNameServer([
            service: .records([
                .service(priority: 30, weight: 0, port: server.endpoint.port, target: "third.example.org"),
                .service(priority: 20, weight: 0, port: server.endpoint.port, target: "second.example.org"),
                .service(priority: 10, weight: 9, port: deaf.endpoint.port, target: "first.example.org"),
            ]),
            "A first.example.org": .records([.address("127.0.0.1")]),
            "A second.example.org": .records([
                .alias("host.example.org"), .address("127.99.99.99"), .address("127.0.0.1"),
            ]),
            "AAAA second.example.org": .records([.address("::1")]),
        ])
        let how = try await reach(server, names)
        #expect(how == "SRV record _xmpp-client._tcp.example.org, priority 20, weight 0, second.example.org")
        #expect(!names.questions.contains("A third.example.org"))
    }

    @Test(
        "without SRV records, or an answer to that question, the domain's own address",
        arguments: [FakeNameServer.Answer.records([]), .noSuchName, .serverFailure, .garbage]
    )
    func fallback(answer: FakeNameServer.Answer) async throws {
        let host = "127.\(Int.random(in: 1...250)).\(Int.random(in: 1...250)).\(Int.random(in: 1...250))"
        let server = try TestServer(host: host, port: 5222)
        let names = try FakeNameServer([service: answer, "A example.org": .records([.address(host)])])
        let how = try await reach(server, names)
        #expect(["no SRV record, address of example.org", "SRV not answered, address of example.org"].contains(how))
    }

    @Test("a name server with an IPv6 address")
    func nameServerOverIPv6() async throws {
        let server = try TestServer()
        let names = try FakeNameServer(
            host: "::1",
            [
                service: .records([
                    .service(priority: 1, weight: 1, port: server.endpoint.port, target: "xmpp.example.org")
                ]),
                "A xmpp.example.org": .records([.address("127.0.0.1")]),
            ]
        )
        #expect(try await reach(server, names).hasPrefix("SRV record"))
    }

    // MARK: Refusals

    @Test("the client is told on a proper stream", arguments: refusals)
    private func refused(_ refused: Refused) async throws {
        let names = try FakeNameServer(refused.answers)
        let recorded = try await RunningRelay.run(resolver: names.endpoint) { running in
            let client = try await running.connect()
            let answer = try await onThread {
                try client.send(refused.clientHeader)
                return try client.receiveText()
            }
            try expectStreamError(answer, refused.condition, refused.reason)
            client.close()
            try await running.waitUntilIdle()
        }
        let conversation = try #require(recorded.conversations.first)
        #expect(conversation.sentByProxy == conversation.bytes[.serverToClient])
        let condition = conversation.events.compactMap { event in
            if case .upstreamFailed(_, let condition, _) = event { condition } else { nil }
        }
        #expect(condition == [refused.condition.rawValue])
        #expect(conversation.ends == ["closed C->S"])
    }

    @Test("a silent name server is not waited for without end")
    func silentNameServer() async throws {
        let names = try FakeNameServer([
            service: .silence, "A example.org": .silence, "AAAA example.org": .silence,
        ])
        try await RunningRelay.run(resolver: names.endpoint) { running in
            let client = try await running.connect()
            let answer = try await onThread {
                try client.send(header)
                return try client.receiveText()
            }
            try expectStreamError(answer, .remoteConnectionFailed, "the name server does not answer")
        }
    }

    @Test(
        "what is no stream is closed without an answer",
        arguments: [
            (
                "\u{16}\u{3}\u{1}\u{0}\u{2D}\u{1}\u{0}\u{0}\u{29}\u{3}\u{3}" + String(repeating: "r", count: 32)
                    + "\u{0}\u{0}\u{2}\u{13}\u{1}\u{1}\u{0}",
                "the client began with TLS and named no server (no SNI)"
            ),
            ("GET / HTTP/1.1\r\n\r\n", "the client sent no XMPP stream"),
            (String(repeating: " ", count: 1200), "the client sent 1000 bytes without a complete stream header"),
            ("<stream:stream ", "the client sent no complete stream header in time"),
        ]
    )
    func noStream(text: String, reason: String) async throws {
        let names = try FakeNameServer([:])
        let recorded = try await RunningRelay.run(
            resolver: names.endpoint,
            change: {
                $0.limits.headerBytes = 1000
                if text == "<stream:stream " { $0.limits.header = .seconds(5) }
            }
        ) { running in
            let endpoint = running.endpoint
            // Connected and sent at once: on a busy machine the time limit must not pass in between.
            let answer = try await onThread {
                let client = try TestSocket.connect(to: endpoint)
                try client.send(text)
                return try client.receiveToEnd()
            }
            #expect(answer.isEmpty)
            try await running.waitUntilIdle()
        }
        #expect(recorded.conversations[0].text(.clientToServer) == text)
        let reasons = recorded.conversations[0].events.compactMap { event in
            if case .failed(let reason) = event { reason } else { nil }
        }
        #expect(reasons.count == 1 && reasons[0].hasPrefix(reason), "\(reasons)")
        #expect(names.questions.isEmpty)
    }

    @Test("a client that leaves during the search ends it", arguments: [false, true])
    func clientLeaves(byReset: Bool) async throws {
        let names = try FakeNameServer([service: .silence])
        let recorded = try await RunningRelay.run(resolver: names.endpoint) { running in
            let client = try await running.connect()
            try await onThread { try client.send(byReset ? header : "<stream:stream") }
            if byReset { try await waitUntil { !names.questions.isEmpty } }
            if byReset { client.reset() } else { client.close() }
            try await running.waitUntilIdle()
        }
        #expect(recorded.conversations[0].ends == [byReset ? "reset C->S" : "closed C->S"])
        guard case .ended = recorded.conversations[0].events.last else {
            Issue.record("the end is not recorded")
            return
        }
    }

    // MARK: A fixed server

    @Test("a fixed server that does not answer is told once the client's header has come")
    func fixedServerIsDown() async throws {
        let deaf = try TestServer(listening: false)
        let recorded = try await RunningRelay.run(upstream: deaf.endpoint) { running in
            let client = try await running.connect()
            let answer = try await onThread {
                try client.send("<?xml version='1.0'?>")
                try client.send(String(header.dropFirst(21)))
                return try client.receiveText()
            }
            try expectStreamError(answer, .remoteConnectionFailed, "connection refused")
            #expect(answer.contains("from='Example.org'"))
        }
        #expect(recorded.conversations[0].bytes[.serverToClient] == recorded.conversations[0].sentByProxy)
    }

    @Test("a client that is no XMPP client, or silent, is closed when the fixed server does not answer")
    func fixedServerIsDownForOthers() async throws {
        let deaf = try TestServer(listening: false)
        let change: (inout RelayConfiguration) -> Void = { $0.limits.refusal = .milliseconds(200) }
        try await RunningRelay.run(upstream: deaf.endpoint, change: change) { running in
            for text in ["\u{16}\u{3}\u{1}", "", "<stream"] {
                let client = try await running.connect()
                let answer = try await onThread {
                    try client.send(text)
                    return try client.receiveToEnd()
                }
                #expect(answer.isEmpty)
            }
        }
    }

    @Test("the relay does not connect to itself", arguments: [false, true])
    func loop(fixed: Bool) async throws {
        let port = try freePort()
        let names = try FakeNameServer([
            service: .records([.service(priority: 0, weight: 0, port: port, target: "self.example.org")]),
            "A self.example.org": .records([.address("127.0.0.1")]),
        ])
        let own = try #require(Endpoint(host: "127.0.0.1", port: port))
        let recorded = try await RunningRelay.run(
            upstream: fixed ? own : nil,
            resolver: fixed ? nil : names.endpoint,
            change: { $0.listeners = [ListenAddress(own)] }
        ) { running in
            let client = try await running.connect()
            let answer = try await onThread {
                try client.send(header)
                return try client.receiveText()
            }
            try expectStreamError(answer, .remoteConnectionFailed, "stanzatap, which would talk to itself")
        }
        #expect(recorded.conversations.count == 1)
    }
}

/// A port that was free a moment ago, and stays so: it lies below those that the system gives to whoever asks for any
/// port, as the tests beside this one do all the time.
func freePort() throws -> UInt16 {
    for _ in 0..<100 {
        let port = UInt16.random(in: 12_000..<32_000)
        if let probe = try? TestServer(port: port, listening: false) { return probe.endpoint.port }
    }
    throw SocketProblem("bind")
}

/// The text is one whole stream with that error, as another program's XML parser understands it.
func expectStreamError(_ text: String, _ condition: StreamErrorCondition, _ reason: String) throws {
    let parser = StreamParser()
    parser.append(Array(text.utf8))
    var kinds: [StreamEvent.Kind] = []
    while let event = parser.next() {
        #expect(event.problem == nil)
        kinds.append(event.kind)
    }
    guard kinds.count == 3, case .header(let header) = kinds[0], case .element(let error) = kinds[1], kinds[2] == .end
    else {
        Issue.record("no stream with one error: \(text)")
        return
    }
    #expect(header.name == "stream" && header.namespace == "http://etherx.jabber.org/streams")
    #expect(header["id"]?.isEmpty == false && header["version"] == "1.0")
    #expect(error.name == "error" && error.namespace == header.namespace)
    let namespace = "urn:ietf:params:xml:ns:xmpp-streams"
    #expect(error.children.map(\.name) == [condition.rawValue, "text"])
    #expect(error.children.allSatisfy { $0.namespace == namespace })
    #expect(text.contains("stanzatap: ") && text.contains(reason), "\(text)")
}
