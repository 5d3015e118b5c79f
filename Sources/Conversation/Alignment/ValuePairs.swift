import XMPP

/// Which value of one session stands for which one of the other: learned of all packets that belong together, one to one.
struct ValuePairs {
    /// Parts of addresses and ids are apart from each other.
    enum Space: Hashable { case domain, user, resource, id }

    private struct Value: Hashable {
        let space: Space
        let text: String
    }

    private var votes: [Value: [String: Int]] = [:]
    private var mapped: [Value: String] = [:]
    private var reverse: [Value: String] = [:]
    /// True if the accounts are the same in both: then others are expected to be the same too.
    private(set) var haveSameAccount = false

    mutating func vote(_ one: String, _ other: String, _ space: Space) {
        votes[Value(space: space, text: one), default: [:]][other, default: 0] += 1
    }

    /// Settles what stands for what, by the number of places; of as many, the value itself.
    mutating func settle(haveSameAccount: Bool) {
        self.haveSameAccount = haveSameAccount
        var all: [(value: Value, other: String, count: Int)] = []
        for (value, others) in votes { for (other, count) in others { all.append((value, other, count)) } }
        all.sort {
            if $0.count != $1.count { return $0.count > $1.count }
            let (one, two) = ($0.value.text == $0.other, $1.value.text == $1.other)
            if one != two { return one }
            return ($0.value.text, $0.other) < ($1.value.text, $1.other)
        }
        for (value, other, _) in all {
            let back = Value(space: value.space, text: other)
            guard mapped[value] == nil, reverse[back] == nil else { continue }
            (mapped[value], reverse[back]) = (other, value.text)
        }
        votes = [:]
    }

    /// True if that value stands for the other in all places.
    func agree(_ one: String, _ other: String, _ space: Space) -> Bool {
        if one == other, mapped[Value(space: space, text: one)] == nil { return true }
        guard mapped[Value(space: space, text: one)] == other else { return false }
        return one == other || !haveSameAccount || space == .resource || space == .id
    }

    /// What stands in the other session for that value.
    func counterpart(of one: String, _ space: Space) -> String { mapped[Value(space: space, text: one)] ?? one }

    /// How many values are others, one to one.
    var changedCount: Int { mapped.count { $0.key.text != $0.value && $0.key.space != .id } }

    // MARK: Addresses

    mutating func vote(_ one: JID, _ other: JID) {
        vote(one.domain, other.domain, .domain)
        if let local = one.local, let otherLocal = other.local { vote(local, otherLocal, .user) }
        if let resource = one.resource, let otherResource = other.resource { vote(resource, otherResource, .resource) }
    }

    func agree(_ one: JID, _ other: JID) -> Bool {
        agree(one.domain, other.domain, .domain) && agree(one.local, other.local, .user)
            && agree(one.resource, other.resource, .resource)
    }

    private func agree(_ one: String?, _ other: String?, _ space: Space) -> Bool {
        guard let one, let other else { return one == other }
        return agree(one, other, space)
    }
}
