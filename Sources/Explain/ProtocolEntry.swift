import XMLStream
import XMPP

/// All that stanzatap knows of one protocol beyond its name, in one value: a row of `ProtocolTable`.
///
/// What is data can be read without the teller: secrets by Redaction, volatile values by Comparison, codes by `lint`.
public struct ProtocolEntry: Sendable {
    /// Where it is specified: `XEP-0077`, `RFC 6120`.
    public let reference: String
    /// What it is called, for the middle of a sentence.
    public let title: String
    /// The namespaces of its elements.
    public let namespaces: [String]
    /// The kinds of findings that it can have.
    public var codes: [FindingCode] = []
    /// Which of its values are secret.
    public var secrets: [ValuePlace] = []
    /// Which of its values are new in every session, or say nothing about meaning.
    public var volatile: [ValuePlace] = []
    /// The conditions of errors that it defines itself (RFC 6120 section 8.3.4), and what each means, a clause.
    var conditions: [String: String] = [:]
    /// What is done with its payload, for the general sentences of an iq: `a vCard`; nil for its title.
    var topic: (@Sendable (Element) -> String?)?
    /// What an item of a node says (XEP-0060) whose payload is that element, with the item's id; nil for one that is none.
    var item: (@Sendable (Element, String?) -> ItemTelling?)?
    /// A stream feature, or what can be asked for in the step of a login, as a clause; nil for one that others tell.
    var feature: (@Sendable (Element) -> Feature?)?
    /// Makes the teller of one connection; nil for a protocol that the general sentences suffice for.
    var teller: (@Sendable () -> any Teller)?
    /// What its element adds to a message that carries it; nil if a message is told by its teller or not at all.
    var part: (@Sendable (Element, inout MessageParts, inout Scene) -> Void)?
    /// What its element adds where it stands inside another one, deeper than the payload.
    var inner: Inner?
    /// True if its teller has to see every packet.
    var isReferee = false

    init(_ reference: String, _ title: String, _ namespaces: [String]) {
        self.reference = reference
        self.title = title
        self.namespaces = namespaces
    }

    /// The protocol's name with its reference: `In-Band Registration (XEP-0077)`.
    public var name: String { "\(title) (\(reference))" }
}

/// What a stream feature says.
enum Feature: Equatable {
    /// A clause that can follow "The server lists what it offers:".
    case clause(String)
    /// It is told elsewhere.
    case silent
}

/// What an element adds to a packet in which it stands deeper than the payload.
enum Inner: Sendable {
    /// The teller of that specification tells it with its own words.
    case told(by: String)
    /// A sentence without its full stop, to stand behind what the whole packet does; nil for nothing.
    case sentence(@Sendable (Element) -> String?)
    /// Things in the plural that come with the packet; all of those are told in one sentence.
    case things(String)
}

extension ProtocolEntry {
    /// A protocol whose elements stand inside those of another one, whose teller tells them.
    static func told(inside teller: String, _ reference: String, _ title: String, _ namespaces: [String])
        -> ProtocolEntry
    {
        var entry = ProtocolEntry(reference, title, namespaces)
        entry.inner = .told(by: teller)
        return entry
    }

    /// A protocol whose element adds a sentence to what the packet does; without the full stop.
    static func adds(
        _ reference: String,
        _ title: String,
        _ namespaces: [String],
        _ sentence: @escaping @Sendable (Element) -> String?
    ) -> ProtocolEntry {
        var entry = ProtocolEntry(reference, title, namespaces)
        entry.inner = .sentence(sentence)
        return entry
    }

    /// A protocol whose elements are things that come with a packet, in the plural.
    static func comes(_ reference: String, _ title: String, _ namespaces: [String], _ things: String) -> ProtocolEntry {
        var entry = ProtocolEntry(reference, title, namespaces)
        entry.inner = .things(things)
        return entry
    }
}
