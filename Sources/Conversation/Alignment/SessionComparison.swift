import SASL
import XMLStream
import XMPP

/// Two sessions side by side.
public struct SessionComparison: Sendable {
    public let one: ComparedSession
    public let two: ComparedSession
    public private(set) var rows: [ComparisonRow] = []
    /// What is different beside the packets: how the connections ended, what of TLS.
    public private(set) var events: [ComparedDifference] = []
    /// How many names and addresses are others, one to one.
    public private(set) var mappedNames = 0

    public init(_ one: ComparedSession, _ two: ComparedSession, rules: ComparisonRules = ComparisonRules()) {
        self.one = one
        self.two = two
        let (pairs, moved) = SessionAlignment.align(one, two)
        let own = [one, two].flatMap { [$0.account, $0.domain] }.compactMap(\.self)
        let comparison = MeaningComparison(rules: rules, ownAddresses: Set(own))
        var values = ValuePairs()
        for (index, other) in pairs.sorted(by: { $0.key < $1.key }) {
            comparison.learn(one.packets[index], two.packets[other], &values)
        }
        values.settle(haveSameAccount: one.account != nil && one.account == two.account)
        mappedNames = values.changedCount
        rows = Self.ordered(one, two, pairs) { index, other in
            var row = ComparisonRow(inA: one.packets[index], inB: two.packets[other])
            row.differences = comparison.differences(one.packets[index], two.packets[other], values)
            if moved.contains(index) {
                row.isMoved = true
                row.placeWeight = Self.weightOfMove(one.packets[index])
            }
            return row
        }
        .filter { row in
            ![row.inA, row.inB].contains { packet in
                packet.flatMap { packet in packet.element.map { rules.ignores($0, packet.direction) } } ?? false
            }
        }
        for index in rows.indices where isLateEnd(rows[index]) { rows[index].placeWeight = .minor }
        events = Self.events(one, two)
    }

    /// True for the end of a stream that only one of them has, where the other side of the other one has ended its own: who
    /// closes first is a matter of chance then.
    private func isLateEnd(_ row: ComparisonRow) -> Bool {
        guard let packet = row.kind == .onlyA ? row.inA : row.kind == .onlyB ? row.inB : nil, packet.kind == .end else {
            return false
        }
        let other = row.kind == .onlyA ? two : one
        return other.packets.contains { $0.kind == .end && $0.direction == packet.direction.opposite }
    }

    /// The rows in the order of A; what only B has stands behind what comes before it in B.
    private static func ordered(
        _ one: ComparedSession,
        _ two: ComparedSession,
        _ pairs: [Int: Int],
        _ paired: (Int, Int) -> ComparisonRow
    ) -> [ComparisonRow] {
        let back = Dictionary(pairs.map { ($0.value, $0.key) }) { first, _ in first }
        var behind: [Int: [Int]] = [:]
        var last = -1
        for other in two.packets.indices {
            if let index = back[other] { last = max(last, index) } else { behind[last, default: []].append(other) }
        }
        var rows: [ComparisonRow] = []
        var waiting = behind[-1] ?? []
        func addWaiting() {
            rows += waiting.map { alone(ComparisonRow(inA: nil, inB: two.packets[$0])) }
            waiting = []
        }
        for index in one.packets.indices {
            if let other = pairs[index] {
                addWaiting()
                rows.append(paired(index, other))
            } else {
                rows.append(alone(ComparisonRow(inA: one.packets[index], inB: nil)))
            }
            waiting += behind[index] ?? []
        }
        addWaiting()
        return rows
    }

    private static func alone(_ row: ComparisonRow) -> ComparisonRow {
        var row = row
        row.placeWeight = (row.inA ?? row.inB)?.isAcknowledgement == true ? .minor : .major
        return row
    }

    /// Presence of several contacts comes in any order.
    private static func weightOfMove(_ packet: ComparedPacket) -> ComparedDifference.Weight {
        packet.direction == .serverToClient && packet.element?.name == "presence" ? .minor : .major
    }

    private static func events(_ one: ComparedSession, _ two: ComparedSession) -> [ComparedDifference] {
        var differences: [ComparedDifference] = []
        let weight: ComparedDifference.Weight = one.isWholeStream && two.isWholeStream ? .minor : .major
        if one.isDirectTLS != two.isDirectTLS {
            let (inA, inB) = (one.isDirectTLS, two.isDirectTLS)
            func told(_ isDirect: Bool) -> String { isDirect ? "encrypted from the first byte" : "not so" }
            differences.append(ComparedDifference(path: "TLS", inA: told(inA), inB: told(inB), weight: .major))
        }
        let (only, otherOnly) = (one.events.without(two.events), two.events.without(one.events))
        for index in 0..<max(only.count, otherOnly.count) {
            let inA = only.indices.contains(index) ? only[index] : nil
            let inB = otherOnly.indices.contains(index) ? otherOnly[index] : nil
            let isEnd = [inA, inB].allSatisfy { $0?.hasSuffix("connection") != false }
            differences.append(ComparedDifference(path: "end", inA: inA, inB: inB, weight: isEnd ? weight : .major))
        }
        return differences
    }

    /// How many rows are of that kind.
    public func count(_ kind: ComparisonRow.Kind) -> Int { rows.count { $0.kind == kind } }

    /// The weightiest of what is different; nil if nothing is.
    public var weight: ComparedDifference.Weight? { (rows.compactMap(\.weight) + events.map(\.weight)).max() }
}

extension [String] {
    fileprivate func without(_ others: [String]) -> [String] {
        var others = others
        return filter { element in
            guard let index = others.firstIndex(of: element) else { return true }
            others.remove(at: index)
            return false
        }
    }
}

extension ComparedPacket {
    /// Stream management that only counts: when it comes is up to either side (XEP-0198 section 4).
    var isAcknowledgement: Bool {
        guard let element, element.namespace.hasPrefix("urn:xmpp:sm:") else { return false }
        return element.name == "a" || element.name == "r"
    }
}

extension ComparedSession {
    /// Whose session it is, by what it binds, logs in with or registers; nil if it does not tell.
    var account: String? {
        var user: String?
        for packet in packets {
            guard let element = packet.element else { continue }
            if let jid = element.child("bind", NS.bind)?.child("jid")?.trimmedText, !jid.isEmpty {
                return JID(jid).bare
            }
            if packet.direction == .clientToServer { user = Self.user(in: element) ?? user }
        }
        return user.map { "\($0)@\(domain)" }
    }

    /// The domain that the client asks for.
    var domain: String {
        packets.lazy.compactMap { packet in
            if case .header(let header) = packet.kind, packet.direction == .clientToServer { header["to"] } else { nil }
        }.first ?? ""
    }

    /// Who logs in or is registered by an element of the client's.
    private static func user(in element: Element) -> String? {
        if let name = element.child("query")?.child("username")?.trimmedText, !name.isEmpty { return name }
        let data =
            element.is("auth", NS.sasl)
            ? element.text : element.is("authenticate", NS.sasl2) ? element.child("initial-response")?.text : nil
        guard let mechanism = element["mechanism"], let bytes = SASLData(data, .lenient).bytes else { return nil }
        return SASLIdentity(mechanism: mechanism, message: bytes)?.user
    }
}
