import TestKit
import Testing
import XMPP

@testable import Relay

/// Each test is a transcript: what happened, and what is to be done about it.
@Suite("TLS in the life of a connection")
struct PairMachineTLSTests {
    private let failure = TLSFailure(reason: "it is expired")
    private let unavailable = TLSFailure(isUnavailable: true, reason: "no TLS here")

    private func fixed(_ upstream: UpstreamTLS = .auto, strips: Bool = false) -> PairMachine {
        var machine = PairMachine(
            rules: TLSRules(intercepts: true, strips: strips, upstream: upstream, hasFixedServer: true)
        )
        _ = machine.accepted()
        return machine
    }

    /// A client that began with TLS, up to its stream header inside of it.
    private func direct(_ upstream: UpstreamTLS = .auto) -> PairMachine {
        var machine = fixed(upstream)
        _ = machine.serverConnected()
        if upstream == .direct {
            #expect(machine.phase == .awaitingHeader)
        } else {
            #expect(machine.phase == .relaying)
        }
        #expect(machine.clientBeganWithTLS() == [.startTimer(.handshake), .tls(.secureClient)])
        #expect(machine.clientIsEncrypted)
        #expect(machine.clientSecured() == [.startTimer(.header)])
        #expect(machine.fateOfBytes(from: .client) == .holdAndReadHeader)
        return machine
    }

    private func mirrored() -> PairMachine {
        var machine = fixed()
        #expect(machine.serverConnected() == [.stopTimer, .sendHeldToServer])
        #expect(
            machine.agreedToTLS(domain: "a.org")
                == [.startTimer(.handshake), .tls(.secureServer(.agreed, domain: "a.org"))]
        )
        #expect(machine.fateOfBytes(from: .client) == .refuse)
        return machine
    }

    @Test("STARTTLS: the server first, then the client")
    func startTLS() {
        var machine = mirrored()
        #expect(machine.serverSecured() == [.startTimer(.handshake), .tls(.sendProceed), .tls(.secureClient)])
        #expect(machine.fateOfBytes(from: .server) == .forward)
        #expect(!machine.mayRead(from: .server, otherIsWritable: true))
        #expect(machine.clientSecured() == [.stopTimer])
        #expect(machine.phase == .relaying)
    }

    @Test("STARTTLS: a server whose TLS fails makes a refusal for the client", arguments: [true, false])
    func startTLSFails(isUnavailable: Bool) {
        var machine = mirrored()
        let why = isUnavailable ? unavailable : failure
        #expect(
            machine.securingFailed(.server, why) == [
                .tls(.recordFailure(.server, why)), .tls(.refuse(why)), .closeOutput(.client), .close(.server),
                .startTimer(.farewell),
            ]
        )
        #expect(machine.closed(.server, wasReset: true) == [])
        #expect(machine.inputEnded(.client) == [.recordClosed(.client)])
        #expect(machine.closed(.client, wasReset: false) == [.stopTimer, .end])
    }

    @Test("a handshake that is not completed in time, or is broken off", arguments: [Side.client, .server])
    func broken(side: Side) {
        var machine = mirrored()
        if side == .client { _ = machine.serverSecured() }
        var other = machine
        let actions = machine.timeExpired()
        #expect(machine.phase == .takingLeave)
        guard case .tls(.recordFailure(side, let why))? = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(why.reason == "the \(side) did not complete the TLS handshake in time")
        #expect(!other.closed(side, wasReset: true).isEmpty)
        #expect(other.phase == .takingLeave)
        _ = other.closed(side.other, wasReset: true)
        #expect(other.phase == .over)
    }

    @Test("a client that begins with TLS and ends before the server is there")
    func endsDuringSearch() {
        var machine = fixed()
        #expect(machine.phase == .searching)
        #expect(machine.clientBeganWithTLS() == [.startTimer(.handshake), .tls(.secureClient)])
        let failure = TLSFailure(reason: "the client closed the connection during the handshake")
        #expect(
            machine.inputEnded(.client) == [
                .recordClosed(.client), .tls(.recordFailure(.client, failure)), .close(.client),
            ]
        )
        #expect(machine.serverConnected() == [.close(.server)])
    }

    @Test("direct TLS, tried in the order of the rules until something fits")
    func directFallsBack() {
        var machine = direct()
        #expect(
            machine.headerRead(.domain("a.org")) == [
                .stopTimer, .startTimer(.probe), .tls(.secureServer(.direct, domain: "a.org")),
            ]
        )
        #expect(machine.fateOfBytes(from: .client) == .hold)
        #expect(machine.securingFailed(.server, unavailable) == [.stopTimer, .close(.server), .reconnectServer])
        #expect(
            machine.serverConnected() == [.startTimer(.probe), .tls(.secureServer(.startTLS, domain: "a.org"))]
        )
        #expect(machine.securingFailed(.server, unavailable) == [.stopTimer, .close(.server), .reconnectServer])
        #expect(
            machine.serverConnected() == [
                .recordNotice("the connection from stanzatap to the server is not encrypted"), .stopTimer,
                .sendHeldToServer,
            ]
        )
        #expect(machine.phase == .relaying)
    }

    @Test("direct TLS to the server, and a certificate that is refused is no reason to go without")
    func directFails() {
        var machine = direct(.direct)
        _ = machine.headerRead(.domain("a.org"))
        var refused = machine
        #expect(machine.serverSecured() == [.stopTimer, .sendHeldToServer])
        let refusal = Refusal(condition: .remoteConnectionFailed, host: "a.org", reason: failure.reason)
        #expect(
            refused.securingFailed(.server, failure) == [
                .tls(.recordFailure(.server, failure)), .close(.server), .refuse(refusal, domain: "a.org"),
                .closeOutput(.client), .startTimer(.farewell),
            ]
        )
    }

    @Test("a server that is not there is told inside TLS")
    func unreachable() {
        var machine = fixed()
        let refusal = Refusal(condition: .remoteConnectionFailed, host: "h", reason: "r")
        _ = machine.searchFailed(refusal)
        #expect(machine.clientBeganWithTLS() == [.startTimer(.handshake), .tls(.secureClient)])
        _ = machine.clientSecured()
        #expect(
            machine.headerRead(.domain("a.org")) == [
                .stopTimer, .refuse(refusal, domain: "a.org"), .closeOutput(.client), .startTimer(.farewell),
            ]
        )
    }

    @Test("strip: the server by TLS before the client's first byte goes on")
    func strip() {
        var machine = fixed(strips: true)
        #expect(machine.phase == .awaitingHeader)
        #expect(machine.serverConnected() == [])
        #expect(
            machine.headerRead(.domain("a.org")) == [
                .stopTimer, .startTimer(.probe), .tls(.secureServer(.startTLS, domain: "a.org")),
            ]
        )
        #expect(machine.serverSecured() == [.stopTimer, .sendHeldToServer])
        #expect(!machine.clientIsEncrypted)
    }

    @Test("a server that speaks TLS only: the client in the clear is offered STARTTLS by ourselves")
    func offer() {
        var machine = fixed(.direct)
        _ = machine.serverConnected()
        #expect(machine.headerRead(.domain("a.org")) == [.startTimer(.header), .tls(.offer(domain: "a.org"))])
        #expect(machine.fateOfBytes(from: .client) == .answerToOffer)
        #expect(machine.mayRead(from: .client, otherIsWritable: false))
        #expect(machine.clientBeganWithTLS() == [])
        var impatient = machine
        #expect(machine.offerTaken() == [.startTimer(.handshake), .tls(.secureClient)])
        #expect(machine.clientSecured() == [.startTimer(.header)])
        #expect(
            machine.headerRead(.domain("a.org")) == [
                .stopTimer, .startTimer(.handshake), .tls(.secureServer(.direct, domain: "a.org")),
            ]
        )
        #expect(machine.serverSecured() == [.stopTimer, .sendHeldToServer])
        #expect(impatient.rejected(because: "r").contains(.endStream("r")))
        #expect(impatient.rejected(because: "r") == [])
    }

    @Test("without TLS only to a server on this machine, and with a word on how to do it elsewhere")
    func farServer() {
        var machine = PairMachine(rules: TLSRules(intercepts: true, strips: true, isNear: false))
        _ = machine.accepted()
        _ = machine.serverConnected()
        _ = machine.headerRead(.domain("a.org"))
        let actions = machine.securingFailed(.server, unavailable)
        guard case .tls(.recordFailure(.server, let told))? = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(told.remedy == "To go on without TLS to the server, run stanzatap with --upstream-tls none.")
        #expect(machine.phase == .takingLeave)
    }

    @Test("bytes where none may be end the connection, and the client is told")
    func rejected() {
        var machine = mirrored()
        #expect(
            machine.rejected(because: "r") == [
                .recordFailure("r"), .endStream("r"), .closeOutput(.client), .close(.server), .startTimer(.farewell),
            ]
        )
    }

    struct Rule: Sendable {
        var rules = TLSRules(intercepts: true)
        var isEncrypted = true
        var offered: ServiceKind?
        let attempts: [ServerSecurity]
        let services: [ServiceKind]
    }

    @Test(
        "what is looked for and tried",
        arguments: [
            Rule(rules: TLSRules(), isEncrypted: false, attempts: [.plain], services: [.startTLS]),
            Rule(rules: TLSRules(), attempts: [.plain], services: [.direct]),
            Rule(isEncrypted: false, attempts: [.plain], services: [.startTLS]),
            Rule(attempts: [.direct, .startTLS, .plain], services: [.direct, .startTLS]),
            Rule(
                rules: TLSRules(intercepts: true, hasFixedServer: false),
                attempts: [.direct, .startTLS],
                services: [.direct, .startTLS]
            ),
            Rule(offered: .direct, attempts: [.direct], services: [.direct, .startTLS]),
            Rule(
                rules: TLSRules(intercepts: true, hasFixedServer: false),
                offered: .startTLS,
                attempts: [.startTLS],
                services: [.direct, .startTLS]
            ),
            Rule(
                rules: TLSRules(intercepts: true, strips: true),
                isEncrypted: false,
                attempts: [.startTLS, .plain],
                services: [.direct, .startTLS]
            ),
            Rule(
                rules: TLSRules(intercepts: true, isNear: false),
                attempts: [.direct, .startTLS],
                services: [.direct, .startTLS]
            ),
            Rule(rules: TLSRules(intercepts: true, upstream: .none), attempts: [.plain], services: [.startTLS]),
            Rule(rules: TLSRules(intercepts: true, upstream: .starttls), attempts: [.startTLS], services: [.startTLS]),
            Rule(rules: TLSRules(intercepts: true, upstream: .direct), attempts: [.direct], services: [.direct]),
        ]
    )
    func rules(rule: Rule) {
        #expect(rule.rules.attempts(clientIsEncrypted: rule.isEncrypted, offered: rule.offered) == rule.attempts)
        #expect(rule.rules.services(clientIsEncrypted: rule.isEncrypted) == rule.services)
    }
}

@Suite("an offer of STARTTLS of our own")
struct TLSOfferTests {
    struct Case: Sendable {
        let bytes: String
        let step: TLSOffer.Step?
    }

    @Test(
        arguments: [
            Case(bytes: StreamGateTests.ask, step: .agree),
            Case(bytes: " " + StreamGateTests.ask + "\n", step: .agree),
            Case(bytes: "", step: nil),
            Case(bytes: "<iq/>", step: .refuse("the server speaks TLS only, and the client did not ask for it")),
            Case(
                bytes: "</stream:stream>",
                step: .refuse("the client ended its stream without asking for TLS, which the server requires")
            ),
            Case(
                bytes: "<!-- --><presence/>",
                step: .refuse("the server speaks TLS only, and the client did not ask for it")
            ),
        ],
        [1, 7, 10_000]
    )
    func answers(test: Case, size: Int) {
        var offer = TLSOffer()
        var step: TLSOffer.Step?
        for piece in Array((ServerNegotiationTests.header + test.bytes).utf8).slices(of: size) {
            step = offer.received(Array(piece)) ?? step
        }
        #expect(step == test.step)
    }

    @Test("bytes behind starttls")
    func injected() {
        var offer = TLSOffer()
        #expect(
            offer.received(Array((StreamGateTests.header + StreamGateTests.ask + "<iq/>").utf8))
                == .refuse("the client sent bytes behind <starttls/>, before the TLS handshake")
        )
    }
}

@Suite("a STARTTLS negotiation of our own")
struct ServerNegotiationTests {
    static let header = "<?xml version='1.0'?>" + StreamGateTests.header
    static let offer = "<stream:features><starttls xmlns='\(StreamGateTests.tls)'/></stream:features>"
    static let ask = ServerNegotiation.Step.send("<starttls xmlns='\(StreamGateTests.tls)'/>")

    struct Case: Sendable {
        let bytes: String
        let steps: [ServerNegotiation.Step]
    }

    @Test(
        arguments: [
            Case(bytes: header + offer + StreamGateTests.proceed, steps: [ask, .startTLS]),
            Case(bytes: header + offer + StreamGateTests.proceed + "\n", steps: [ask, .startTLS]),
            Case(
                bytes: header + "<stream:features/>",
                steps: [.fail(TLSFailure(isUnavailable: true, reason: "the server offers no STARTTLS"))]
            ),
            Case(
                bytes: header + offer + "<failure xmlns='\(StreamGateTests.tls)'/></stream:stream>",
                steps: [ask, .fail(TLSFailure(reason: "the server refused STARTTLS"))]
            ),
            Case(
                bytes: header
                    + "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
                steps: [.fail(TLSFailure(reason: "the server ended the stream: host-unknown"))]
            ),
            Case(
                bytes: header + "</stream:stream>",
                steps: [.fail(TLSFailure(isUnavailable: true, reason: "the server ended its stream before STARTTLS"))]
            ),
        ],
        [1, 7, 10_000]
    )
    func negotiates(test: Case, size: Int) {
        var negotiation = ServerNegotiation(domain: "a&b")
        #expect(negotiation.opening.contains(" to='a&amp;b' "))
        var steps: [ServerNegotiation.Step] = []
        for piece in Array(test.bytes.utf8).slices(of: size) { steps += negotiation.received(Array(piece)) }
        #expect(steps == test.steps)
    }

    @Test("bytes behind proceed")
    func injected() {
        var negotiation = ServerNegotiation(domain: nil)
        let bytes = Self.header + Self.offer + StreamGateTests.proceed + "<iq/>"
        #expect(
            negotiation.received(Array(bytes.utf8)).last
                == .fail(TLSFailure(reason: "the server sent bytes behind <proceed/>, before the TLS handshake"))
        )
    }
}
