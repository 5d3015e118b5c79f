/// What the connections of one recording know of each other: sessions that are resumed by another connection (XEP-0198).
public final class RecordingMemory {
    /// By the ids that servers gave them.
    private var sessions: [String: ManagedSession] = [:]
    private var order: [String] = []

    /// What passed about subscriptions, by the account, a blank and the other one's address: an answer may come on another connection.
    private var subscriptions: [String: Subscription] = [:]

    /// No real recording has as many that can be resumed at once; a hostile one shall not cost much.
    private static let limit = 4096

    public init() {}

    func subscription(_ key: String) -> Subscription? { subscriptions[key] }

    func keep(_ subscription: Subscription, as key: String) {
        if subscriptions.count < Self.limit || subscriptions[key] != nil { subscriptions[key] = subscription }
    }

    func session(_ id: String) -> ManagedSession? { sessions[id] }

    func keep(_ session: ManagedSession, as id: String) {
        if sessions.updateValue(session, forKey: id) != nil { return }
        order.append(id)
        guard order.count > Self.limit else { return }
        for old in order.prefix(Self.limit / 4) { sessions[old] = nil }
        order.removeFirst(Self.limit / 4)
    }
}
