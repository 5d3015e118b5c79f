import Session
import TestKit
import Testing
import XMPP

private let clientHeader =
    "<stream:stream to='a.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
private let serverHeader =
    "<stream:stream from='A.test' id='1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
private let bound =
    "S<iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>\nme@a.test/desk </jid></bind></iq>"

/// What was said behind the headers, each line with who says it, and what becomes of the answers among it.
private struct Exchange: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var isBound = true
    let lines: [String]
    /// `answers`, `claims`, `again` or `reuses` and the number of the request, counted from 1 behind the headers;
    /// `guess` behind it; `unrequested`; or nothing.
    let told: [String]
}

private func asked(_ to: String, answered from: String, _ told: String, isBound: Bool = true) -> Exchange {
    let toAttribute = to.isEmpty ? "" : " to='\(to)'"
    let fromAttribute = from.isEmpty ? "" : " from='\(from)'"
    return Exchange(
        testDescription: "asked '\(to)', answered by '\(from)', logged in: \(isBound)",
        isBound: isBound,
        lines: ["C<iq type='get' id='1'\(toAttribute)/>", "S<iq type='result' id='1'\(fromAttribute)/>"],
        told: [told]
    )
}

private let addresses: [Exchange] = [
    asked("", answered: "", "answers 1"), asked("", answered: "me@a.test", "answers 1"),
    asked("", answered: "me@a.test/desk", "answers 1"), asked("", answered: "a.test", "answers 1"),
    asked("", answered: "A.Test", "answers 1"), asked("", answered: "me@a.test/other", "claims 1"),
    asked("", answered: "you@a.test", "claims 1"), asked("", answered: "b.test", "claims 1"),
    asked("me@a.test", answered: "", "answers 1"), asked("a.test", answered: "", "answers 1"),
    asked("Me@A.test", answered: "me@a.test", "answers 1"), asked("a.test", answered: "me@a.test/desk", "answers 1"),
    asked("b.test", answered: "", "claims 1"), asked("b.test", answered: "B.TEST", "answers 1"),
    asked("b.test", answered: "x@b.test", "claims 1"),
    asked("you@b.test/Home", answered: "You@B.test/Home", "answers 1"),
    asked("you@b.test/Home", answered: "you@b.test/home", "claims 1"),
    asked("you@b.test/home", answered: "you@b.test", "claims 1"),
    asked("you@b.test", answered: "", "claims 1"),
    asked("", answered: "me@a.test", "answers 1", isBound: false),
    asked("me@a.test", answered: "", "answers 1", isBound: false),
    asked("me@a.test", answered: "you@a.test", "claims 1", isBound: false),
    asked("", answered: "b.test", "claims 1", isBound: false),
    asked("b.test", answered: "c.test", "claims 1", isBound: false),
]

private let exchanges: [Exchange] = [
    Exchange(
        testDescription: "what the server asks",
        lines: [
            "S<iq type='get' id='1' from='a.test'/>", "C<iq type='result' id='1' to='a.test'/>",
            "S<iq type='get' id='2' from='a.test'/>", "C<iq type='result' id='2'/>",
            "S<iq type='set' id='3'/>", "C<iq type='result' id='3' to='me@a.test'/>",
        ],
        told: ["answers 1", "answers 3", "answers 5"]
    ),
    Exchange(
        testDescription: "what a contact asks is answered to the contact only",
        lines: [
            "S<iq type='get' id='1' from='you@b.test/x'/>", "C<iq type='result' id='1'/>",
            "C<iq type='error' id='1' to='you@b.test/x'/>",
        ],
        told: ["claims 1", "answers 1"]
    ),
    Exchange(
        testDescription: "one id of two contacts",
        lines: [
            "S<iq type='get' id='1' from='x@b.test/x'/>", "S<iq type='get' id='1' from='y@b.test/y'/>",
            "C<iq type='result' id='1' to='y@b.test/y'/>", "C<iq type='result' id='1' to='x@b.test/x'/>",
        ],
        told: ["answers 2", "answers 1"]
    ),
    Exchange(
        testDescription: "an id used again while it is open",
        lines: [
            "S<iq type='get' id='p' from='a.test'/>", "S<iq type='get' id='p' from='a.test'/>",
            "C<iq type='result' id='p'/>", "C<iq type='result' id='p'/>",
        ],
        told: ["reuses 1", "answers 1 guess", "answers 2"]
    ),
    Exchange(
        testDescription: "an id used again after its answer",
        lines: [
            "C<iq type='get' id='p'/>", "S<iq type='result' id='p'/>", "C<iq type='get' id='p'/>",
            "S<iq type='result' id='p'/>",
        ],
        told: ["answers 1", "answers 3"]
    ),
    Exchange(
        testDescription: "a second answer",
        lines: ["C<iq type='get' id='1'/>", "S<iq type='result' id='1'/>", "S<iq type='result' id='1'/>"],
        told: ["answers 1", "again 1"]
    ),
    Exchange(
        testDescription: "without ids",
        lines: ["C<iq type='set'/>", "C<iq type='get' id='1'/>", "S<iq type='error'/>", "S<iq type='error'/>"],
        told: ["answers 1", "unrequested"]
    ),
    Exchange(
        testDescription: "two without ids",
        lines: ["C<iq type='set'/>", "C<iq type='get'/>", "S<iq type='error'/>"],
        told: []
    ),
    Exchange(
        testDescription: "an answer that nobody asked for",
        lines: ["S<iq type='result' id='9'/>", "C<iq type='result' id='8'/>"],
        told: ["unrequested", "unrequested"]
    ),
    Exchange(
        testDescription: "between servers the addresses are mirrored",
        isBound: false,
        lines: [
            "C<iq xmlns='jabber:server' type='get' id='1' from='x@a.test' to='y@b.test'/>",
            "S<iq xmlns='jabber:server' type='result' id='1' from='y@b.test' to='z@a.test'/>",
            "S<iq xmlns='jabber:server' type='result' id='1' from='a.test' to='x@a.test'/>",
            "S<iq xmlns='jabber:server' type='result' id='1' from='y@b.test' to='x@a.test'/>",
        ],
        told: ["claims 1", "claims 1", "answers 1"]
    ),
]

/// Plays it, and tells of each packet what it is to the requests before it, with the last of the session.
private func play(_ exchange: Exchange, chunk: Int?) -> [String] {
    var session = Session()
    var packets: [Packet] = []
    let beginning =
        ["C" + clientHeader, "S" + serverHeader] + (exchange.isBound ? ["C<iq type='set' id='b'/>", bound] : [])
    for line in beginning + exchange.lines {
        for slice in Array(line.dropFirst().utf8).slices(of: chunk) {
            for event in session.received(slice, line.hasPrefix("C") ? .clientToServer : .serverToClient, time: nil) {
                if case .packet(let packet) = event { packets.append(packet) }
            }
        }
    }
    return packets.dropFirst(beginning.count).compactMap { told($0, from: beginning.count) }
}

private func told(_ packet: Packet, from start: Int) -> String? {
    if let request = packet.answers {
        return "answers \(request.number - start)" + (packet.pairing.isGuess ? " guess" : "")
    }
    if let request = packet.claims { return "claims \(request.number - start)" }
    if let request = packet.reuses { return "reuses \(request.number - start)" }
    if let number = packet.pairing.answersAgain { return "again \(number - start)" }
    return packet.isUnrequested ? "unrequested" : nil
}

@Suite("an answer belongs to its request by id and by address")
struct PairingTests {
    @Test("whose it is", arguments: addresses)
    private func address(_ exchange: Exchange) {
        #expect(play(exchange, chunk: nil) == exchange.told)
    }

    @Test("which request it settles", arguments: exchanges, chunkSizes)
    private func exchange(_ exchange: Exchange, chunk: Int?) {
        #expect(play(exchange, chunk: chunk) == exchange.told)
    }

    @Test("the client's address may come from SASL2 or from Jabber's first login")
    func otherLogins() {
        let logins = [
            [
                "S<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>me@a.test/desk</authorization-identifier></success>"
            ],
            [
                "C<iq type='set' id='l'><query xmlns='jabber:iq:auth'><username>me</username><resource>desk</resource></query></iq>",
                "S<iq type='result' id='l'/>",
            ],
        ]
        for (login, told) in zip(logins, [[], ["answers 1"]]) {
            let request = login.count + 1
            let lines = login + ["C<iq type='get' id='1'/>", "S<iq type='result' id='1' from='me@a.test/else'/>"]
            let exchange = Exchange(testDescription: "", isBound: false, lines: lines, told: [])
            #expect(play(exchange, chunk: nil) == told + ["claims \(request)"])
        }
    }
}

@Suite("what can not be read proves nothing")
struct ReadabilityTests {
    private static let request = "<iq type='get' id='1'/>"

    private func session(_ play: (inout Session) -> Void) -> Session {
        var session = Session()
        _ = session.received(Array(clientHeader.utf8)[...], .clientToServer, time: nil)
        _ = session.received(Array((serverHeader).utf8)[...], .serverToClient, time: nil)
        _ = session.received(Array(Self.request.utf8)[...], .clientToServer, time: nil)
        play(&session)
        _ = session.finished()
        return session
    }

    @Test("a request is unanswered only if all was read that came back")
    func unanswered() {
        #expect(session { _ in }.unanswered.map(\.number) == [3])
        #expect(session { _ = $0.lost(10, .serverToClient, time: nil) }.unanswered.isEmpty)
        #expect(session { _ = $0.lost(10, .clientToServer, time: nil) }.unanswered.count == 1)
        #expect(session { _ = $0.received([0x3C, 0x3E], .serverToClient, time: nil) }.unanswered.isEmpty)
        let later = session {
            _ = $0.lost(10, .serverToClient, time: nil)
            _ = $0.received(Array("<presence/><iq type='get' id='2'/>".utf8)[...], .clientToServer, time: nil)
        }
        #expect(later.unanswered.map(\.number) == [5])
    }

    @Test("a direction is whole until something of it is missing")
    func whole() {
        let whole = session { _ in }
        let gap = session { _ = $0.lost(10, .serverToClient, time: nil) }
        let broken = session { _ = $0.received([0x3C, 0x3E], .serverToClient, time: nil) }
        #expect(whole.isReadable(.serverToClient) && whole.wasReadWhole(.serverToClient) && !whole.beginsInMiddle)
        #expect(gap.isReadable(.serverToClient) && !gap.wasReadWhole(.serverToClient) && !gap.beginsInMiddle)
        #expect(!broken.isReadable(.serverToClient) && broken.wasReadWhole(.clientToServer))
    }

    @Test("nobody can say that an answer was not asked for where requests may be missing")
    func unrequested() {
        var middle = Session()
        _ = middle.lost(nil, .clientToServer, time: nil)
        _ = middle.lost(nil, .serverToClient, time: nil)
        #expect(middle.beginsInMiddle)
        let events = middle.received(Array("<iq type='result' id='7'/>".utf8)[...], .serverToClient, time: nil)
        guard case .packet(let packet)? = events.first else { return #expect(Bool(false), "no packet") }
        #expect(!packet.isUnrequested && packet.answers == nil && packet.beginsInMiddle)
        #expect(packet.otherDirectionIsReadable)
    }

    @Test("forgotten requests prove nothing either")
    func overflow() {
        var session = session { _ in }
        let many = (0..<300).map { "<iq type='get' id='r\($0)'/>" }.joined()
        _ = session.received(Array(many.utf8)[...], .clientToServer, time: nil)
        let events = session.received(
            Array(Self.request.replacing("get", with: "result").utf8)[...],
            .serverToClient,
            time: nil
        )
        guard case .packet(let packet)? = events.first else { return #expect(Bool(false), "no packet") }
        #expect(!packet.isUnrequested && packet.answers == nil)
    }

    @Test(
        "a handshake that did not wait for the server's agreement is told as one, and not read",
        arguments: chunkSizes
    )
    func earlyHandshake(chunk: Int?) {
        let hello: [UInt8] = [0x16, 3, 1, 0, 9, 1, 0, 0, 5, 0x3C, 0x3E, 0x3C, 0x61, 0x3E]
        let ask = Array("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>".utf8)
        var told: [SessionEvent] = []
        let session = session { session in
            for slice in (ask + hello).slices(of: chunk) {
                told += session.received(slice, .clientToServer, time: nil)
            }
        }
        #expect(told.count == 2)
        guard case .bytesBeforeHandshake(.clientToServer, let excerpt, _, _)? = told.last else {
            return #expect(Bool(false), "\(told)")
        }
        #expect(excerpt.first == 0x16)
        #expect(!session.isReadable(.clientToServer) && session.isReadable(.serverToClient))
    }

    @Test("a handshake that nobody agreed to ends the reading of its direction", arguments: chunkSizes)
    func unaskedHandshake(chunk: Int?) {
        var told: [SessionEvent] = []
        let session = session { session in
            for slice in ([0x16, 3, 1, 0, 9, 1, 0x3C, 0x3E, 0x3C, 0x61] as [UInt8]).slices(of: chunk) {
                told += session.received(slice, .clientToServer, time: nil)
            }
        }
        guard case .strayText(.clientToServer, _, _)? = told.first else { return #expect(Bool(false), "\(told)") }
        #expect(told.count == 1 && !session.isReadable(.clientToServer))
    }
}
