import XMLStream
import XMPP

/// Goes through two packets that belong together, and tells of each value that stands in the same place of both, and of
/// what only one has.
struct MeaningWalk {
    /// What is found on the way.
    enum Found {
        case values(String, ValueMeaning, String, ValueMeaning, String)
        /// What only one of them has there.
        case missing(path: String, inA: String?, inB: String?, ValueMeaning)
    }

    let pairs: ValuePairs
    let report: (Found) -> Void

    func walk(_ one: Element, _ other: Element) {
        guard one.name == other.name, one.namespace == other.namespace else {
            return report(.missing(path: "", inA: one.summary, inB: other.summary, .exact))
        }
        walk(one, other, Self.named(one.name), field: nil)
    }

    private func walk(_ one: Element, _ other: Element, _ path: String, field: String?) {
        walkAttributes(one, other, path)
        walkTexts(one, other, path, field)
        walkChildren(one, other, path)
    }

    private func walkAttributes(_ one: Element, _ other: Element, _ path: String) {
        for attribute in one.attributes {
            let counterpart = other.attributes.first {
                $0.name == attribute.name && $0.namespace == attribute.namespace
            }
            let place = "\(path)/@\(Self.named(attribute.name))"
            let meaning = ValueMeaning.of(attribute, in: one)
            if let counterpart {
                report(
                    .values(place, meaning, attribute.value, ValueMeaning.of(counterpart, in: other), counterpart.value)
                )
            } else if !Self.isImplied(attribute, path) {
                report(.missing(path: place, inA: attribute.value.quoted(limit: 80), inB: nil, meaning))
            }
        }
        for attribute in other.attributes
        where !Self.isImplied(attribute, path)
            && !one.attributes.contains(where: { $0.name == attribute.name && $0.namespace == attribute.namespace })
        {
            let meaning = ValueMeaning.of(attribute, in: other)
            let place = "\(path)/@\(Self.named(attribute.name))"
            report(.missing(path: place, inA: nil, inB: attribute.value.quoted(limit: 80), meaning))
        }
    }

    /// What is normal need not be said (RFC 6121 section 5.2.2).
    private static func isImplied(_ attribute: Attribute, _ path: String) -> Bool {
        path == "message" && attribute.name == "type" && attribute.value == "normal"
    }

    private func walkTexts(_ one: Element, _ other: Element, _ path: String, _ field: String?) {
        let (text, otherText) = (one.trimmedText, other.trimmedText)
        if text.isEmpty, otherText.isEmpty { return }
        let meaning = Self.meaning(of: one, field)
        if text.isEmpty || otherText.isEmpty {
            let (inA, inB) = (text.isEmpty ? nil : text, otherText.isEmpty ? nil : otherText)
            let place = "\(path)/text()"
            return report(
                .missing(path: place, inA: inA?.quoted(limit: 80), inB: inB?.quoted(limit: 80), meaning)
            )
        }
        report(.values(path, meaning, text, Self.meaning(of: other, field), otherText))
    }

    private static func meaning(of element: Element, _ field: String?) -> ValueMeaning {
        guard element.name == "value", let field else { return ValueMeaning.of(textOf: element) }
        return switch field {
        case "username": .user
        case "password": .madeUp
        case "FORM_TYPE": .exact
        default: ValueMeaning.of(textOf: element)
        }
    }

    // MARK: Children

    /// The order of children says nothing.
    private func walkChildren(_ one: Element, _ other: Element, _ path: String) {
        let (children, others) = (one.children, other.children)
        var free = Set(others.indices)
        var unmatched: [Int] = []
        var matched: [(Int, Int)] = []
        for index in children.indices {
            if let found = counterpart(of: children[index], in: others, free) {
                free.remove(found)
                matched.append((index, found))
            } else {
                unmatched.append(index)
            }
        }
        // Of one name and not known by more, they are meant to be the same.
        let all = unmatched
        unmatched.removeAll { index in
            let alike = free.filter { others[$0].is(children[index].name, children[index].namespace) }
            let rivals = all.filter { children[$0].is(children[index].name, children[index].namespace) }
            guard let found = alike.min(), rivals.count == 1 && alike.count == 1 || !Self.isKnownByWord(children[index])
            else { return false }
            free.remove(found)
            matched.append((index, found))
            return true
        }
        let field = one["var"]
        for (index, found) in matched.sorted(by: { $0.0 < $1.0 }) {
            walk(children[index], others[found], "\(path)/\(Self.named(children[index].name))", field: field)
        }
        for index in unmatched { missing(children[index], path, isInA: true) }
        for index in free.sorted() { missing(others[index], path, isInA: false) }
    }

    private func missing(_ child: Element, _ path: String, isInA: Bool) {
        let meaning: ValueMeaning = ValueMeaning.of(textOf: child) == .remark ? .remark : .exact
        let place = "\(path)/\(Self.named(child.name))"
        report(.missing(path: place, inA: isInA ? child.summary : nil, inB: isInA ? nil : child.summary, meaning))
    }

    /// What the child is known by is a word of a specification, not an address or an id of a session.
    private static func isKnownByWord(_ child: Element) -> Bool {
        child.identity != nil && child["jid"] == nil
    }

    private func counterpart(of child: Element, in others: [Element], _ free: Set<Int>) -> Int? {
        let identity = child.identity
        let alike = others.indices.filter {
            free.contains($0) && others[$0].is(child.name, child.namespace) && isSame(identity, others[$0].identity)
        }
        guard alike.count > 1 else { return alike.first }
        let shape = PacketShape(.element(child))
        var best: (index: Int, likeness: Int)?
        for index in alike {
            let likeness = shape.likeness(to: PacketShape(.element(others[index])))
            if likeness > best?.likeness ?? -1 { best = (index, likeness) }
        }
        return best?.index
    }

    private func isSame(_ one: String?, _ other: String?) -> Bool {
        guard let one, let other, one != other else { return one == other }
        return one.contains("@") && pairs.agree(JID(one), JID(other))
    }

    /// Names in packets are a peer's words too.
    private static func named(_ name: String) -> String { name.shown(limit: 60) }
}
