import Session
import XMLStream
import XMPP

/// What an element of a seldom met protocol does, in phrases that stand behind who does it.
///
/// In a phrase `{whom}` is the other one, `{@id}` the attribute of that name, `{name}` the text of the child of that name, `{.}` the element's own
/// text, `{#item}` how many children of that name there are. What stands in square brackets is left out where a value in it is missing; a missing
/// value elsewhere is told as `nothing`.
struct Phrase: Sendable {
    let element: String
    /// A request of type get, or one of either type where `set` is nil.
    var get: String?
    var set: String?
    /// An answer whose payload has that name.
    var answer: String?
    /// An answer without a payload to such a request, a sentence of its own.
    var done: String?
    /// What is refused, for the middle of a sentence.
    var refused: String?
    /// In a message or a presence.
    var says: String?
}

/// A phrase with its values from an element.
func fill(_ phrase: String, _ element: Element, _ whom: String) -> String {
    var result = ""
    var rest = phrase[...]
    while let start = rest.firstIndex(of: "[") {
        let (plain, _) = fillPlain(rest[..<start], element, whom)
        result += plain
        let end = rest[start...].firstIndex(of: "]") ?? rest.endIndex
        let (optional, isWhole) = fillPlain(rest[rest.index(after: start)..<end], element, whom)
        if isWhole { result += optional }
        rest = end == rest.endIndex ? "" : rest[rest.index(after: end)...]
    }
    return result + fillPlain(rest, element, whom).text
}

private func fillPlain(_ phrase: Substring, _ element: Element, _ whom: String) -> (text: String, isWhole: Bool) {
    var (text, isWhole) = ("", true)
    var rest = phrase
    while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
        text += rest[..<start]
        let value = value(rest[rest.index(after: start)..<end], element, whom)
        if value == nil { isWhole = false }
        text += value ?? "nothing"
        rest = rest[rest.index(after: end)...]
    }
    return (text + rest, isWhole)
}

private func value(_ name: Substring, _ element: Element, _ whom: String) -> String? {
    switch name.first {
    case _ where name == "whom": return whom
    case "@"?: return shown(element[String(name.dropFirst())])
    case "#"?:
        let unit = String(name.dropFirst())
        let count = element.children.count { $0.name == unit }
        if count > 1, unit.hasSuffix("y") { return "\(count) \(unit.dropLast())ies" }
        return count == 0 ? "no \(unit)" : counted(count, unit)
    case "."?: return shown(element.text)
    default: return shown(element.child(String(name))?.text)
    }
}

/// A number as it is, anything else in quotes.
private func shown(_ text: String?) -> String? {
    guard let text = text?.trimmed.nonEmpty else { return nil }
    return text.utf8.allSatisfy { (48...57).contains($0) } ? Say.number(text) : text.quoted(limit: 80)
}

extension ProtocolEntry {
    /// A protocol that is told by phrases alone.
    static func told(_ reference: String, _ title: String, _ namespaces: [String], _ phrases: [Phrase]) -> ProtocolEntry
    {
        var entry = ProtocolEntry(reference, title, namespaces)
        entry.tells { exchange, scene in
            tellByPhrase(exchange, phrases).map { text in
                // The citation belongs before the full stop.
                guard text.text.hasSuffix("."), exchange.request == nil else { return text }
                return Telling(String(text.text.dropLast()) + scene.cite(reference) + ".", text.findings)
            }
        }
        return entry
    }
}

private func tellByPhrase(_ exchange: Exchange, _ phrases: [Phrase]) -> Telling? {
    let asked = exchange.asked ?? exchange.element
    guard let phrase = phrases.first(where: { $0.element == asked.name }) else { return answered(exchange, phrases) }
    switch exchange.turn {
    case .get, .set:
        let isSet = exchange.stanza["type"] == "set"
        guard let words = (isSet ? phrase.set : nil) ?? phrase.get ?? phrase.set else { return nil }
        return Telling("\(exchange.who) \(fill(words, asked, exchange.whom)).")
    case .result:
        if exchange.answer != nil { return answered(exchange, phrases) }
        guard exchange.asked != nil else { return nil }
        return Telling(phrase.done.map { fill($0, asked, exchange.whom) } ?? "\(exchange.who) has taken note of that.")
    case .refusal(let error):
        return phrase.refused.map { exchange.refused(fill($0, asked, exchange.speaker.name), error) }
    case .message, .presence:
        return phrase.says.map { Telling("\(exchange.who) \(fill($0, exchange.element, exchange.whom)).") }
    }
}

private func answered(_ exchange: Exchange, _ phrases: [Phrase]) -> Telling? {
    guard case .result = exchange.turn, let answer = exchange.answer,
        let words = phrases.first(where: { $0.element == answer.name })?.answer
    else { return nil }
    return Telling("\(exchange.who) \(fill(words, answer, exchange.whom)).")
}
