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
    /// Passwords of single users, which the user of stanzatap told.
    private let told: [String: String]
    /// True if a user whom nobody knows stands for the recorded one.
    private let takesAnyUser: Bool
    private let state = Mutex(State())

    /// - Parameters:
    ///   - password: the password of every login; nil for the recorded ones.
    ///   - told: the passwords of single users.
    ///   - takesAnyUser: a user whom nobody knows stands for the recorded one.
    public init(
        _ recorded: RecordedAccounts,
        password: String? = nil,
        told: [String: String] = [:],
        takesAnyUser: Bool = true
    ) {
        self.recorded = recorded
        self.told = told
        self.takesAnyUser = takesAnyUser
        given = password
    }

    /// True if a password is known with which logins can be checked.
    public var knowsPassword: Bool { given != nil || !told.isEmpty || !recorded.allPasswords.isEmpty }

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
            if let password = told[user] ?? given { return .known(password) }
            if let recorded = recorded.password(of: user) { return .known(recorded) }
            guard takesAnyUser else { return .noUser }
            return .any(likely: recorded.allPasswords.first)
        }
    }
}
