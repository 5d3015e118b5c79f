import Conversation
import SASL
import Synchronization
import XMPP

/// The accounts of a replayed server: those of the recording, and what clients have done to theirs in this run.
///
/// Shared by all connections.
public final class ServerAccounts: Sendable {
    private struct State {
        var passwords: [String: String] = [:]
        var removed: Set<String> = []
    }

    private let recorded: RecordedAccounts
    private let given: String?
    private let state = Mutex(State())

    /// - Parameter password: the password of every login; nil for the recorded ones.
    public init(_ recorded: RecordedAccounts, password: String? = nil) {
        self.recorded = recorded
        given = password
    }

    func register(_ user: String, password: String) {
        state.withLock { state in
            state.passwords[user] = password
            state.removed.remove(user)
        }
    }

    func remove(_ user: String) {
        state.withLock { state in
            state.passwords[user] = nil
            state.removed.insert(user)
        }
    }

    /// True if a client of this run has registered the name.
    func isTaken(_ user: String) -> Bool { state.withLock { $0.passwords[user] != nil } }

    /// The password to check a login with. A user whom nobody knows stands for the recorded one.
    func password(of user: String) -> SASLPassword {
        state.withLock { state in
            if let own = state.passwords[user] { return .known(own) }
            if state.removed.contains(user) { return .noUser }
            if let given { return .known(given) }
            if let recorded = recorded.password(of: user) { return .known(recorded) }
            return .any(likely: recorded.allPasswords.first)
        }
    }
}
