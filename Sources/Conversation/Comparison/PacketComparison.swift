import XMLStream
import XMPP

/// Compares a packet with the recorded one by meaning: the same elements with the same types and conditions, whatever their
/// order, quotes and prefixes; what is new in every session is passed over.
public struct PacketComparison {
    private let rules: ComparisonRules
    /// What a recorded value is expected to be now.
    private let expected: (String) -> String
    private var differences: [Difference] = []
    /// Values that a server makes up, recorded and now: ids, tokens.
    private var volatile: [(recorded: String, now: String)] = []

    /// What came out.
    public struct Result: Sendable, Equatable {
        public var differences: [Difference]
        /// Values that were passed over because they are new in every session: recorded → now.
        public var learned: [String: String]
    }

    /// - Parameter expected: what a recorded value should be now, such as a JID with another resource.
    public static func compare(
        recorded: Element,
        now: Element,
        rules: ComparisonRules = ComparisonRules(),
        expected: (String) -> String = { $0 }
    ) -> Result {
        withoutActuallyEscaping(expected) { expected in
            var comparison = PacketComparison(rules: rules, expected: expected)
            comparison.compareRoots(recorded, now)
            var learned: [String: String] = [:]
            for (recorded, now) in comparison.volatile where recorded != now { learned[recorded] = now }
            return Result(differences: comparison.differences, learned: learned)
        }
    }

    private init(rules: ComparisonRules, expected: @escaping (String) -> String) {
        self.rules = rules
        self.expected = expected
    }

    private mutating func compareRoots(_ recorded: Element, _ now: Element) {
        var (one, other): (Element?, Element?) = (recorded, now)
        for path in rules.ignored {
            one = one.flatMap(path.removingMatches)
            other = other.flatMap(path.removingMatches)
        }
        guard let one, let other else { return }
        guard one.name == other.name, one.namespace == other.namespace else {
            return add("", one.summary, other.summary)
        }
        // The server's own address stands on answers or not, as it likes; which one is for the stream to say.
        compareAttributes(one, other, one.name, ignoring: ["from"])
        if let from = one["from"], let nowFrom = other["from"], JID(from).local != nil || JID(nowFrom).local != nil {
            compareValue("\(one.name)/@from", from, nowFrom)
        }
        compareContents(one, other, one.name)
    }

    private mutating func add(_ path: String, _ recorded: String, _ now: String) {
        differences.append(Difference(path: path, recorded: recorded, now: now))
    }

    // MARK: Attributes and texts

    private mutating func compareAttributes(
        _ recorded: Element,
        _ now: Element,
        _ path: String,
        ignoring ignored: Set<String> = []
    ) {
        for attribute in recorded.attributes where !ignored.contains(attribute.name) {
            let value = now.attributes.first { $0.name == attribute.name && $0.namespace == attribute.namespace }?.value
            if rules.volatile.isMadeUp(attribute: attribute.name, of: recorded) {
                if let value { volatile.append((attribute.value, value)) }
            } else if let value {
                compareValue("\(path)/@\(attribute.name)", attribute.value, value)
            } else if !isImplied(attribute, path) {
                add("\(path)/@\(attribute.name)", attribute.value.quoted(limit: 80), "nothing")
            }
        }
        for attribute in now.attributes
        where !ignored.contains(attribute.name) && !rules.volatile.isMadeUp(attribute: attribute.name, of: now)
            && !recorded.attributes.contains(where: { $0.name == attribute.name && $0.namespace == attribute.namespace }
            )
            && !isImplied(attribute, path)
        {
            add("\(path)/@\(attribute.name)", "nothing", attribute.value.quoted(limit: 80))
        }
    }

    /// A stanza to the session itself may bear its address or none (RFC 6120 section 8.1.1), and what is normal need not
    /// be said (RFC 6121 section 5.2.2).
    private func isImplied(_ attribute: Attribute, _ path: String) -> Bool {
        let isRoot = !path.contains("/")
        return isRoot && (attribute.name == "to" || (attribute.name == "type" && attribute.value == "normal"))
    }

    private mutating func compareValue(_ path: String, _ recorded: String, _ now: String) {
        if recorded == now || expected(recorded) == now { return }
        if ComparisonRules.areTokens(recorded, now) || ComparisonRules.areTimes(recorded, now) {
            volatile.append((recorded, now))
            return
        }
        add(path, expected(recorded).quoted(limit: 80), now.quoted(limit: 80))
    }

    private mutating func compareTexts(_ recorded: Element, _ now: Element, _ path: String) {
        let (one, other) = (recorded.trimmedText, now.trimmedText)
        if one == other { return }
        if rules.passesOverTexts, one.isEmpty == other.isEmpty {
            volatile.append((one, other))
        } else if rules.volatile.isMadeUp(textOf: recorded) {
            volatile.append((one, other))
        } else if one.isEmpty != other.isEmpty {
            add(
                path,
                one.isEmpty ? "empty" : expected(one).quoted(limit: 80),
                other.isEmpty ? "empty" : other.quoted(limit: 80)
            )
        } else if !rules.volatile.isProse(textOf: recorded) {
            compareValue(path, one, other)
        }
    }

    // MARK: Children

    private mutating func compareContents(_ recorded: Element, _ now: Element, _ path: String) {
        compareTexts(recorded, now, path)
        var rest = now.children.filter { !$0.isBoundMechanism }
        var missing: [Element] = []
        for child in recorded.children where !child.isBoundMechanism {
            guard let index = counterpart(of: child, in: rest) else {
                missing.append(child)
                continue
            }
            let other = rest.remove(at: index)
            compareAttributes(child, other, "\(path)/\(child.name)")
            compareContents(child, other, "\(path)/\(child.name)")
        }
        // One that is missing and one too many are most likely meant to be the same.
        while missing.count == 1, rest.count == 1 {
            add("\(path)/", missing.removeFirst().summary, rest.removeFirst().summary)
        }
        for child in missing { add("\(path)/", child.summary, "nothing") }
        for child in rest { add("\(path)/", "nothing", child.summary) }
    }

    /// The child that stands for the recorded one: the same name and identity, and of several the one that is most alike.
    private func counterpart(of recorded: Element, in children: [Element]) -> Int? {
        let alike = children.indices.filter {
            children[$0].name == recorded.name && children[$0].namespace == recorded.namespace
                && isSame(children[$0].identity, recorded.identity)
        }
        guard alike.count > 1 else { return alike.first }
        return alike.first { isSame(children[$0].trimmedText, recorded.trimmedText) && isAlike(children[$0], recorded) }
            ?? alike.first { isSame(children[$0].trimmedText, recorded.trimmedText) } ?? alike.first
    }

    private func isAlike(_ one: Element, _ other: Element) -> Bool {
        one.children.map(\.name) == other.children.map(\.name)
    }

    private func isSame(_ now: String?, _ recorded: String?) -> Bool {
        now == recorded || recorded.map(expected) == now
    }
}

extension Element {
    /// A mechanism with channel binding, which is offered or not as TLS between the two has it.
    fileprivate var isBoundMechanism: Bool { name == "mechanism" && trimmedText.hasSuffix("-PLUS") }

    /// What tells an element from its brothers of the same name.
    var identity: String? {
        if name == "mechanism" || name == "method" || name == "binding" { return trimmedText }
        for attribute in ["var", "node", "jid", "category", "type", "name", "mechanism"] {
            if let value = self[attribute] { return value }
        }
        return nil
    }
}
