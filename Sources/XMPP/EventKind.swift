/// An event that changes what can be said after it, so that a reader of a transcript has to know it by its line.
///
/// The words of these lines stand here, for those who write them and for those who read them back.
public enum EventKind: Sendable, Hashable, CaseIterable {
    /// That side ended its sending.
    case closed(Side)
    /// That side reset the connection.
    case reset(Side)
    /// TLS with that side began with the first byte (XEP-0368).
    case directTLS(Side)

    public static let allCases = Side.allCases.flatMap { [EventKind.closed($0), .reset($0), .directTLS($0)] }

    /// The name for machines, as in JSON Lines.
    public var name: String {
        switch self {
        case .closed: "closed"
        case .reset: "reset"
        case .directTLS: "tls"
        }
    }

    /// The line that tells of it, by the name of that side at the beginning of a sentence; of direct TLS what stands behind the
    /// version.
    public func line(of party: String) -> String {
        switch self {
        case .closed, .reset: "\(party) \(wording)"
        case .directTLS: wording
        }
    }

    /// What such a line always says: how it ends, or what stands behind the version of TLS.
    public var wording: String {
        switch self {
        case .closed: "closes its side of the connection"
        case .reset: "resets the connection"
        case .directTLS(let side): "with the \(side) from the first byte"
        }
    }

    /// Reads what a line in square brackets says; nil if it is another event.
    public init?(line: String) {
        guard let kind = Self.allCases.first(where: { $0.isTold(by: line) }) else { return nil }
        self = kind
    }

    private func isTold(by line: String) -> Bool {
        switch self {
        case .closed(let side), .reset(let side):
            // A server is called so on each of its streams; what is called otherwise came to it: a component, a domain.
            line.hasSuffix(" " + wording) && (line == "The server \(wording)") == (side == .server)
                && Self.isName(line, wording)
        case .directTLS:
            // The version stands before it: `TLS 1.3`; facts about the connection follow behind a comma.
            line.prefix { $0 != "," }.hasSuffix(" " + wording)
                && line.firstRange(of: wording).map { Self.isVersion(line[..<$0.lowerBound]) } == true
        }
    }

    /// True if what stands before the wording is `The client`, or a name without blanks.
    private static func isName(_ line: String, _ wording: String) -> Bool {
        let name = line.dropLast(wording.utf8.count + 1)
        return ["The client", "The server", "The component", "The other server"].contains(name)
            || !name.isEmpty && !name.contains(" ")
    }

    private static func isVersion(_ text: Substring) -> Bool {
        let words = text.split(separator: " ")
        return words.first == "TLS" && words.count <= 2
    }
}
