import Synchronization

/// The leaves of an authority that were asked for last.
public final class LeafCache: Sendable {
    private struct Entry {
        let pair: KeyPair
        var lastUse: UInt64
    }

    private struct State {
        var entries: [[String]: Entry] = [:]
        var clock: UInt64 = 0
    }

    private let authority: CertificateAuthority
    private let limit: Int
    private let state = Mutex(State())

    /// Keeps at most `limit` leaves, for a client may ask for any number of names.
    public init(authority: CertificateAuthority, limit: Int = 256) {
        self.authority = authority
        self.limit = max(1, limit)
    }

    /// A certificate for `domain` and the names in `also`; the same one as long as it is remembered.
    public func leaf(for domain: String, also: [String]) throws(CertificateProblem) -> KeyPair {
        let names = [domain] + also
        return try state.withLock { (state) throws(CertificateProblem) in
            state.clock += 1
            if let known = state.entries[names] {
                state.entries[names]?.lastUse = state.clock
                return known.pair
            }
            // Made under the lock: it takes less than a millisecond, and two callers get the same one.
            let pair = try authority.leaf(for: names)
            if state.entries.count >= limit, let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.entries[oldest.key] = nil
            }
            state.entries[names] = Entry(pair: pair, lastUse: state.clock)
            return pair
        }
    }
}
