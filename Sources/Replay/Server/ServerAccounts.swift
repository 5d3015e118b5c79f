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
        /// The recorded connections for which connections of this run stand, and how many do.
        var claims: [Int: Int] = [:]
        /// Sessions that can be resumed (XEP-0198), by their ids.
        var managed: [String: ManagedSession] = [:]
    }

    /// A session with stream management.
    struct ManagedSession {
        let user: String?
        let jid: JID?
        /// Stanzas of the client that came.
        var count: UInt32
    }

    private let recorded: RecordedAccounts
    private let given: String?
    /// Passwords of single users, which the user of stanzatap told.
    private let told: [String: String]
    /// True if a user whom nobody knows stands for the recorded one.
    private let takesAnyUser: Bool
    private let state = Mutex(State())

    /// Sessions beyond these cannot be resumed.
    private static let managedLimit = 10_000

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

    /// What logins are checked with, a sentence for the start of a run.
    public var summary: String {
        let own = told.keys.sorted().map { $0.shown(limit: 60) }
        if given != nil {
            return "logins are checked with the password that was given"
                + (own.isEmpty ? "" : ", those of \(own.listed()) with their own")
        }
        guard knowsPassword else {
            return "no password is known, so whatever a client says as its password (PLAIN) is taken"
        }
        let known = recorded.users.filter(isKnown) + told.keys.filter { !recorded.users.contains($0) }.sorted()
        let unknown = recorded.users.filter { !isKnown($0) }
        let checked = "logins are checked: the password of \(Self.list(known)) is known"
        if unknown.isEmpty { return checked }
        let otherwise = takesAnyUser ? ", so any that a client says (PLAIN) is taken" : ", so they cannot log in"
        return checked + "; that of \(Self.list(unknown)) is not\(otherwise)"
    }

    private static func list(_ users: [String]) -> String {
        let shown = users.prefix(6).map { $0.shown(limit: 60) }
        return (shown + (users.count > 6 ? ["\(users.count - 6) more"] : [])).listed()
    }

    private func isKnown(_ user: String) -> Bool { (told[user] ?? given ?? recorded.password(of: user)) != nil }

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

    /// False for a user who may well be one and whose password nobody knows, so that a refusal says nothing about it.
    func canCheck(_ user: String) -> Bool {
        let isOfThisRun = state.withLock { $0.passwords[user] != nil || $0.removed.contains(user) }
        return isOfThisRun || isKnown(user) || !(takesAnyUser || recorded.users.contains(user))
    }

    /// The recorded connection of those for which a connection of this run is to stand: the preferred one, else the next for
    /// which none or the fewest do. Nil if there are none.
    func claim(of logins: [Int], preferred: Int) -> (connection: Int, isFirst: Bool)? {
        state.withLock { state in
            func count(_ connection: Int) -> Int { state.claims[connection] ?? 0 }
            let next = logins.min { count($0) < count($1) }
            let isFree = logins.contains(preferred) && count(preferred) == 0
            guard let chosen = isFree ? preferred : next else { return nil }
            state.claims[chosen] = count(chosen) + 1
            return (chosen, count(chosen) == 1)
        }
    }

    // MARK: Sessions that can be resumed

    func keep(_ id: String, _ session: ManagedSession) {
        state.withLock { state in
            guard state.managed[id] != nil || state.managed.count < Self.managedLimit else { return }
            state.managed[id] = session
        }
    }

    /// The session of that id, which is that user's; it can be resumed again under the same id.
    func managed(_ id: String, of user: String?) -> ManagedSession? {
        state.withLock { $0.managed[id] }.flatMap { $0.user == user ? $0 : nil }
    }
}
