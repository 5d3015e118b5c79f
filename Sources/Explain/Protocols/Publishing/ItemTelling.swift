import XMLStream
import XMPP

/// What an item of a node is and says (XEP-0060), in the words that its payload's protocol has for it.
///
/// It is told where the item is published, announced, fetched, and in the answers to that.
struct ItemTelling: Sendable {
    /// What it is, without an article: `mood`, `bookmark`.
    let noun: String
    /// What it says, to stand behind a colon: `happy, "Sunshine"`; nil if it says nothing.
    var content: String?
    /// The same in the middle of a sentence, for one of several: `bookmark for the room tea@rooms.example`; nil for the noun.
    var name: String?
    /// What its publisher is or does, a predicate: `is listening to "Waltz"`.
    var state: String?
    /// What its publisher no longer is or does if the item says nothing: `no longer listens to any music`.
    var withdrawn: String?
    /// What publishing an empty one does, a predicate; nil for taking it back.
    var withdrawal: String?
    /// What publishing it does, a predicate: `bookmarks the room tea@rooms.example`.
    var act: String?
    /// True for what describes its publisher: `its mood`, not `a mood`.
    var isOwn = true
    /// True if its id means nothing to people, so that lists name what it says.
    var isNamedByContent = false
    /// True for what is kept for the own account only (XEP-0223).
    var isPrivate = false
    /// Where it is specified, as for `Scene.cite`; empty for none.
    var reference = ""

    init(_ noun: String, _ reference: String) {
        self.noun = noun
        self.reference = reference
    }

    /// The name with the article that it has in the middle of a sentence.
    var named: String { "the \(name ?? noun)" }

    /// True if the item takes back what the one before it said.
    var isEmpty: Bool { content == nil && withdrawn != nil }
}

/// An item as it stands in a request, an answer or an event.
struct PublishedItem {
    let id: String?
    let payload: Element?
    let telling: ItemTelling?
    let publisher: String?

    init(_ item: Element) {
        id = item.given("id")
        payload = item.firstChild()
        publisher = item.given("publisher")
        let id = id
        telling = payload.flatMap { ProtocolTable.item($0, id: id) }
    }

    /// `item "current"`, or `item` where it has no id.
    var name: String { id.map { "item \($0.quoted(limit: 60))" } ?? "item" }

    /// What is in it, to stand behind its name; empty if nothing is.
    var content: String {
        guard let payload else { return "" }
        guard let telling else { return "<\(payload.name.shown(limit: 60))/> of \(protocolName(payload.namespace))" }
        return telling.content ?? (telling.withdrawn == nil ? "" : "an empty \(telling.noun)")
    }

    /// The item with what is in it, for a list of several.
    var listed: String {
        let content = content
        if telling?.isNamedByContent == true, !content.isEmpty { return content }
        let shownID = id.map { $0.contains("@") ? $0.shown(limit: 60) : $0.quoted(limit: 60) }
        let name = shownID ?? telling.map { $0.name ?? $0.noun }
        guard let name else { return content.isEmpty ? "one without an id" : content }
        return content.isEmpty ? name : "\(name) (\(content))"
    }
}

extension Collection {
    /// The first three of them in words, and how many more there are, as `Say.some`.
    func firstOnes(_ word: (Element) -> String) -> String { Say.some(self) { word($0) } }
}

/// A count of bytes as somebody wrote it: `12,345 bytes`; nil if it is no number.
func byteCount(_ text: String?) -> String? {
    text.flatMap { Int($0.trimmed) }.flatMap { $0 < 0 ? nil : $0 == 1 ? "1 byte" : "\(inThousands($0)) bytes" }
}

/// How many bytes base64 stands for.
func base64ByteCount(_ text: String) -> Int {
    var count = 0
    for byte in text.utf8 where byte > 0x20 && byte != UInt8(ascii: "=") { count += 1 }
    return count * 3 / 4
}

extension Element {
    /// The value of an attribute; nil also for an empty one.
    func given(_ name: String) -> String? { self[name].flatMap(\.nonEmpty) }

    /// The ids of the items in it.
    var itemIDs: [String] { children.filter { $0.name == "item" }.compactMap { $0.given("id") } }

    /// The text of the first child of that name without white space around it; nil if there is none.
    func textOf(_ name: String) -> String? { child(name)?.text.trimmed.nonEmpty }

    /// The same in double quotes.
    func quotedTextOf(_ name: String, limit: Int = 80) -> String? { textOf(name)?.quoted(limit: limit) }
}

extension Element {
    /// All text in it, as XHTML has it; nil without any. Of a large one only the beginning is looked at.
    func wholeText() -> String? {
        var text = ""
        gather(into: &text, depth: 8)
        return text.trimmed.nonEmpty
    }

    private func gather(into text: inout String, depth: Int) {
        for node in nodes where text.utf8.count < 1000 {
            switch node {
            case .text(let piece): text += piece
            case .element(let child): if depth > 0 { child.gather(into: &text, depth: depth - 1) }
            }
        }
    }
}

extension String {
    /// True for what XML Schema takes for true.
    var isXMLTrue: Bool { self == "true" || self == "1" }
}
