import Conversation

/// A script of scansion, Prosody's tool for tests: a cast of clients, and what they do and see in order.
///
/// The format, as far as Prosody's own scripts use it: lines that begin with `#`, `//` or `--` are remarks; `[Client] NAME` with
/// indented `key: value` lines for each client; a line of hyphens; then the acts `NAME connects`, `NAME disconnects`,
/// `NAME sends:` and `NAME receives:` with an indented stanza, `NAME receives nothing` or `NAME receives` alone for nothing. In
/// stanzas `${NAME's JID}` and `${NAME's full JID}` stand for addresses; what a client receives is held against the stanza by the
/// rules of `ScansionMatcher`.
public struct ScansionScript: Sendable, Equatable {
    public struct Client: Sendable, Equatable {
        public let name: String
        /// `jid`, `password`, `resource` and whatever else is said.
        public var options: [String: String]
    }

    public enum Act: Sendable, Equatable {
        case connects
        case disconnects
        case sends(String)
        case receives(String)
        case receivesNothing
    }

    public struct Step: Sendable, Equatable {
        /// Counted from 1.
        public let line: Int
        public let client: String
        public let act: Act
    }

    public var clients: [Client] = []
    public var steps: [Step] = []

    /// True for a text that looks like a script: it has a cast.
    public static func isScript(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("[Client]") }
    }
}
