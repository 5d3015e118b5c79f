import XMPP

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

    /// The nonces of logins by SCRAM, and the login in which each came.
    private var nonces: [[UInt8]: Login] = [:]
    /// Logins that are over. On its way through a proxy, one login may be recorded on two connections at once.
    private var ended: Set<Login> = []

    private struct Login: Hashable {
        let connection: Int
        let packet: Int
    }

    func endLogin(connection: Int, _ packet: Int) {
        if ended.count < Self.limit { ended.insert(Login(connection: connection, packet: packet)) }
    }

    /// Notes a nonce, and finds the login that had it before.
    func repeatedNonce(_ nonce: [UInt8]?, connection: Int, _ login: Int) -> [Finding] {
        // Short ones are told of as such, and may come again by chance.
        guard let nonce, (8...512).contains(nonce.count) else { return [] }
        guard let before = nonces[nonce] else {
            if nonces.count < Self.limit { nonces[nonce] = Login(connection: connection, packet: login) }
            return []
        }
        if before == Login(connection: connection, packet: login) { return [] }
        if before.connection != connection, !ended.contains(before) { return [] }
        let place = before.connection == connection ? "" : " of connection \(before.connection)"
        return [
            Finding(
                .nonceRepeated,
                "the same nonce was used in the login of \(padded(before.packet))\(place); it must be new each time (RFC 5802 section 5.1)."
            )
        ]
    }

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
