import XMLStream
import XMPP

/// What we tell a client that begins in the clear when its server speaks TLS only, from the first byte: that it must use
/// STARTTLS (RFC 6120 section 5.4), with us.
struct TLSOffer {
    enum Step: Equatable {
        case agree
        /// Why the client cannot be served, in a clause.
        case refuse(String)
    }

    private let parser = StreamParser()
    private var isOver = false

    /// The stream and features in answer to the client's header.
    static func opening(from domain: String?, id: String) -> String {
        StreamErrorText.header(from: domain, id: id)
            + "<stream:features><starttls xmlns='\(NS.tls)'><required/></starttls></stream:features>"
    }

    static let agreement = "<proceed xmlns='\(NS.tls)'/>"

    /// Takes the client's bytes, from its stream header on.
    mutating func received(_ bytes: [UInt8]) -> Step? {
        guard !isOver else { return nil }
        parser.append(bytes)
        while let event = parser.next() {
            switch event.kind {
            case .header, .whitespace:
                continue
            case .element(let element) where element.is("starttls", NS.tls):
                isOver = true
                if parser.unread.allSatisfy(\.isXMLWhitespace) { return .agree }
                return .refuse("the client sent bytes behind <starttls/>, before the TLS handshake")
            case .element, .strayText, .oversized, .failure:
                isOver = true
                return .refuse("the server speaks TLS only, and the client did not ask for it")
            case .end:
                isOver = true
                return .refuse("the client ended its stream without asking for TLS, which the server requires")
            }
        }
        return nil
    }
}
