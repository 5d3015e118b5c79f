import Capture
import Testing
import XMPP

@testable import Relay

private struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let answers: [String: FakeNameServer.Answer]
    let servers: NameCheck.Servers

    var testDescription: String { name }
}

private let address = FakeNameServer.Answer.records([.address("192.0.2.7")])

private func service(_ target: String, _ port: UInt16 = 5222, priority: UInt16 = 1) -> FakeNameServer.Reply {
    .service(priority: priority, weight: 0, port: port, target: target)
}

private let cases: [Case] = [
    Case(
        name: "SRV records of both kinds, in the order of trial, without those that lead nowhere",
        answers: [
            "SRV _xmpp-client._tcp.example.org": .records([
                service("two.example.org", priority: 2), service("one.example.org"), service("gone.example.org"),
            ]),
            "SRV _xmpps-client._tcp.example.org": .records([service("one.example.org", 5223, priority: 3)]),
            "A one.example.org": address, "A two.example.org": address, "A gone.example.org": .noSuchName,
            "AAAA gone.example.org": .noSuchName,
        ],
        servers: .services([
            "_xmpp-client._tcp at one.example.org:5222", "_xmpp-client._tcp at two.example.org:5222",
            "_xmpps-client._tcp at one.example.org:5223",
        ])
    ),
    Case(
        name: "no SRV record, but an address",
        answers: ["A example.org": address],
        servers: .addresses([Endpoint("192.0.2.7:5222")].compactMap(\.self))
    ),
    Case(name: "neither", answers: [:], servers: .none("it has neither SRV records nor an address")),
    Case(
        name: "no service is offered",
        answers: ["SRV _xmpp-client._tcp.example.org": .records([service(".")])],
        servers: .none("its SRV records say that it offers no XMPP service")
    ),
    Case(
        name: "records that lead nowhere",
        answers: [
            "SRV _xmpp-client._tcp.example.org": .records([service("gone.example.org")]),
            "A gone.example.org": .noSuchName, "AAAA gone.example.org": .noSuchName,
        ],
        servers: .none("no host that its SRV records name has an address")
    ),
    Case(
        name: "no such domain",
        answers: [
            "SRV _xmpp-client._tcp.example.org": .noSuchName, "SRV _xmpps-client._tcp.example.org": .noSuchName,
            "A example.org": .noSuchName, "AAAA example.org": .noSuchName,
        ],
        servers: .unknownDomain
    ),
    Case(
        name: "a name server that fails",
        answers: ["SRV _xmpp-client._tcp.example.org": .serverFailure],
        servers: .failed("the name server does not answer for _xmpp-client._tcp.example.org")
    ),
]

@Suite("what the name service knows of a domain", .timeLimit(.minutes(1)))
struct NameCheckTests {
    @Test(arguments: cases)
    private func servers(_ wanted: Case) async throws {
        let names = try FakeNameServer(wanted.answers)
        let domain = try Domain("example.org")
        let found = await NameCheck.run(resolver: ResolverAddress(names.endpoint)) { await $0.servers(of: domain) }
        #expect(found == wanted.servers)
    }

    @Test("any answer is one, but a failure is none")
    func answers() async throws {
        for (answer, isOne) in [
            (FakeNameServer.Answer.noSuchName, true), (.records([]), true), (.serverFailure, false),
        ] {
            let names = try FakeNameServer(["SRV _xmpp-client._tcp.example.org": answer])
            let found = await NameCheck.run(resolver: ResolverAddress(names.endpoint)) {
                await $0.answers(for: "example.org")
            }
            #expect(found == isOne)
        }
    }
}
