import Testing

@testable import XMPP

struct EventKindTests {
    @Test("the lines of events that count are known again", arguments: EventKind.allCases)
    func known(_ kind: EventKind) {
        let line = if case .directTLS = kind { "TLS 1.3 \(kind.wording), ALPN x" } else { kind.wording }
        #expect(EventKind(line: line) == kind)
    }

    @Test(
        "other lines are not",
        arguments: [
            "", "The client", "the client closes its side of the connection", "TLS 1.3 with the client after STARTTLS",
            "TLS with the client failed: it begins with the client from the first byte",
            "What the client said: The client resets the connection", "with the client from the first byte",
        ]
    )
    func others(_ line: String) { #expect(EventKind(line: line) == nil) }
}
