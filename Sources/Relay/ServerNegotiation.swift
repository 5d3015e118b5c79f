import XMLStream
import XMPP

/// A STARTTLS negotiation that we carry on with a server ourselves (RFC 6120 section 5.4), where the client cannot: it
/// began with TLS, or is not to know of it.
struct ServerNegotiation {
    enum Step: Equatable {
        case send(String)
        /// TLS begins now.
        case startTLS
        case fail(TLSFailure)
    }

    private let parser = StreamParser()
    private let domain: String?
    private var hasAsked = false
    private var isOver = false

    init(domain: String?) { self.domain = domain }

    /// What opens our stream.
    var opening: String {
        let to = domain.map { " to='\(XMLText.escaped($0))'" } ?? ""
        return "<?xml version='1.0'?><stream:stream\(to) version='1.0' xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams'>"
    }

    mutating func received(_ bytes: [UInt8]) -> [Step] {
        guard !isOver else { return [] }
        parser.append(bytes)
        var steps: [Step] = []
        while !isOver, let event = parser.next() {
            guard let step = step(after: event) else { continue }
            if case .send = step {} else { isOver = true }
            steps.append(step)
        }
        return steps
    }

    private mutating func step(after event: StreamEvent) -> Step? {
        switch event.kind {
        case .header, .whitespace, .strayText:
            return nil
        case .element(let element):
            return step(after: element)
        case .end, .oversized:
            return unavailable("the server ended its stream before STARTTLS")
        case .failure(let error):
            return unavailable("the server sent no XMPP stream: \(error.reason)")
        }
    }

    private mutating func step(after element: Element) -> Step? {
        switch (element.namespace, element.name) {
        case (NS.streams, "features"):
            guard !hasAsked else { return nil }
            guard element.child("starttls", NS.tls) != nil else { return unavailable("the server offers no STARTTLS") }
            hasAsked = true
            return .send("<starttls xmlns='\(NS.tls)'/>")
        case (NS.tls, "proceed") where hasAsked:
            guard parser.unread.allSatisfy(\.isXMLWhitespace) else {
                return .fail(TLSFailure(reason: "the server sent bytes behind <proceed/>, before the TLS handshake"))
            }
            return .startTLS
        case (NS.tls, "failure"):
            return .fail(TLSFailure(reason: "the server refused STARTTLS"))
        case (NS.streams, "error"):
            let condition = element.children.first?.name ?? "no condition"
            return .fail(TLSFailure(reason: "the server ended the stream: \(condition)"))
        default:
            return nil
        }
    }

    private func unavailable(_ reason: String) -> Step { .fail(TLSFailure(isUnavailable: true, reason: reason)) }
}
