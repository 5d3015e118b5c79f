import Testing

@testable import XMPP

struct EventKindTests {
    @Test("the lines of events that count are known again", arguments: EventKind.allCases)
    func known(_ kind: EventKind) {
        let line =
            switch kind {
            case .directTLS: "TLS 1.3 \(kind.wording), ALPN x"
            case .closed(let side), .reset(let side): kind.line(of: "The \(side)")
            }
        #expect(EventKind(line: line) == kind)
    }

    @Test("whoever came to a server is its client", arguments: ["The component", "The other server", "mail.example"])
    func named(_ name: String) {
        #expect(EventKind(line: EventKind.closed(.client).line(of: name)) == .closed(.client))
        #expect(EventKind(line: EventKind.reset(.client).line(of: name)) == .reset(.client))
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
