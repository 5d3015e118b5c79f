import Testing
import XMLStream
import XMPP

@testable import Replay

/// Features of a recording, as a played server offers them. A recording can be anybody's.
struct FeatureTrimmerTests {
    private static let start = "<stream:features>"

    @Test(
        "what a played server cannot do is taken out, what lies in it too",
        arguments: [
            ("<bind xmlns='b'/>", "<bind xmlns='b'/>"), ("<starttls xmlns='t'/><bind xmlns='b'/>", "<bind xmlns='b'/>"),
            ("<compression xmlns='c'><method>zlib</method></compression>", ""),
            ("<compression xmlns='x'><mechanism>EXTERNAL</mechanism></compression>", ""),
            ("<compression xmlns='x'><compression/><compression><starttls/></compression></compression><sm/>", "<sm/>"),
            ("<mechanism>EXTERNAL<mechanism>EXTERNAL</mechanism></mechanism>", "<mechanism>EXTERNAL</mechanism>"),
            (
                "<m><mechanism>EXTERNAL</mechanism><mechanism>PLAIN</mechanism></m>",
                "<m><mechanism>PLAIN</mechanism></m>"
            ),
        ]
    )
    func trimming(_ features: String, _ expected: String) {
        let bytes = Array("\(Self.start)\(features)</stream:features>".utf8)
        let trimmed = FeatureTrimmer.trim(bytes, offersTLS: false, checksProofs: true)
        #expect(String(decoding: trimmed, as: UTF8.self) == "\(Self.start)\(expected)</stream:features>")
    }

    @Test("where no proof can be checked, mechanisms in mechanisms do no harm")
    func nestedProofs() {
        let nested = "<mechanism>SCRAM-SHA-1<mechanism>SCRAM-SHA-256</mechanism></mechanism>"
        for features in [nested, nested + nested, "<mechanism>PLAIN</mechanism>" + nested] {
            let bytes = Array("\(Self.start)\(features)</stream:features>".utf8)
            let trimmed = FeatureTrimmer.trim(bytes, offersTLS: false, checksProofs: false)
            let text = String(decoding: trimmed, as: UTF8.self)
            #expect(text.hasPrefix(Self.start) && text.hasSuffix("</stream:features>"), "\(text)")
        }
    }

    @Test("of a request with very many values the beginning is taken")
    func hugeRequest() {
        let child = Node.element(Element(name: "a", namespace: "x", nodes: [.text("x")]))
        let query = Element(name: "q", namespace: "x", nodes: [Node](repeating: child, count: 100_000))
        let iq = Element(name: "iq", namespace: NS.client, nodes: [.element(query)])
        let subject = RequestSubject(iq, own: nil, domain: "a")
        #expect(subject.values.count == 1000)
        #expect(subject.values["q/a"] == "x" && subject.values["q/a 1000"] == "x")
    }
}
