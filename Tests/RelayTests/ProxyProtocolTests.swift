import Capture
import Synchronization
import TestKit
import Testing
import XMPP

@testable import Relay

/// A header, and what is read from it.
struct HeaderCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let expected: ProxyHeader
    var testDescription: String { name }

    init(_ name: String, _ bytes: [UInt8], _ expected: ProxyHeader) {
        (self.name, self.bytes, self.expected) = (name, bytes, expected)
    }

    init(_ line: String, _ expected: ProxyHeader) {
        self.init(line, Array(line.utf8), expected)
    }
}

private let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10] + Array("QUIT".utf8) + [10]
private let client = Endpoint("192.0.2.7:56324")
private let listener = Endpoint("192.0.2.1:5222")
private let addresses: [UInt8] = [192, 0, 2, 7, 192, 0, 2, 1, 0xDC, 0x04, 0x14, 0x66]

private let cases: [HeaderCase] = [
    HeaderCase(
        "PROXY TCP4 192.0.2.7 192.0.2.1 56324 5222\r\n",
        .complete(client: client, listener: listener, count: 43)
    ),
    HeaderCase(
        "PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n",
        .complete(client: Endpoint("[2001:db8::1]:1"), listener: Endpoint("[2001:db8::2]:2"), count: 40)
    ),
    HeaderCase("PROXY UNKNOWN\r\n", .complete(client: nil, listener: nil, count: 15)),
    HeaderCase("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", .complete(client: nil, listener: nil, count: 35)),
    HeaderCase("PROXY TCP4 192.0.2.7 192.0.2.1 56324 99999\r\n", .none(reason: "its line tells no addresses")),
    HeaderCase("PROXY TCP4 192.0.2.7 2001:db8::2 1 2\r\n", .none(reason: "its line tells no addresses")),
    HeaderCase("PROXY " + String(repeating: "x", count: 200), .none(reason: "its line has no end")),
    HeaderCase("<stream:stream>", .none(reason: "it does not begin with one")),
    HeaderCase("PRO", .incomplete),
    HeaderCase("", .incomplete),
    HeaderCase(
        "version 2, IPv4",
        signature + [0x21, 0x11, 0, 12] + addresses,
        .complete(client: client, listener: listener, count: 28)
    ),
    HeaderCase(
        "version 2, IPv4 with facts behind the addresses",
        signature + [0x21, 0x11, 0, 15] + addresses + [4, 0, 0],
        .complete(client: client, listener: listener, count: 31)
    ),
    HeaderCase(
        "version 2, IPv6",
        signature + [0x21, 0x21, 0, 36] + [UInt8](repeating: 0, count: 15) + [1] + [UInt8](repeating: 0, count: 15) + [
            2, 0, 1, 0, 2,
        ],
        .complete(client: Endpoint("[::1]:1"), listener: Endpoint("[::2]:2"), count: 52)
    ),
    HeaderCase(
        "version 2, the balancer itself",
        signature + [0x20, 0, 0, 0],
        .complete(client: nil, listener: nil, count: 16)
    ),
    HeaderCase(
        "version 2, cut addresses",
        signature + [0x21, 0x11, 0, 4, 1, 2, 3, 4],
        .none(reason: "its addresses are cut off")
    ),
    HeaderCase("version 3", signature + [0x31, 0x11, 0, 12] + addresses, .none(reason: "its version is not 2")),
    HeaderCase("too long", signature + [0x21, 0x11, 0xFF, 0xFF], .none(reason: "it is 65535 bytes long")),
    HeaderCase("half of version 2", signature + [0x21, 0x11, 0, 12, 1], .incomplete),
]

struct ProxyProtocolTests {
    @Test("a header is read, and what follows it is not", arguments: cases)
    func header(_ header: HeaderCase) {
        #expect(ProxyHeader.read(header.bytes) == header.expected)
        if case .complete = header.expected {
            #expect(ProxyHeader.read(header.bytes + Array("<a/>".utf8)) == header.expected)
            for count in 0..<header.bytes.count {
                #expect(ProxyHeader.read(Array(header.bytes.prefix(count))) == .incomplete)
            }
        }
    }

    @Test("the capture holds the client's own address, whatever pieces the header comes in", arguments: chunkSizes)
    func recorded(chunk: Int?) async throws {
        let server = try TestServer()
        let recorded = try await RunningRelay.run(
            upstream: server.endpoint,
            change: { $0.expectsProxyHeader = true }
        ) { relay in
            let endpoint = relay.endpoint
            let client = try await onThread { try TestSocket.connect(to: endpoint) }
            let bytes = Array("PROXY TCP4 192.0.2.7 192.0.2.1 56324 5222\r\n<stream>".utf8)
            try await onThread { for piece in bytes.slices(of: chunk) { try client.send(Array(piece)) } }
            let peer = try await onThread { try server.accept() }
            #expect(try await onThread { try peer.receive(exactly: 8) } == Array("<stream>".utf8))
        }
        let conversation = recorded.conversations[0]
        let first = try #require(conversation.events.first)
        guard case .accepted(1, client, listener, _, _) = first else { return #expect(Bool(false), "\(first)") }
        #expect(conversation.text(.clientToServer) == "<stream>")
    }

    @Test("two live clients that claim the same addresses are two in the capture")
    func sameAddresses() async throws {
        let server = try TestServer()
        let recorded = try await RunningRelay.run(
            upstream: server.endpoint,
            change: { $0.expectsProxyHeader = true }
        ) { relay in
            let endpoint = relay.endpoint
            try await onThread {
                var clients: [TestSocket] = []
                var peers: [TestSocket] = []
                for number in 1...2 {
                    clients.append(try TestSocket.connect(to: endpoint))
                    try clients[number - 1].send("PROXY TCP4 192.0.2.7 192.0.2.1 56324 5222\r\n<stream n='\(number)'>")
                    peers.append(try server.accept())
                    _ = try peers[number - 1].receive(exactly: 14)
                }
                for number in 1...2 {
                    try clients[number - 1].send("<a n='\(number)'/>")
                    _ = try peers[number - 1].receive(exactly: 10)
                }
            }
        }
        #expect(recorded.conversations.count == 2)
        for (index, conversation) in recorded.conversations.enumerated() {
            let number = index + 1
            guard case .accepted(number, client, listener, _, _) = conversation.events.first else {
                return #expect(Bool(false), "\(conversation.events)")
            }
            #expect(conversation.text(.clientToServer) == "<stream n='\(number)'><a n='\(number)'/>")
        }
    }

    @Test("who comes without a header is not served, and the user is told")
    func refused() async throws {
        let server = try TestServer()
        let log = Mutex<[String]>([])
        let recorded = try await RunningRelay.run(
            upstream: server.endpoint,
            change: { $0.expectsProxyHeader = true },
            log: { line in log.withLock { $0.append(line) } }
        ) { relay in
            let endpoint = relay.endpoint
            let client = try await onThread { try TestSocket.connect(to: endpoint) }
            try await onThread { try client.send("<stream:stream>") }
            #expect(try await onThread { client.receiveNothing() })
        }
        #expect(recorded.conversations.isEmpty)
        #expect(log.withLock(\.self).contains { $0.contains("PROXY protocol, but it does not begin with one") })
    }

    @Test(
        "without a fixed server only the domains that are allowed are looked for",
        arguments: [
            ("Example.org.", "example.org", true), ("Example.org.", "EXAMPLE.org", true),
            ("Example.org.", "xmpp.example.org", true), ("Example.org.", "badexample.org", false),
            ("Example.org.", "example.org.evil.example", false), ("Example.org.", "127.0.0.1", false),
            ("grü.example", "im.grü.example", true), ("xn--gr-yka.example", "GRU\u{308}.example.", true),
            ("GRÜ.EXAMPLE.", "a.b.xn--gr-yka.example", true), ("grü.example", "agrü.example", false),
            ("grü.example", "gru.example", false), ("192.0.2.1", "192.0.2.1", true),
        ]
    )
    func allowed(allowed: String, domain: String, isAllowed: Bool) throws {
        var configuration = RelayConfiguration(listeners: [], program: "test")
        let domain = try ServerDomain(domain)
        #expect(configuration.allows(domain))
        configuration.allowedDomains = [try AllowedDomain(argument: allowed)]
        #expect(configuration.allows(domain) == isAllowed)
    }
}
