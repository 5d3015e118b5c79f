import Conversation
import XMLStream
import XMPP

/// Holds what a client received against what a script says of it, by scansion's rules.
///
/// Every element that is written, with its attributes and its text, must be there. What is not written may be there too in
/// the stanza itself and in what is in the stanza's own namespace (`<error/>`, `<body/>`), but not in a payload, which has a
/// namespace of its own: its attributes and children are all written, in their order. `scansion:strict` says it otherwise for
/// one element.
/// `{scansion:any}` is any value, and so is `{scansion:capture:NAME}`, each time that it stands somewhere.
struct ScansionMatcher {
    static let namespace = "https://matthewwild.co.uk/projects/scansion"
    /// What a written value is in this run.
    private let expected: (String) -> String

    /// True if the stanza is as written.
    ///
    /// - Parameter expected: what a written value is in this run.
    static func fits(_ written: Element, _ received: Element, expected: (String) -> String) -> Bool {
        withoutActuallyEscaping(expected) { expected in
            let matcher = ScansionMatcher(expected: expected)
            // Most stanzas are others, which their attributes tell without a look inside.
            return written.name == received.name
                && matcher.attributeDifferences(written, received, isStrict: false).isEmpty
                && matcher.differences(written, received, isInPayload: false).isEmpty
        }
    }

    /// Where the stanza is not as written; nowhere if it is.
    static func differences(
        _ written: Element,
        _ received: Element,
        expected: (String) -> String
    ) -> [Difference] {
        withoutActuallyEscaping(expected) { expected in
            ScansionMatcher(expected: expected).differences(written, received, isInPayload: false).map {
                $0.inside(written.name)
            }
        }
    }

    /// Paths begin below the element.
    private func differences(_ written: Element, _ received: Element, isInPayload: Bool) -> [Difference] {
        guard written.name == received.name, written.namespace == received.namespace else {
            return [Difference(recorded: written.summary, now: received.summary)]
        }
        let isPayload = isInPayload || written.namespace != NS.client
        let strictness = strictness(of: written)
        let isStrict = strictness ?? isPayload
        var found = attributeDifferences(written, received, isStrict: isStrict)
        let (text, nowText) = (written.trimmedText, received.trimmedText)
        if !isSame(text, nowText), !(text.isEmpty && strictness == false) {
            found.append(Difference(recorded: told(text), now: told(nowText)))
        }
        return found + childDifferences(written, received, isInPayload: isPayload, isStrict: isStrict)
    }

    /// What `scansion:strict` says; nil where it says nothing.
    private func strictness(of element: Element) -> Bool? {
        let value = element.attributes.first { $0.name == "strict" && $0.namespace == Self.namespace }?.value
        return value.map { !["false", "no", "0"].contains($0) }
    }

    private func told(_ text: String) -> String { text.isEmpty ? "empty" : text.quoted(limit: 80) }

    // MARK: Attributes

    private func attributeDifferences(_ written: Element, _ received: Element, isStrict: Bool) -> [Difference] {
        var rest = received.attributes
        var found: [Difference] = []
        for attribute in written.attributes where attribute.namespace != Self.namespace {
            let index = rest.firstIndex { $0.name == attribute.name && $0.namespace == attribute.namespace }
            let value = index.map { rest.remove(at: $0).value }
            if let value, isSame(attribute.value, value) { continue }
            found.append(
                Difference(
                    path: "@\(attribute.name)",
                    recorded: expected(attribute.value).quoted(limit: 80),
                    now: value?.quoted(limit: 80) ?? "nothing"
                )
            )
        }
        guard isStrict else { return found }
        return found
            + rest.map { Difference(path: "@\($0.name)", recorded: "nothing", now: $0.value.quoted(limit: 80)) }
    }

    private func isSame(_ written: String, _ received: String) -> Bool {
        Self.isAny(written) || received == written || received == expected(written)
    }

    private static func isAny(_ written: String) -> Bool {
        written == "{scansion:any}" || written.hasPrefix("{scansion:capture:") && written.hasSuffix("}")
    }

    // MARK: Children

    /// The children that are written and those that came. Each pair is compared at most once, so that the time is that of the
    /// product of both, however deep they are.
    private struct Pairs {
        let written: [Element]
        let received: [Element]
        let isInPayload: Bool
        private var known: [[Int: [Difference]]]

        init(_ written: Element, _ received: Element, isInPayload: Bool) {
            self.written = written.children
            self.received = received.children
            self.isInPayload = isInPayload
            known = Array(repeating: [:], count: self.written.count)
        }

        /// Nil for two of different names.
        mutating func differences(_ one: Int, _ other: Int, by matcher: ScansionMatcher) -> [Difference]? {
            guard written[one].name == received[other].name, written[one].namespace == received[other].namespace
            else { return nil }
            if let found = known[one][other] { return found }
            let found = matcher.differences(written[one], received[other], isInPayload: isInPayload)
            known[one][other] = found
            return found
        }
    }

    private func childDifferences(
        _ written: Element,
        _ received: Element,
        isInPayload: Bool,
        isStrict: Bool
    ) -> [Difference] {
        var pairs = Pairs(written, received, isInPayload: isInPayload)
        let places = 0..<min(pairs.written.count, pairs.received.count)
        let misplaced = isStrict ? places.first { pairs.differences($0, $0, by: self)?.isEmpty != true } : nil
        if isStrict, misplaced == nil, pairs.written.count == pairs.received.count { return [] }
        // The most like it first: one with fewer attributes is written for one that has no more.
        var rest = pairs.received.indices.sorted {
            (pairs.received[$0].attributes.count, $0) < (pairs.received[$1].attributes.count, $1)
        }
        let missing = pairs.written.indices.filter { one in
            let place = rest.firstIndex { pairs.differences(one, $0, by: self)?.isEmpty == true }
            if let place { rest.remove(at: place) }
            return place == nil
        }
        var found = missing.flatMap { one -> [Difference] in
            guard let other = nearest(to: one, &pairs, rest, isAlone: missing.count == 1) else {
                return [Difference(recorded: pairs.written[one].summary, now: "nothing of the kind")]
            }
            rest.removeAll { $0 == other }
            let step = step(to: pairs.written[one], in: written)
            return (pairs.differences(one, other, by: self) ?? []).map { $0.inside(step) }
        }
        guard isStrict else { return found }
        found += rest.sorted().map { Difference(recorded: "nothing more", now: pairs.received[$0].summary) }
        if found.isEmpty, let misplaced {
            let place = "\(pairs.written[misplaced].summary) at place \(misplaced + 1)"
            let now = "\(pairs.received[misplaced].summary) there, for the order is another"
            found.append(Difference(recorded: place, now: now))
        }
        return found
    }

    /// The child that a written one is most likely meant to be: of the same name and identity, with the fewest differences.
    ///
    /// - Parameter isAlone: no other one is missing, so the only one left of that name is meant whatever its identity.
    private func nearest(to one: Int, _ pairs: inout Pairs, _ rest: [Int], isAlone: Bool) -> Int? {
        let identity = identity(of: pairs.written[one])
        var named: [Int] = []
        var best: (index: Int, count: Int)?
        for index in rest {
            guard let count = pairs.differences(one, index, by: self)?.count else { continue }
            named.append(index)
            let isAlike = identity.map { identity in
                pairs.received[index][identity.name].map { isSame(identity.value, $0) } == true
            }
            if isAlike ?? true, best.map({ count < $0.count }) ?? true { best = (index, count) }
        }
        return best?.index ?? (isAlone && named.count == 1 ? named[0] : nil)
    }

    /// The attribute that tells an element from its brothers of the same name.
    private func identity(of element: Element) -> (name: String, value: String)? {
        for name in ["var", "jid", "name", "node", "code", "category", "id"] {
            if let value = element[name], !Self.isAny(value) { return (name, value) }
        }
        return nil
    }

    /// The name of a child in a path; which one of several of the name it is, is told as in XPath.
    private func step(to child: Element, in parent: Element) -> String {
        guard let identity = identity(of: child), parent.children.count(where: { $0.name == child.name }) > 1 else {
            return child.name
        }
        return "\(child.name)[@\(identity.name)=\(expected(identity.value).quoted(limit: 60))]"
    }
}

extension Difference {
    /// The same place, seen from the parent of the element.
    fileprivate func inside(_ step: String) -> Difference {
        Difference(path: path.isEmpty ? step : "\(step)/\(path)", recorded: recorded, now: now)
    }
}
