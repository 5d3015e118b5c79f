import Transcript
import XMPP

/// A finding with its place in a recording.
public struct LintFinding: Sendable, Equatable {
    /// Where in its connection it is.
    public enum Place: Sendable, Equatable {
        /// At a packet; one of an edited text may have no number.
        case packet(Direction, Int?)
        /// At what is no packet, behind the packet of that number: 0 for before the first one.
        case event(after: Int)
    }

    /// The recording as it was named.
    public let file: String
    /// Nil of a transcript, which is of one connection.
    public let connection: Int?
    public let place: Place
    /// The line of a transcript on which the packet begins, or the one before what is none.
    public let line: Int?
    /// The kind of packet or event, without what is new in each recording: `iq set {jabber:iq:roster}query`.
    public let subject: String
    public let code: FindingCode
    public let text: String

    /// The section that it breaks: that of its kind, or the one that its sentence names; empty if neither does.
    public var reference: String {
        if !code.reference.isEmpty { return code.reference }
        let named = text.firstMatch(of: /\(((?:RFC \d+|XEP-\d+)(?: section [\d.]*\d)?)\)/)
        return named.map { String($0.1) } ?? ""
    }

    /// What a baseline knows it by: it is the same in a new recording of the same thing.
    public var fingerprint: String { "\(code.id) \(directionName) \(subject)" }

    /// `C->S`; a hyphen for what is no packet.
    var directionName: String {
        switch place {
        case .packet(let direction, _): direction.rawValue
        case .event: "-"
        }
    }

    /// The packet's number, or that of the one before it.
    var number: Int? {
        switch place {
        case .packet(_, let number): number
        case .event(let number): number
        }
    }

    /// `connection 2, C->S 007`.
    var placeName: String {
        let before = connection.map { "connection \($0), " } ?? ""
        switch place {
        case .packet(let direction, let number?): return before + "\(direction.rawValue) \(Self.padded(number))"
        case .packet(let direction, nil): return before + direction.rawValue
        case .event(0): return before + "before the first packet"
        case .event(let number): return before + "after \(Self.padded(number))"
        }
    }

    /// As transcripts write it.
    static func padded(_ number: Int) -> String {
        String(repeating: "0", count: max(0, 3 - String(number).utf8.count)) + String(number)
    }
}

extension Finding.Severity {
    /// The word of linters: `warning`, `note`.
    public var word: String { rawValue.lowercased() }
}

/// What a fingerprint says of the packet.
enum LintSubject {
    private static let wordLimit = 60
    private static let namespaceLimit = 200

    static func of(_ root: PacketRecord.Root?) -> String {
        guard let root else { return "end" }
        var words = [name(root.name, NS.stanzas.contains(root.namespace) ? nil : root.namespace)]
        if let type = root.type { words.append(word(type)) }
        if let content = root.content {
            let isOwn = root.contentNamespace == root.namespace
            words.append(name(content, isOwn ? nil : root.contentNamespace))
        }
        return words.joined(separator: " ")
    }

    static func of(event kind: String) -> String { kind.isEmpty ? "event" : "event " + word(kind) }

    private static func name(_ name: String, _ namespace: String?) -> String {
        let space = namespace.flatMap { $0.isEmpty ? nil : "{\(token($0, namespaceLimit))}" } ?? ""
        return space + word(name)
    }

    private static func word(_ text: String) -> String { token(text, wordLimit) }

    /// On one line and without blanks, for the parts of a fingerprint are cut at them.
    private static func token(_ text: String, _ limit: Int) -> String {
        text.shown(limit: limit).replacing(" ", with: "_")
    }
}
