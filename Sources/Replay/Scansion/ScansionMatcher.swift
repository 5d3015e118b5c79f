import Conversation
import XMLStream
import XMPP

/// Holds what a client received against what a script says of it.
///
/// What the script writes must be there; attributes that it does not write may be there too. Children must be as many as
/// written, in any order, unless the element says `scansion:strict="false"`.
public struct ScansionMatcher: Sendable {
    static let namespace = "https://matthewwild.co.uk/projects/scansion"
    /// Values that were captured: name → value.
    public private(set) var captured: [String: String] = [:]

    public init() {}

    /// The first difference, in words; nil if the stanza is as written. Captured values are kept only then.
    ///
    /// - Parameter expected: what a written value is in this run.
    public mutating func compare(
        _ written: Element,
        _ received: Element,
        expected: (String) -> String
    ) -> Difference? {
        var trial = self
        let difference = trial.difference(written, received, written.name, expected)
        if difference == nil { self = trial }
        return difference
    }

    private mutating func difference(
        _ written: Element,
        _ received: Element,
        _ path: String,
        _ expected: (String) -> String
    ) -> Difference? {
        guard written.name == received.name, written.namespace == received.namespace else {
            return Difference(path: path, recorded: written.summary, now: received.summary)
        }
        for attribute in written.attributes where attribute.namespace != Self.namespace {
            let value = received.attributes.first { $0.name == attribute.name && $0.namespace == attribute.namespace }?
                .value
            if !isSame(attribute.value, value, expected) {
                let place = "\(path)/@\(attribute.name)"
                return Difference(
                    path: place,
                    recorded: expected(attribute.value).quoted(limit: 80),
                    now: value?.quoted(limit: 80) ?? "nothing"
                )
            }
        }
        let (text, nowText) = (written.trimmedText, received.trimmedText)
        if !isSame(text, nowText, expected), !(text.isEmpty && isLax(written)) {
            return Difference(path: path, recorded: text.quoted(limit: 80), now: nowText.quoted(limit: 80))
        }
        return childDifference(written, received, path, expected)
    }

    private mutating func childDifference(
        _ written: Element,
        _ received: Element,
        _ path: String,
        _ expected: (String) -> String
    ) -> Difference? {
        var rest = received.children
        for child in written.children {
            var nearest: Difference?
            var found: Int?
            // The most like it first: one with fewer attributes is written for one that has no more.
            let order = rest.indices.sorted { rest[$0].attributes.count < rest[$1].attributes.count }
            for index in order where rest[index].name == child.name && found == nil {
                var trial = self
                let difference = trial.difference(child, rest[index], "\(path)/\(child.name)", expected)
                if difference == nil {
                    self = trial
                    found = index
                }
                nearest = nearest ?? difference
            }
            guard let found else {
                return nearest ?? Difference(path: path, recorded: child.summary, now: "nothing of the kind")
            }
            rest.remove(at: found)
        }
        guard let extra = rest.first, !isLax(written) else { return nil }
        return Difference(path: path, recorded: "nothing more", now: extra.summary)
    }

    private func isLax(_ element: Element) -> Bool {
        element.attributes.contains { $0.name == "strict" && $0.namespace == Self.namespace && $0.value == "false" }
    }

    private mutating func isSame(_ written: String, _ received: String?, _ expected: (String) -> String) -> Bool {
        if written == "{scansion:any}" { return received != nil }
        let capture = "{scansion:capture:"
        if written.hasPrefix(capture), written.hasSuffix("}") {
            guard let received else { return false }
            let name = String(written.dropFirst(capture.count).dropLast())
            if let known = captured[name] { return known == received }
            captured[name] = received
            return true
        }
        return received.map { $0 == written || $0 == expected(written) } ?? false
    }
}
