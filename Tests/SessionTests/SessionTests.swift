import Session
import TestKit
import Testing
import XMLStream
import XMPP

private let clientHeader =
    "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
private let serverHeader =
    "<?xml version='1.0'?><stream:stream from='a' id='1' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

/// A conversation as a play: `C` or `S`, and what it says.
private typealias Line = (Character, String)

private func told(_ lines: [Line], chunk: Int? = nil) -> [String] {
    var session = Session()
    var events: [SessionEvent] = []
    for (who, text) in lines {
        let bytes = Array(text.utf8)
        for slice in bytes.slices(of: chunk) {
            events += session.received(slice, who == "C" ? .clientToServer : .serverToClient, time: nil)
        }
    }
    return (events + session.finished()).map(told)
}

private func told(_ event: SessionEvent) -> String {
    switch event {
    case .packet(let packet):
        let answers = packet.answers.map { " answers \($0.number)" } ?? ""
        let late = packet.isAfterEnd ? " after end" : ""
        return switch packet.kind {
        case .header(_, let restart): "\(packet.number) \(packet.direction.rawValue) header \(restart)"
        case .element(let element): "\(packet.number) \(packet.direction.rawValue) \(element.name)\(answers)\(late)"
        case .end: "\(packet.number) \(packet.direction.rawValue) end"
        case .oversized: "\(packet.number) \(packet.direction.rawValue) oversized"
        }
    case .keepAlive(let direction, let count, _): return "keep-alive \(direction.rawValue) \(count)"
    case .strayText(let direction, _, _): return "stray text \(direction.rawValue)"
    case .compressed: return "compressed"
    case .opaque(let reason, _): return "opaque \(reason)"
    case .hello(let direction, _, _): return "hello \(direction.rawValue)"
    case .bytesBeforeHandshake(let direction, _, let count, _): return "early \(direction.rawValue) \(count)"
    case .unreadable(let direction, let breakage, _):
        let number = breakage.number.map { "\($0) " } ?? ""
        return "\(number)unreadable \(direction.rawValue) \(breakage.error.condition.rawValue)"
    case .lost(let direction, let count, _): return "lost \(direction.rawValue) \(count ?? -1)"
    case .skipped(let direction, let count, _): return "skipped \(direction.rawValue) \(count)"
    case .passedThrough(let direction, _, let count): return "passed \(direction.rawValue) \(count)"
    case .cut(let direction, _, let count, _): return "cut \(direction.rawValue) \(count)"
    case .unfinished(let direction, _, let count): return "unfinished \(direction.rawValue) \(count)"
    }
}

struct SessionTests {
    @Test("packets are numbered over both directions, and answers find their requests", arguments: chunkSizes)
    func numbering(chunk: Int?) {
        let lines: [Line] = [
            ("C", clientHeader), ("S", serverHeader + "<stream:features/>"),
            ("C", "<iq id='1' type='get'><q/></iq><iq id='2' type='set'><q/></iq>"),
            ("S", "<iq id='2' type='result'/><iq id='1' type='error'/><iq id='9' type='result'/>"),
            ("C", "</stream:stream>"),
            ("S", "</stream:stream>"),
        ]
        #expect(
            told(lines, chunk: chunk) == [
                "1 C->S header 0", "2 S->C header 0", "3 S->C features", "4 C->S iq", "5 C->S iq",
                "6 S->C iq answers 5",
                "7 S->C iq answers 4", "8 S->C iq", "9 C->S end", "10 S->C end",
            ]
        )
    }

    @Test("streams start anew after SASL, and what follows an end is numbered on", arguments: chunkSizes)
    func restarts(chunk: Int?) {
        let lines: [Line] = [
            ("C", clientHeader + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"),
            ("S", serverHeader + "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"), ("C", clientHeader),
            ("S", serverHeader), ("C", "</stream:stream><auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"),
        ]
        #expect(
            told(lines, chunk: chunk) == [
                "1 C->S header 0", "2 C->S auth", "3 S->C header 0", "4 S->C success", "5 C->S header 1",
                "6 S->C header 1",
                "7 C->S end", "8 C->S auth after end",
            ]
        )
    }

    @Test("after <proceed/> bytes are counted, not read", arguments: chunkSizes)
    func startTLS(chunk: Int?) {
        let lines: [Line] = [
            ("C", clientHeader), ("S", serverHeader), ("C", "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            ("S", "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"), ("C", "\u{16}\u{3}binary"), ("S", "<binary"),
        ]
        #expect(
            told(lines, chunk: chunk) == [
                "1 C->S header 0", "2 S->C header 0", "3 C->S starttls", "4 S->C proceed", "opaque startTLS",
                "passed C->S 8", "passed S->C 7",
            ]
        )
    }

    @Test("bytes behind <proceed/> in the same write are told")
    func bytesBeforeHandshake() {
        let lines: [Line] = [
            ("C", clientHeader + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            ("S", serverHeader + "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><iq/>"),
        ]
        #expect(told(lines).suffix(3) == ["early S->C 5", "opaque startTLS", "passed S->C 5"])
    }

    @Test("a <proceed/> that nobody asked for changes nothing")
    func unaskedProceed() {
        let lines: [Line] = [("S", serverHeader + "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><iq/>")]
        #expect(told(lines) == ["1 S->C header 0", "2 S->C proceed", "3 S->C iq"])
    }

    @Test("a refused STARTTLS leaves the stream readable")
    func refusedTLS() {
        let lines: [Line] = [
            ("C", clientHeader + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            ("S", serverHeader + "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>"),
        ]
        #expect(
            told(lines) == ["1 C->S header 0", "2 C->S starttls", "3 S->C header 0", "4 S->C failure", "5 S->C end"]
        )
    }

    @Test("a stream that was decrypted is read on, and begins anew", arguments: chunkSizes)
    func decrypted(chunk: Int?) {
        var session = Session()
        var events: [SessionEvent] = []
        func tell(_ lines: [Line]) {
            for (who, text) in lines {
                for slice in Array(text.utf8).slices(of: chunk) {
                    events += session.received(slice, who == "C" ? .clientToServer : .serverToClient, time: nil)
                }
            }
        }
        tell([
            ("C", clientHeader + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
            ("S", serverHeader + "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
        ])
        events += session.decrypted(time: nil)
        tell([("C", clientHeader), ("S", serverHeader + "<stream:features/>")])
        #expect(
            (events + session.finished()).map(told) == [
                "1 C->S header 0", "2 C->S starttls", "3 S->C header 0", "4 S->C proceed", "5 C->S header 0",
                "6 S->C header 0", "7 S->C features",
            ]
        )
    }

    @Test("a changed packet tells what was sent and what was got")
    func changed() throws {
        var session = Session()
        _ = session.received(Array(serverHeader.utf8)[...], .serverToClient, time: nil)
        let original = Array("<stream:features><a/></stream:features>".utf8)
        let events = session.received(
            Array("<stream:features/>".utf8)[...],
            .serverToClient,
            time: nil,
            origin: .changed(original: original, reason: "r")
        )
        guard case .packet(let packet)? = events.first else {
            Issue.record("no packet")
            return
        }
        #expect(packet.original?.bytes == original && packet.original?.reason == "r")
        #expect(packet.original?.element?.child("a") != nil)
        #expect(packet.element?.children.isEmpty == true)
    }

    @Test("what is compressed by something unknown makes both directions opaque", arguments: chunkSizes)
    func unknownCompression(chunk: Int?) {
        let lines: [Line] = [
            ("C", clientHeader + compress("lzw")), ("S", serverHeader + compressed), ("C", "zzzz"),
        ]
        #expect(told(lines, chunk: chunk).suffix(2) == ["opaque compression", "passed C->S 4"])
    }

    @Test("a client that begins with TLS")
    func directTLS() {
        #expect(
            told([("C", "\u{16}\u{3}\u{1}hello"), ("S", "\u{16}\u{3}")]) == [
                "opaque directTLS", "passed C->S 8", "passed S->C 2",
            ]
        )
    }

    @Test("a run of keep-alives is told once, when something else comes")
    func keepAlives() {
        let lines: [Line] = [("C", clientHeader), ("C", " "), ("C", " "), ("C", "\n"), ("C", "<iq/>"), ("C", " ")]
        #expect(told(lines) == ["1 C->S header 0", "keep-alive C->S 3", "2 C->S iq", "keep-alive C->S 1"])
    }

    @Test("white space beside packets in one write is no keep-alive")
    func layout() {
        #expect(told([("C", clientHeader + "\n"), ("C", "\n<iq/>\n")]) == ["1 C->S header 0", "2 C->S iq"])
    }

    @Test("bytes that are not XML end one direction only", arguments: chunkSizes)
    func notXML(chunk: Int?) {
        let lines: [Line] = [("C", "GET / HTTP/1.1\r\n\r\n"), ("S", serverHeader + "</stream:stream>")]
        let events = told(lines, chunk: chunk)
        #expect(events.first == "unreadable C->S not-well-formed")
        #expect(events.contains("1 S->C header 0") && events.contains("2 S->C end"))
    }

    @Test("what is no XML has the number of the packet that it would be", arguments: chunkSizes)
    func broken(chunk: Int?) {
        let lines: [Line] = [
            ("C", clientHeader + "<a>1 & 2</a><b/>"), ("S", serverHeader + "</stream:stream>"),
        ]
        #expect(
            told(lines, chunk: chunk).prefix(4) == [
                "1 C->S header 0", "2 unreadable C->S not-well-formed", "3 S->C header 0", "4 S->C end",
            ]
        )
    }

    @Test("what can never become a packet is told at the end as what it is", arguments: chunkSizes)
    func endless(chunk: Int?) {
        let lines: [Line] = [("C", clientHeader + "<iq id='1><query/></iq>")]
        #expect(told(lines, chunk: chunk) == ["1 C->S header 0", "2 unreadable C->S not-well-formed"])
    }

    @Test("half a packet is told at the end", arguments: chunkSizes)
    func unfinished(chunk: Int?) {
        #expect(
            told([("C", clientHeader + "<message><bo")], chunk: chunk) == ["1 C->S header 0", "unfinished C->S 12"]
        )
    }

    @Test("two requests with one id are told apart by their address")
    func sameID() {
        let lines: [Line] = [
            ("C", clientHeader + "<iq id='1' type='get' to='x'><q/></iq><iq id='1' type='get' to='y'><q/></iq>"),
            ("S", serverHeader + "<iq id='1' type='result' from='y'/><iq id='1' type='result' from='x'/>"),
        ]
        #expect(told(lines).suffix(2) == ["5 S->C iq answers 3", "6 S->C iq answers 2"])
    }

    @Test("requests that are never answered are forgotten at a limit")
    func unanswered() {
        var session = Session()
        let requests = (0..<1000).map { "<iq id='\($0)' type='get'><q/></iq>" }.joined()
        let bytes = Array((clientHeader + requests).utf8)
        _ = session.received(bytes[...], .clientToServer, time: nil)
        #expect(session.unanswered.count == 256)
        #expect(session.packetCount == 1001)
    }

    @Test("a packet's time is that of its first byte, an answer's delay the time between")
    func times() {
        var session = Session()
        _ = session.received(Array(clientHeader.utf8)[...], .clientToServer, time: 1_000_000_000)
        _ = session.received(Array("<iq id='1' ".utf8)[...], .clientToServer, time: 2_000_000_000)
        let events = session.received(Array("type='get'><q/></iq>".utf8)[...], .clientToServer, time: 3_000_000_000)
        guard case .packet(let request)? = events.first else { return #expect(Bool(false), "no packet") }
        #expect(request.time == 2_000_000_000)
        let answer = session.received(
            Array((serverHeader + "<iq id='1' type='result'/>").utf8)[...],
            .serverToClient,
            time: 2_500_000_000
        )
        guard case .packet(let last)? = answer.last else { return #expect(Bool(false), "no packet") }
        #expect(last.answerDelay == 0.5)
    }
}
