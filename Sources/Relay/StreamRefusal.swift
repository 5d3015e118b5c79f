import XMLStream
import XMPP

/// Why a client does not get its server.
struct Refusal: Error, Sendable, Equatable {
    let condition: StreamErrorCondition
    /// What the server was looked for by; empty if the client named none.
    let host: String
    /// A clause without a full stop, for the client and the transcript.
    let reason: String
}

/// What we write on a client's stream ourselves; errors by RFC 6120 section 4.9.1.1.
enum StreamErrorText {
    /// A whole stream: header, error, end.
    static func stream(_ condition: StreamErrorCondition, _ text: String, from domain: String?, id: String) -> String {
        header(from: domain, id: id) + end(condition, text, of: StreamRoot())
    }

    /// The header of a stream of our own.
    static func header(from domain: String?, id: String) -> String {
        let from = domain.map { " from='\(XMLText.escaped($0))'" } ?? ""
        return
            "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
            + " id='\(id)'\(from) version='1.0'>"
    }

    /// The error and the end of a stream whose header the client already has.
    static func end(_ condition: StreamErrorCondition, _ text: String, of root: StreamRoot) -> String {
        "<\(root.prefix)error><\(condition.rawValue) xmlns='\(namespace)'/>"
            + "<text xmlns='\(namespace)' xml:lang='en'>\(XMLText.escaped(text))</text></\(root.prefix)error>\(root.end)"
    }

    private static let namespace = "urn:ietf:params:xml:ns:xmpp-streams"
}

/// How the stream that a client has names its root: what we say ourselves has to be well-formed in it.
struct StreamRoot: Equatable {
    /// With its colon; empty where the namespace of streams is the default one.
    let prefix: String

    /// As our own headers name it.
    init() { prefix = "stream:" }

    /// - Parameter name: of the root, with its prefix; nil for one that begins no stream.
    init?(name: String) {
        guard name == "stream" || name.hasSuffix(":stream") else { return nil }
        prefix = String(name.dropLast("stream".count))
    }

    var end: String { "</\(prefix)stream>" }
}
