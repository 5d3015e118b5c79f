import TestKit
import Testing
import XMPP

@testable import Relay

@Suite("the gate")
struct StreamGateTests {
    static let header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a'>"
    static let tls = "urn:ietf:params:xml:ns:xmpp-tls"

    /// One step: who sends what, and what comes of it however it is cut.
    struct Step: Sendable {
        let side: Side
        let bytes: String
        let passed: String
        var end: [StreamGate.Decision] = []
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var isEncrypted = false
        var demandsTLS = false
        let steps: [Step]
        var testDescription: String { name }
    }

    static func client(_ text: String, _ passed: String? = nil, _ end: [StreamGate.Decision] = []) -> Step {
        Step(side: .client, bytes: text, passed: passed ?? text, end: end)
    }

    static func server(_ text: String, _ passed: String? = nil, _ end: [StreamGate.Decision] = []) -> Step {
        Step(side: .server, bytes: text, passed: passed ?? text, end: end)
    }

    static let ask = "<starttls xmlns='\(tls)'/>"
    static let proceed = "<proceed xmlns='\(tls)'/>"
    static let agreed = StreamGate.Decision.startTLS(proceed: Array(proceed.utf8))
    static let message = "<message to='b'><body>hi</body></message>"

    static let auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAYg==</auth>"
    static let without = StreamGate.Decision.forbid("the client goes on without STARTTLS")

    static let cases: [Case] = [
        Case(
            name: "where TLS is demanded, STARTTLS passes",
            demandsTLS: true,
            steps: [
                client("<?xml version='1.0'?>" + header + "\n"),
                server(header + "<stream:features>\(ask)</stream:features>"), client(ask),
                server(proceed, "", [agreed]),
            ]
        ),
        Case(
            name: "where TLS is demanded, nothing of a login passes",
            demandsTLS: true,
            steps: [
                client(header), server(header + "<stream:features>\(ask)</stream:features>"),
                client(auth, "", [without]),
            ]
        ),
        Case(
            name: "where TLS is demanded, a stanza does not pass",
            demandsTLS: true,
            steps: [client(header + message, header, [without])]
        ),
        Case(
            name: "where TLS is demanded, a server without it ends the connection",
            demandsTLS: true,
            steps: [
                client(header),
                server(
                    header + "<stream:features><a xmlns='b'/></stream:features>",
                    header,
                    [.forbid("the server does not offer STARTTLS")]
                ),
            ]
        ),
        Case(
            name: "where TLS is demanded, a refusal ends the connection",
            demandsTLS: true,
            steps: [
                client(header + ask),
                server(
                    header + "<failure xmlns='\(tls)'/>",
                    nil,
                    [.forbid("the server does not agree to STARTTLS")]
                ),
            ]
        ),
        Case(
            name: "STARTTLS",
            steps: [
                client("<?xml version='1.0'?>" + header),
                server(header + "<stream:features><a xmlns='b'/>\(ask)</stream:features>"),
                client(ask), server(proceed, "", [agreed]),
            ]
        ),
        Case(
            name: "a paired tag, a prefix, an answer with another prefix",
            steps: [
                client(header + "<t:starttls xmlns:t='\(tls)'></t:starttls>"),
                server(
                    header + "<x:proceed xmlns:x='\(tls)'></x:proceed>",
                    header,
                    [
                        .startTLS(proceed: Array("<x:proceed xmlns:x='\(tls)'></x:proceed>".utf8))
                    ]
                ),
            ]
        ),
        Case(
            name: "bytes behind starttls",
            steps: [
                client(header + ask + "<iq/>", header + ask, [.reject(.client, Array("<iq/>".utf8))])
            ]
        ),
        Case(
            name: "white space behind starttls and behind proceed",
            steps: [
                client(header + ask + "\r\n", header + ask, [.drop(.client, count: 2)]),
                server(header + proceed + "\n", header, [agreed, .drop(.server, count: 1)]),
            ]
        ),
        Case(
            name: "bytes behind proceed",
            steps: [
                client(header + ask),
                server(header + proceed + "<iq/>", header, [agreed, .reject(.server, Array("<iq/>".utf8))]),
            ]
        ),
        Case(
            name: "an unasked proceed is passed like anything else",
            steps: [
                client(header), server(header + proceed), server("<iq/>"),
            ]
        ),
        Case(
            name: "a refusal opens",
            steps: [
                client(header + ask), server(header + "<failure xmlns='\(tls)'/></stream:stream>", nil, [.open]),
                client("anything"),
            ]
        ),
        Case(name: "a message opens", steps: [client(header + message, nil, [.open]), server("<a"), client("<b")]),
        Case(
            name: "a login opens",
            steps: [
                client(header + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"),
                server(header + "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", nil, [.open]),
                client(header), server("<half"),
            ]
        ),
        Case(
            name: "what is no XML opens",
            steps: [client("GET / HTTP/1.1\r\n", nil, [.open]), server("HTTP/1.1 400\r\n")]
        ),
        Case(
            name: "a server that is no XMPP server opens",
            steps: [server("220 mail\r\n", nil, [.open]), client("EHLO")]
        ),
        Case(
            name: "registration does not open",
            steps: [
                client(header + "<iq type='get' id='1'><query xmlns='jabber:iq:register'/></iq>"),
                server(header + "<iq type='result' id='1'/>"), client(ask), server(proceed, "", [agreed]),
            ]
        ),
        Case(
            name: "features without STARTTLS open",
            steps: [
                client(header), server(header + "<stream:features><a xmlns='b'/></stream:features>", nil, [.open]),
                client(ask), server("<half"),
            ]
        ),
        Case(
            name: "features without STARTTLS do not open for a client that has asked for it",
            steps: [
                client(header + ask), server(header + "<stream:features/>"), server(proceed, "", [agreed]),
            ]
        ),
        Case(
            name: "inside TLS the first features open",
            isEncrypted: true,
            steps: [
                client("anything"), server(header), server("<stream:features/>", nil, [.open]), server("<half"),
            ]
        ),
        Case(
            name: "inside TLS a server without features opens",
            isEncrypted: true,
            steps: [
                server(header + "<iq type='result'/>", nil, [.open])
            ]
        ),
    ]

    @Test("decides the same however the bytes are cut", arguments: cases, chunkSizes)
    func decides(test: Case, size: Int?) {
        let gate = StreamGate(
            isEncrypted: test.isEncrypted,
            editor: FeatureEditor(hidesChannelBinding: true, hidesSTARTTLS: false),
            demandsTLS: test.demandsTLS
        )
        for step in test.steps {
            var passed: [UInt8] = []
            var rest: [StreamGate.Decision] = []
            for piece in Array(step.bytes.utf8).slices(of: size) {
                for decision in gate.received(Array(piece), from: step.side) {
                    switch decision {
                    case .pass(let side, let bytes):
                        #expect(side == step.side)
                        passed += bytes
                    case .drop(let side, let count):
                        // One decision for each piece: told as one.
                        if case .drop(side, let before)? = rest.last {
                            rest[rest.count - 1] = .drop(side, count: before + count)
                        } else {
                            rest.append(decision)
                        }
                    case .reject(let side, let bytes):
                        if case .reject(side, let before)? = rest.last {
                            rest[rest.count - 1] = .reject(side, before + bytes)
                        } else {
                            rest.append(decision)
                        }
                    case .change, .startTLS, .forbid, .open:
                        rest.append(decision)
                    }
                }
            }
            #expect(String(decoding: passed, as: UTF8.self) == step.passed)
            #expect(rest == step.end)
        }
    }

    @Test("a client that sends many packets in the clear will not ask for TLS any more")
    func manyPackets() {
        let gate = StreamGate(
            isEncrypted: false,
            editor: FeatureEditor(hidesChannelBinding: false, hidesSTARTTLS: false)
        )
        _ = gate.received(Array(Self.header.utf8), from: .client)
        let iq = Array("<iq type='get' id='1'/>".utf8)
        for _ in 0..<StreamGate.packetLimit { #expect(gate.received(iq, from: .client) == [.pass(.client, iq)]) }
        #expect(gate.received(iq, from: .client) == [.pass(.client, iq), .open])
    }

    @Test("a packet is held until it is complete, a very large one is not")
    func holding() {
        let gate = StreamGate(
            isEncrypted: false,
            editor: FeatureEditor(hidesChannelBinding: false, hidesSTARTTLS: false)
        )
        _ = gate.received(Array(Self.header.utf8), from: .server)
        #expect(gate.received(Array("<iq><a>".utf8), from: .server).isEmpty)
        #expect(
            gate.received(Array("</a></iq>".utf8), from: .server) == [.pass(.server, Array("<iq><a></a></iq>".utf8))]
        )
        #expect(gate.received(Array("<iq>".utf8), from: .server).isEmpty)
        #expect(gate.serverEnded() == [.pass(.server, Array("<iq>".utf8))])

        let other = StreamGate(
            isEncrypted: true,
            editor: FeatureEditor(hidesChannelBinding: true, hidesSTARTTLS: false)
        )
        _ = other.received(Array(Self.header.utf8), from: .server)
        let text = [UInt8](repeating: 0x61, count: 100_000)
        var passed = 0
        for decision in other.received(Array("<iq><a>".utf8), from: .server)
            + (0..<40).flatMap({ _ in other.received(text, from: .server) })
        {
            if case .pass(_, let bytes) = decision { passed += bytes.count }
        }
        #expect(passed > 3_900_000)
    }
}

@Suite("features")
struct FeatureEditorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: String
        let after: String
        var removed: [String] = []
    }

    static let cases: [Case] = [
        Case(
            testDescription: "SASL1",
            before:
                "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS</mechanism> <mechanism>PLAIN</mechanism></mechanisms><a xmlns='b'>ä</a>",
            after:
                "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'> <mechanism>PLAIN</mechanism></mechanisms><a xmlns='b'>ä</a>",
            removed: ["SCRAM-SHA-1-PLUS"]
        ),
        Case(
            testDescription: "the list of XEP-0440",
            before:
                "<s:sasl-channel-binding xmlns:s='urn:xmpp:sasl-cb:0'><s:channel-binding type='tls-exporter'/></s:sasl-channel-binding><a xmlns='b'/>",
            after: "<a xmlns='b'/>",
            removed: ["the list of channel bindings (XEP-0440)"]
        ),
        Case(
            testDescription: "SASL2 and FAST",
            before:
                "<authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism>SCRAM-SHA-256</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-ENDP</mechanism><mechanism>HT-SHA-256-NONE</mechanism></fast></inline></authentication>",
            after:
                "<authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast></inline></authentication>",
            removed: ["SCRAM-SHA-256-PLUS", "HT-SHA-256-ENDP"]
        ),
        Case(
            testDescription: "STARTTLS",
            before:
                "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><a xmlns='b'><![CDATA[<x>]]></a>",
            after: "<a xmlns='b'><![CDATA[<x>]]></a>",
            removed: ["STARTTLS"]
        ),
        Case(
            testDescription: "nothing else is on offer",
            before:
                "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms>",
            after:
                "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS</mechanism></mechanisms>"
        ),
        Case(testDescription: "nothing to take out", before: "<a xmlns='b'/>", after: "<a xmlns='b'/>"),
    ]

    @Test("what is bound to TLS is taken out, the rest stays byte for byte", arguments: cases)
    func edits(test: Case) {
        let gate = StreamGate(isEncrypted: true, editor: FeatureEditor(hidesChannelBinding: true, hidesSTARTTLS: true))
        let before = "<stream:features>\(test.before)</stream:features>"
        let after = "<stream:features>\(test.after)</stream:features>"
        let decisions = gate.received(Array((StreamGateTests.header + before).utf8), from: .server)
        let header = StreamGate.Decision.pass(.server, Array(StreamGateTests.header.utf8))
        let edit = FeatureEditor.Edit(bytes: Array(after.utf8), removed: test.removed)
        #expect(
            decisions == [
                header,
                test.removed.isEmpty
                    ? .pass(.server, Array(before.utf8)) : .change(original: Array(before.utf8), edit),
                .open,
            ]
        )
    }

    @Test("features too large for an event are left as they are")
    func large() {
        let features =
            "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>A-PLUS</mechanism>"
            + "<mechanism>A</mechanism></mechanisms><a xmlns='\(String(repeating: "b", count: 33_000))'/></stream:features>"
        let gate = StreamGate(isEncrypted: true, editor: FeatureEditor(hidesChannelBinding: true, hidesSTARTTLS: true))
        let decisions = gate.received(Array((StreamGateTests.header + features).utf8), from: .server)
        #expect(decisions.contains(.pass(.server, Array(features.utf8))))
    }
}
