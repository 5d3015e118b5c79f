import TestKit
import Testing
import XMPP

@testable import Relay

/// Our two sides back to back, without a socket: a client, a gate, a second gate as if another stanzatap were its server,
/// and a scripted server.
@Suite("two gates in a row")
struct GateChainTests {
    /// A gate and what came out of it.
    private struct Stage {
        var gate = StreamGate(
            isEncrypted: false,
            editor: FeatureEditor(hidesChannelBinding: false, hidesSTARTTLS: false)
        )
        /// The server's agreement, held until TLS with the server would be there.
        var proceed: [UInt8]?
        var findings: [StreamGate.Decision] = []
        /// Inside TLS: the same gate with another task.
        mutating func encrypt() {
            gate = StreamGate(
                isEncrypted: true,
                editor: FeatureEditor(hidesChannelBinding: true, hidesSTARTTLS: false)
            )
            proceed = nil
        }

        /// The bytes that go on at once.
        mutating func pass(_ bytes: some Collection<UInt8>, from side: Side) -> [UInt8] {
            var passed: [UInt8] = []
            for decision in gate.received(Array(bytes), from: side) {
                switch decision {
                case .pass(let from, let bytes):
                    #expect(from == side)
                    passed += bytes
                case .change(_, let edit): passed += edit.bytes
                case .startTLS(let bytes): proceed = bytes
                case .open: break
                case .drop, .reject, .forbid: findings.append(decision)
                }
            }
            return passed
        }
    }

    private struct Chain {
        var near = Stage()
        var far = Stage()
        var toServer: [UInt8] = []
        var toClient: [UInt8] = []

        mutating func clientSends(_ text: String, cut size: Int?) {
            for slice in Array(text.utf8).slices(of: size) {
                toServer += far.pass(near.pass(slice, from: .client), from: .client)
            }
        }

        mutating func serverSends(_ text: String, cut size: Int?) {
            for slice in Array(text.utf8).slices(of: size) {
                toClient += near.pass(far.pass(slice, from: .server), from: .server)
            }
        }

        /// TLS with the server is there: the far one agrees, and the near one secures its leg to it.
        mutating func secure(cut size: Int?) {
            let proceed = far.proceed ?? []
            far.encrypt()
            for slice in proceed.slices(of: size) { toClient += near.pass(slice, from: .server) }
            toClient += near.proceed ?? []
            near.encrypt()
        }
    }

    private static let bound =
        "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS</mechanism>"
        + "<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"

    @Test("a whole conversation, however it is cut", arguments: chunkSizes, chunkSizes)
    func conversation(clientSize: Int?, serverSize: Int?) {
        var chain = Chain()
        chain.clientSends(Said.clientHeader, cut: clientSize)
        chain.serverSends(Said.serverHeader + Said.offer, cut: serverSize)
        chain.clientSends(Said.ask, cut: clientSize)
        #expect(chain.toServer == Array((Said.clientHeader + Said.ask).utf8))
        chain.serverSends(Said.proceed, cut: serverSize)
        #expect(chain.toClient == Array((Said.serverHeader + Said.offer).utf8))
        #expect(chain.far.proceed == Array(Said.proceed.utf8) && chain.near.proceed == nil)
        chain.secure(cut: serverSize)
        #expect(chain.toClient == Array((Said.serverHeader + Said.offer + Said.proceed).utf8))
        (chain.toServer, chain.toClient) = ([], [])

        let rest =
            "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" + Said.serverHeader + "<iq type='result' id='1'/>"
        chain.clientSends(Said.clientHeader, cut: clientSize)
        chain.serverSends(Said.serverHeader + Self.bound, cut: serverSize)
        chain.clientSends("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" + Said.clientHeader, cut: clientSize)
        chain.serverSends(rest, cut: serverSize)
        let seen = Self.bound.replacing("<mechanism>SCRAM-SHA-1-PLUS</mechanism>", with: "")
        #expect(String(decoding: chain.toClient, as: UTF8.self) == Said.serverHeader + seen + rest)
        let said = Said.clientHeader + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>" + Said.clientHeader
        #expect(String(decoding: chain.toServer, as: UTF8.self) == said)
        #expect(chain.near.findings.isEmpty && chain.far.findings.isEmpty)
    }

    @Test(
        "what is injected behind <starttls/> stops at the first gate, behind <proceed/> at the last",
        arguments: chunkSizes
    )
    func injection(size: Int?) {
        // Not one copied from the other: a gate's parsers are references.
        var (chain, other) = (Chain(), Chain())
        chain.clientSends(Said.clientHeader, cut: size)
        chain.serverSends(Said.serverHeader + Said.offer, cut: size)
        chain.clientSends(Said.ask + "<iq/>", cut: size)
        #expect(chain.toServer == Array((Said.clientHeader + Said.ask).utf8))
        #expect(!chain.near.findings.isEmpty && chain.far.findings.isEmpty)

        other.clientSends(Said.clientHeader, cut: size)
        other.serverSends(Said.serverHeader + Said.offer, cut: size)
        other.clientSends(Said.ask, cut: size)
        other.serverSends(Said.proceed + "<iq/>", cut: size)
        #expect(other.toClient == Array((Said.serverHeader + Said.offer).utf8))
        #expect(other.near.findings.isEmpty && !other.far.findings.isEmpty)
    }

    @Test("our own negotiation with a gate in front of the server", arguments: chunkSizes)
    func negotiation(size: Int?) {
        var negotiation = ServerNegotiation(domain: Said.domain)
        var gate = Stage()
        #expect(gate.pass(negotiation.opening.utf8, from: .client) == Array(negotiation.opening.utf8))
        var steps: [ServerNegotiation.Step] = []
        for slice in Array((Said.serverHeader + Said.offer).utf8).slices(of: size) {
            steps += negotiation.received(gate.pass(slice, from: .server))
        }
        #expect(steps == [.send(Said.ask)])
        #expect(gate.pass(Said.ask.utf8, from: .client) == Array(Said.ask.utf8))
        for slice in Array(Said.proceed.utf8).slices(of: size) { #expect(gate.pass(slice, from: .server).isEmpty) }
        steps = []
        for slice in (gate.proceed ?? []).slices(of: size) { steps += negotiation.received(Array(slice)) }
        #expect(steps == [.startTLS])
    }
}
