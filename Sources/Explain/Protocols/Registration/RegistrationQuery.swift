import XMLStream
import XMPP

/// The content of `<query xmlns='jabber:iq:register'/>` (XEP-0077), plain fields and data form alike.
struct RegistrationQuery {
    /// The fields of XEP-0077 section 14.1, those of legacy use included.
    static let definedFields: Set<String> = [
        "username", "nick", "password", "name", "first", "last", "email", "address", "city", "state", "zip", "phone",
        "url", "date", "misc", "text", "key",
    ]

    /// Plain fields in order, with their values.
    let fields: [(name: String, value: String)]
    /// Instructions, in each language that they are given in, with its name if there are several.
    let instructions: [(language: String?, text: String)]
    let isRegistered: Bool
    let isRemoval: Bool
    let hasKey: Bool
    let form: DataForm?
    /// The address of `<x xmlns='jabber:x:oob'/>`.
    let redirection: String?
    /// Children that are none of the above.
    let unknown: [String]
    /// Fields that stand as attributes of the query, where they mean nothing.
    let attributes: [String]
    let childCount: Int

    /// The fields that have a value. A key is the server's own, and says nothing about anybody.
    var known: [(name: String, value: String)] { fields.filter { !$0.value.isEmpty && $0.name != "key" } }

    init(_ query: Element) {
        var fields: [(name: String, value: String)] = []
        var unknown: [String] = []
        for child in query.children where child.namespace == NS.register {
            if Self.definedFields.contains(child.name) {
                fields.append((child.name, child.text))
            } else if !["instructions", "registered", "remove"].contains(child.name) {
                unknown.append(child.name)
            }
        }
        self.fields = fields
        self.unknown = unknown
        instructions = query.children.filter { $0.is("instructions", NS.register) && !$0.text.isEmpty }
            .prefix(8).map { ($0.language, $0.text) }
        isRegistered = query.child("registered", NS.register) != nil
        isRemoval = query.child("remove", NS.register) != nil
        hasKey = query.child("key", NS.register) != nil
        form = query.child("x", NS.dataForms).map(DataForm.init)
        redirection = query.child("x", NS.outOfBand)?.child("url")?.text
        attributes = query.attributes.filter { $0.namespace.isEmpty && Self.definedFields.contains($0.name) }.map(
            \.name
        )
        childCount = query.children.count
    }

    /// A value from the form if there is one, else from the plain fields: the form takes precedence (XEP-0077 section 4).
    func value(_ name: String) -> String? {
        form?.value(name) ?? fields.first { $0.name == name }?.value
    }

    /// True if somebody's password stands in it.
    var hasPassword: Bool { value("password")?.isEmpty == false }

    /// The names of what is sent, in the form or as plain fields.
    var sent: [String] { form?.fields.map(\.name).filter { $0 != "FORM_TYPE" } ?? fields.map(\.name) }

    /// What people are told, as a clause to stand behind a comma; empty if nothing is.
    var saying: String {
        if instructions.isEmpty { return "" }
        if instructions.count == 1 { return ", and says: \(instructions[0].text.quoted())" }
        let all = instructions.map {
            "\($0.text.quoted()) (\($0.language?.shown(limit: 20) ?? "in no named language"))"
        }
        return ", and says: \(all.joined(separator: ", "))"
    }
}
