import Foundation
import TestKit
import Testing
import XMPP

@testable import Capture

/// Texts of which one character has thousands of bytes, or one byte becomes six in JSON.
private let texts = [
    "a" + String(repeating: "\u{301}", count: 40_000), String(repeating: "\u{1}", count: 70_000),
    String(repeating: "\"", count: 70_000), String(repeating: "\u{1F600}", count: 20_000),
]

@Suite("events fit into a comment, whatever peers make of them")
struct EventLimitTests {
    private func certificate(_ text: String) -> TLSFacts.Certificate {
        TLSFacts.Certificate(
            subject: text,
            issuer: text,
            notBefore: .min,
            notAfter: .max,
            sha256: "00",
            names: (0..<300).map { _ in String(text.unicodeScalars.prefix(250).map(Character.init)) }
        )
    }

    private func events(_ text: String) throws -> [CaptureEvent] {
        let address = try #require(Endpoint(host: "127.0.0.1", port: 5222))
        var facts = TLSFacts()
        (facts.serverName, facts.applicationProtocol, facts.certificate) = (text, text, certificate(text))
        facts.verification = .refused(reason: text)
        return [
            .accepted(number: 1, client: address, listener: address, program: text, recorder: text),
            .upstreamConnected(host: text, address: address, how: text),
            .upstreamFailed(host: text, condition: text, reason: text), .sentByProxy(reason: text),
            .tls(.server, facts),
            .tlsFailed(.server, reason: text, certificate: certificate(text), remedy: text), .noticed(text),
            .differed(text), .failed(reason: text), .changed(original: text, reason: text),
        ]
    }

    @Test("each is told, shortened", arguments: texts)
    func fits(_ text: String) throws {
        for event in try events(text) {
            let json = event.json
            #expect(json.utf8.count <= 65_535)
            #expect(CaptureEvent(json: json) != nil, "\(json.prefix(300))")
        }
    }

    @Test("what fits stays as it is")
    func whole() throws {
        for event in try events(String(repeating: "é", count: 900)).dropLast(1) {
            guard case .tls = event else {
                if case .tlsFailed = event { continue }
                #expect(CaptureEvent(json: event.json) == event)
                continue
            }
        }
    }

    @Test(
        "a number of a connection that nobody counted to is no event of ours",
        arguments: ["9223372036854775807", "-1", "0", "9223372036854775808", "1e99"]
    )
    func numbers(_ number: String) {
        let addresses = "\"client\":\"127.0.0.1:1\",\"listener\":\"127.0.0.1:2\""
        for kind in ["accepted", "continued", "decrypted"] {
            let json = "{\"stanzatap\":1,\(addresses),\"connection\":\(number),\"event\":\"\(kind)\"}"
            #expect(CaptureEvent(json: json) == nil)
        }
    }

    @Test("counts are taken as they can be")
    func counts() {
        let json =
            "{\"stanzatap\":1,\"event\":\"ended\",\"bytes-from-client\":-5,\"bytes-from-server\":9223372036854775807}"
        #expect(CaptureEvent(json: json) == .ended(clientToServerBytes: 0, serverToClientBytes: 1 << 53))
    }
}
