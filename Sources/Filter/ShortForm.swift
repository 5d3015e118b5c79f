import XMPP

/// A short form of the language of filters: `~in`, `~kind iq`.
public enum ShortForm: String, Sendable, CaseIterable {
    case `in`
    case out
    case kind
    case jid
    case ns
    case finding
    case story
    case time
    case text
    case connection
    case number
    case took
    case bytes
    case proxy

    /// What may stand behind it.
    enum Argument {
        case none
        case optional
        case needed
    }

    var argument: Argument {
        switch self {
        case .in, .out, .proxy: .none
        case .finding, .story: .optional
        case .kind, .jid, .ns, .time, .text, .connection, .number, .took, .bytes: .needed
        }
    }

    /// As it is written, with an argument that it may have.
    public var example: String {
        switch self {
        case .in: "~in"
        case .out: "~out"
        case .kind: "~kind iq"
        case .jid: "~jid anna@example.org"
        case .ns: "~ns register"
        case .finding: "~finding warning"
        case .story: "~story login"
        case .time: "~time 05:15..05:20"
        case .text: "~text 'good morning'"
        case .connection: "~connection 2"
        case .number: "~number 5..9"
        case .took: "~took 2.."
        case .bytes: "~bytes 10000.."
        case .proxy: "~proxy"
        }
    }

    /// What it fits, for `help filter`.
    public var meaning: String {
        switch self {
        case .in: "a packet from the server to the client (S->C)"
        case .out: "a packet from the client to the server (C->S)"
        case .kind: "a kind: " + FilterWord.Kind.allCases.map(\.rawValue).listed("or")
        case .jid:
            "a stanza from or to that address, said or implied, or that carries one (a forwarded message); a bare JID stands for all its resources, a domain for all its accounts"
        case .ns:
            "a packet that holds an element of that protocol, by a short name (register), a document (XEP-0077) or a namespace; and the answer to one"
        case .finding:
            "a packet with a finding: any, a severity (warning, note), a code (iq.id.reused) or how codes begin (register)"
        case .story:
            "a packet of a story: any, that of a number (~story 3), or of a kind: "
                + Story.Kind.allCases.map(\.rawValue).listed("or")
        case .time:
            "from..to, either may be missing: a time of day or a date with one (UTC), or seconds since the connection began (~time 2.5..10)"
        case .text: "a text in what is shown of a packet or event, in capital or small letters"
        case .connection: "what is on connection 2, or on 2..5"
        case .number: "the packet of that number, or of those"
        case .took: "an answer that came so many seconds after its request"
        case .bytes: "a packet of so many bytes"
        case .proxy: "a packet that stanzatap sent, or changed on its way"
        }
    }

    /// True if it can be asked of a packet alone, wherever it comes from; false if a recording has to be known.
    public var isOfPacket: Bool {
        switch self {
        case .in, .out, .kind, .jid, .ns, .text, .bytes: true
        case .finding, .story, .time, .connection, .number, .took, .proxy: false
        }
    }
}
