import XMLStream
import XMPP

/// A data form (XEP-0004) in words: what it asks for, what was filled in, what came out. Secrets are named, never shown.
struct FormWords {
    private struct Field {
        let element: Element
        let name: String
        let type: String

        init(_ element: Element) {
            self.element = element
            name = element["var"] ?? ""
            type = element["type"] ?? ""
        }

        var label: String {
            var text = (element["label"]?.trimmed.nonEmpty ?? name).shown(limit: 60)
            while text.hasSuffix(":") || text.hasSuffix(" ") { text.removeLast() }
            return text
        }
        var values: [String] {
            element.children.filter { $0.name == "value" }.map(\.text)
        }
        var isSecret: Bool { type == "text-private" || SecretNames.isSecret(name) }
        var isShown: Bool { type != "hidden" && name != "FORM_TYPE" && !label.isEmpty }
        var isQuestion: Bool { isShown && type != "fixed" }
    }

    let type: String
    let title: String?
    let instructions: String?
    /// What it is for (XEP-0068).
    let formType: String?
    private let fields: [Field]
    private let reported: [String]
    private let items: [Element]
    /// On how many pages its fields stand (XEP-0141); 0 if it does not say.
    private let pages: Int

    init(_ form: Element) {
        let children = form.children
        type = form["type"] ?? ""
        title = form.child("title")?.text.trimmed.nonEmpty
        let lines = children.filter { $0.name == "instructions" }.map(\.text.trimmed).filter { !$0.isEmpty }
        instructions = lines.joined(separator: " ").nonEmpty
        fields = children.filter { $0.name == "field" }.map(Field.init)
        formType = fields.first { $0.name == "FORM_TYPE" }?.values.first?.nonEmpty
        reported = (form.child("reported")?.children ?? []).map(Field.init).map(\.label).filter { !$0.isEmpty }
        items = children.filter { $0.name == "item" }
        pages = children.count { $0.is("page", "http://jabber.org/protocol/xdata-layout") }
    }

    /// The form among the children of an element.
    init?(in parent: Element?) {
        guard let form = parent?.child("x", NS.dataForms) else { return nil }
        self.init(form)
    }

    func value(_ name: String) -> String? { fields.first { $0.name == name }?.values.first?.trimmed.nonEmpty }

    /// The names of the fields that must be filled in, at most 50.
    var required: [String] {
        Array(fields.lazy.filter { $0.isQuestion && $0.element.child("required") != nil }.map(\.name).prefix(50))
    }

    // MARK: Asking

    /// `the form "Invite" with Name (required) and Age`.
    var asks: String {
        let questions = fields.filter(\.isQuestion).map(question)
        let with = questions.isEmpty ? " without any field to fill in" : " with \(Say.some(questions, 4))"
        let kind = FormKinds.words(for: formType).map { "a form for \($0)" } ?? "a form"
        let span = pages > 1 ? " on \(pages) pages" : ""
        return (title.map { "the form \($0.quoted(limit: 80))" } ?? kind) + span + with
    }

    /// What the form tells people, as a sentence with a blank before it.
    var says: String { Say.quote(instructions, " It says: ", limit: 160) + (instructions == nil ? "" : ".") }

    private func question(_ field: Field) -> String {
        var notes: [String] = []
        if field.element.child("required") != nil { notes.append("required") }
        if let kind = kind(of: field) { notes.append(kind) }
        if let value = field.values.first?.trimmed.nonEmpty {
            notes.append(field.isSecret ? "preset" : "preset to \(shown(value, field))")
        }
        if let media = field.element.child("media", NS.mediaElement) { notes.append(mediaKind(media)) }
        return field.label + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
    }

    private func mediaKind(_ media: Element) -> String {
        guard let type = media.child("uri")?["type"]?.nonEmpty else { return "with a medium to look at" }
        return "with \(type.shown(limit: 40))"
    }

    /// What must be filled in, if that is not just any text (XEP-0122).
    private func kind(of field: Field) -> String? {
        let options = field.element.children.count { $0.name == "option" }
        if options > 0 { return field.type == "list-multi" ? "any of \(options)" : "one of \(options)" }
        if field.isSecret { return "secret" }
        if let input = field.element.child("file-input", "urn:xmpp:file-input:0") { return fileKind(input) }
        guard let validation = field.element.child("validate", "http://jabber.org/protocol/xdata-validate") else {
            return nil
        }
        let kind: String
        switch validation["datatype"] {
        case "xs:integer", "xs:int", "xs:long", "xs:short", "xs:byte": kind = "a whole number"
        case "pubsub:integer-or-max": kind = "a whole number or \"max\""
        case "xs:decimal", "xs:double": kind = "a number"
        case "xs:date": kind = "a date"
        case "xs:dateTime": kind = "a date and time"
        case "xs:time": kind = "a time of day"
        case "xs:anyURI": kind = "an address of the web"
        case "xs:language": kind = "a language"
        default: return nil
        }
        let range = validation.child("range")
        let from = range?["min"]?.nonEmpty.map { " from \($0.shown(limit: 30))" } ?? ""
        let to = range?["max"]?.nonEmpty.map { "\(from.isEmpty ? " up" : "") to \($0.shown(limit: 30))" } ?? ""
        return kind + from + to
    }

    /// Which files a field takes (XEP-0505).
    private func fileKind(_ input: Element) -> String {
        let types = input.children.filter { $0.name == "accept" }.compactMap { $0.text.trimmed.nonEmpty }
        let isMany = ["true", "1"].contains(input["multiple"])
        let some = types.isEmpty ? "" : " of \(Say.some(types.map { $0.shown(limit: 60) }))"
        return (isMany ? "files" : "a file") + some
    }

    // MARK: Answering

    /// `name: "Emil", days: "7"`; empty if nothing is filled in.
    var filled: String {
        Say.some(fields.filter(\.isQuestion).map { "\($0.label): \(shownValues($0))" }, 4)
    }

    /// The same in brackets with a blank before it; empty if nothing is filled in.
    var bracketed: String { filled.isEmpty ? "" : " (\(filled))" }

    private func shownValues(_ field: Field) -> String {
        let values = field.values
        if values.allSatisfy(\.isEmpty) { return "nothing" }
        if field.isSecret { return "a secret" }
        // One text of several lines.
        if field.type == "text-multi" { return values.joined(separator: " ").quoted(limit: 80) }
        return Say.some(values.map { shown($0, field) })
    }

    private func shown(_ value: String, _ field: Field) -> String {
        guard field.type == "boolean" else { return value.trimmed.quoted(limit: 80) }
        switch value {
        case "1", "true": return "yes"
        case "0", "false": return "no"
        default: return value.quoted(limit: 40)
        }
    }

    // MARK: Results

    /// `Link: "xmpp:…"`, or a table by its columns and the number of its rows; empty if there is nothing.
    var results: String {
        if !reported.isEmpty || !items.isEmpty { return table }
        return filled
    }

    private var table: String {
        if items.isEmpty { return "no rows at all" }
        let columns = reported.isEmpty ? "" : " of \(Say.some(reported, 4))"
        let first = items[0].children.map(Field.init).filter { !$0.isSecret && !$0.values.isEmpty }
        let row = Say.some(first.map { shownValues($0) }, 4)
        if items.count == 1 { return "one row\(columns)\(row.isEmpty ? "" : ": \(row)")" }
        return "\(items.count) rows\(columns)\(row.isEmpty ? "" : ", the first one \(row)")"
    }

    /// Fixed texts, which say something to people.
    var fixed: String? {
        fields.filter { $0.type == "fixed" }.flatMap(\.values).map(\.trimmed).filter { !$0.isEmpty }
            .joined(separator: " ").nonEmpty
    }
}
