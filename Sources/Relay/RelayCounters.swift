import Synchronization
import XMPP

/// What went through a relay since it began.
public final class RelayCounters: Sendable {
    private let fromClients = Atomic<Int>(0)
    private let fromServers = Atomic<Int>(0)

    public init() {}

    func received(_ count: Int, from side: Side) {
        switch side {
        case .client: fromClients.add(count, ordering: .relaxed)
        case .server: fromServers.add(count, ordering: .relaxed)
        }
    }

    /// Bytes that one side's peers sent, decrypted.
    public func bytes(from side: Side) -> Int {
        switch side {
        case .client: fromClients.load(ordering: .relaxed)
        case .server: fromServers.load(ordering: .relaxed)
        }
    }
}
