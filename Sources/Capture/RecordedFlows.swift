import XMPP

/// Finds the connection of ours that a segment belongs to: by its addresses, and where several live connections have the
/// same ones, by its sequence number. That happens behind the PROXY protocol, in captures of stanzatap 0.1.
struct RecordedFlows {
    private struct Key: Hashable {
        let client: Endpoint
        let server: Endpoint
    }

    fileprivate final class Flow {
        let number: Int
        /// The sequence numbers that come next from the client and from the server; nil until that side has spoken.
        var next: (client: UInt32?, server: UInt32?)
        var isEnded = false
        /// An older one with the same addresses that has not ended.
        var twin: Flow?

        init(number: Int, twin: Flow?) {
            self.number = number
            self.twin = twin
        }

        func next(_ direction: Direction) -> UInt32? { direction == .clientToServer ? next.client : next.server }

        func passed(_ segment: Segment, _ direction: Direction) {
            let after = segment.sequence &+ segment.consumedNumbers
            if direction == .clientToServer { next.client = after } else { next.server = after }
        }
    }

    private struct Found {
        let source: Endpoint
        let destination: Endpoint
        let flow: Flow
        let direction: Direction

        func isOf(_ segment: Segment) -> Bool {
            source == segment.source && destination == segment.destination
        }
    }

    private var flows: [Key: Flow] = [:]
    /// Where the last segments belonged, for most are followed by others of the same connection, in both directions.
    private var recent: (Found?, Found?)

    var isEmpty: Bool { flows.isEmpty }

    /// Connection `number` begins with this segment of its client, or what was said inside its TLS.
    mutating func begin(_ number: Int, _ segment: Segment) {
        let key = Key(client: segment.source, server: segment.destination)
        var twin = flows[key]
        while let one = twin, one.isEnded || one.number == number { twin = one.twin }
        let flow = Flow(number: number, twin: twin)
        flow.passed(segment, .clientToServer)
        flows[key] = flow
        recent = (nil, nil)
    }

    /// The addresses are used again by somebody who is not ours.
    mutating func forget(_ segment: Segment) {
        flows[Key(client: segment.source, server: segment.destination)] = nil
        recent = (nil, nil)
    }

    /// The connection that the segment belongs to, and its direction in it; nil if it is none of ours.
    mutating func find(_ segment: Segment) -> (number: Int, direction: Direction)? {
        guard let (newest, direction) = newest(of: segment) else { return nil }
        var flow = newest
        if newest.twin != nil, let fitting = newest.fitting(segment, direction) { flow = fitting }
        flow.passed(segment, direction)
        return (flow.number, direction)
    }

    /// The connection that the segment belongs to has ended: its addresses can be another one's.
    mutating func ended(_ segment: Segment, number: Int) {
        var flow = newest(of: segment)?.flow
        while let one = flow, one.number != number { flow = one.twin }
        flow?.isEnded = true
    }

    private mutating func newest(of segment: Segment) -> (flow: Flow, direction: Direction)? {
        if let found = recent.0, found.isOf(segment) { return (found.flow, found.direction) }
        if let found = recent.1, found.isOf(segment) { return (found.flow, found.direction) }
        let found: (flow: Flow, direction: Direction)? =
            if let flow = flows[Key(client: segment.source, server: segment.destination)] {
                (flow, .clientToServer)
            } else if let flow = flows[Key(client: segment.destination, server: segment.source)] {
                (flow, .serverToClient)
            } else {
                nil
            }
        guard let (flow, direction) = found else { return nil }
        recent.1 = recent.0
        recent.0 = Found(source: segment.source, destination: segment.destination, flow: flow, direction: direction)
        return found
    }
}

extension RecordedFlows.Flow {
    /// Of those with these addresses, the one that the segment goes on in.
    fileprivate func fitting(_ segment: Segment, _ direction: Direction) -> RecordedFlows.Flow? {
        var flow: RecordedFlows.Flow? = self
        while let one = flow {
            let next = one.next(direction)
            if next == segment.sequence || next == nil && segment.flags.contains(.syn) { return one }
            flow = one.twin
        }
        return nil
    }
}

extension Segment {
    /// How far it moves its direction's sequence number (RFC 9293 section 3.4).
    fileprivate var consumedNumbers: UInt32 {
        UInt32(truncatingIfNeeded: payload.count) &+ (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
    }
}
