import XMLStream
import XMPP

/// Finds which packets of two sessions stand for each other: each side's own packets in their order, and answers with
/// their requests. The order between the two sides says nothing.
struct SessionAlignment {
    private let one: ComparedSession
    private let two: ComparedSession
    private var pairs: [Int: Int] = [:]
    private var taken: Set<Int> = []
    private var moved: Set<Int> = []

    /// Two packets at other places are taken for the same only if they are as good as equal.
    private static let leastLikenessOfMoved = 200

    /// A packet that was said at another place is looked for so many packets away, that long recordings take no longer.
    private static let moveReach = 1000

    /// So many changed packets further another one is looked for that changed places with it.
    private static let exchangeReach = 20

    /// - Returns: who stands for whom, and which of them comes at another place.
    static func align(_ one: ComparedSession, _ two: ComparedSession) -> (pairs: [Int: Int], moved: Set<Int>) {
        var alignment = SessionAlignment(one: one, two: two)
        for direction in Direction.allCases { alignment.alignLane(direction) }
        alignment.exchange()
        alignment.pairAnswers()
        for direction in Direction.allCases { alignment.pairMoved(direction) }
        alignment.pairAnswers()
        return (alignment.pairs, alignment.moved)
    }

    private init(one: ComparedSession, two: ComparedSession) {
        self.one = one
        self.two = two
    }

    private mutating func alignLane(_ direction: Direction) {
        let (first, second) = (lane(one, direction), lane(two, direction))
        let found = SequenceAlignment.pairs(first.count, second.count) {
            one.packets[first[$0]].shape.likeness(to: two.packets[second[$1]].shape)
        }
        for (index, other) in found { pair(first[index], second[other]) }
    }

    private func lane(_ session: ComparedSession, _ direction: Direction) -> [Int] {
        session.packets.indices.filter {
            session.packets[$0].direction == direction && session.packets[$0].answers == nil
        }
    }

    private mutating func pair(_ index: Int, _ other: Int) {
        pairs[index] = other
        taken.insert(other)
    }

    /// Two packets in the other order look like two that were changed: as good as equal crosswise, they changed places.
    private mutating func exchange() {
        let changed = pairs.keys.sorted().filter { likeness($0, pairs[$0]) < PacketShape.likenessOfEquals }
        for (offset, index) in changed.enumerated() {
            for rival in changed[(offset + 1)...].prefix(Self.exchangeReach) {
                guard let (one, two) = Optional.both(pairs[index], pairs[rival]),
                    likeness(index, two) >= PacketShape.likenessOfEquals,
                    likeness(rival, one) >= PacketShape.likenessOfEquals
                else { continue }
                (pairs[index], pairs[rival]) = (two, one)
                moved.insert(index)
                break
            }
        }
    }

    private func likeness(_ index: Int, _ other: Int?) -> Int {
        other.map { one.packets[index].shape.likeness(to: two.packets[$0].shape) } ?? 0
    }

    private mutating func pairAnswers() {
        var answers: [Int: Int] = [:]
        for (index, packet) in two.packets.enumerated() {
            if let request = packet.answers { answers[request] = index }
        }
        for (index, packet) in one.packets.enumerated() where pairs[index] == nil {
            guard let request = packet.answers, let other = pairs[request], let answer = answers[other],
                !taken.contains(answer)
            else { continue }
            pair(index, answer)
        }
    }

    /// What is left on both sides and as good as equal was said at another place. An answer that belongs to nothing stands
    /// for one whose request has none.
    private mutating func pairMoved(_ direction: Direction) {
        let free = two.packets.indices.filter { two.packets[$0].direction == direction && !taken.contains($0) }
        for (index, packet) in one.packets.enumerated() where packet.direction == direction && pairs[index] == nil {
            var best: (index: Int, likeness: Int)?
            for other in free where !taken.contains(other) && abs(other - index) <= Self.moveReach {
                let counterpart = two.packets[other]
                let isStray = (packet.answers == nil) != (counterpart.answers == nil)
                let likeness = packet.shape.likeness(to: counterpart.shape)
                let least = isStray ? 1 : Self.leastLikenessOfMoved
                if packet.answers != nil, counterpart.answers != nil { continue }
                if likeness >= least, likeness > best?.likeness ?? 0 { best = (other, likeness) }
            }
            guard let best else { continue }
            pair(index, best.index)
            let isOfOrder = packet.answers == nil && two.packets[best.index].answers == nil
            if isOfOrder, !packet.isAcknowledgement { moved.insert(index) }
        }
    }
}

extension Optional {
    /// Both values; nil if one is missing.
    fileprivate static func both(_ one: Wrapped?, _ other: Wrapped?) -> (Wrapped, Wrapped)? {
        guard let one, let other else { return nil }
        return (one, other)
    }
}
