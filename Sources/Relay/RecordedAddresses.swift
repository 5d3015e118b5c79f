import Capture

/// Under which addresses connections are recorded, so that no two live ones have the same.
///
/// The kernel sees to that for those of sockets; behind the PROXY protocol or NAT two clients can come from one address and
/// port. The one that comes later is then recorded under another port of the same address, which is free.
struct RecordedAddresses {
    private struct Pair: Hashable {
        let client: Endpoint
        let listener: Endpoint
    }

    private var taken: Set<Pair> = []
    private var pairs: [Int: Pair] = [:]

    /// The address under which the client of connection `number` is recorded.
    mutating func claim(_ client: Endpoint, _ listener: Endpoint, for number: Int) -> Endpoint {
        var pair = Pair(client: client, listener: listener)
        var offset: UInt16 = 0
        // One of so many ports is free, for there are fewer connections at a time; else the last one does.
        while taken.contains(pair), offset < .max {
            offset += 1
            let port = client.port &+ offset
            // Nobody has port 0.
            if port > 0 { pair = Pair(client: client.with(port: port), listener: listener) }
        }
        if taken.insert(pair).inserted { pairs[number] = pair }
        return pair.client
    }

    mutating func release(_ number: Int) {
        if let pair = pairs.removeValue(forKey: number) { taken.remove(pair) }
    }
}
