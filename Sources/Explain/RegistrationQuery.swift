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
    let instructions: String?
    let isRegistered: Bool
    let isRemoval: Bool
    let hasKey: Bool
    let form: DataForm?
    /// The address of `<x xmlns='jabber:x:oob'/>`.
    let redirection: String?
    /// Children that are none of the above.
    let unknown: [String]
    let childCount: Int

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
        instructions = query.child("instructions", NS.register)?.text
        isRegistered = query.child("registered", NS.register) != nil
        isRemoval = query.child("remove", NS.register) != nil
        hasKey = query.child("key", NS.register) != nil
        form = query.child("x", NS.dataForms).map(DataForm.init)
        redirection = query.child("x", NS.outOfBand)?.child("url")?.text
        childCount = query.children.count
    }

    /// A value from the form if there is one, else from the plain fields: the form takes precedence (XEP-0077 section 4).
    func value(_ name: String) -> String? {
        form?.value(name) ?? fields.first { $0.name == name }?.value
    }
}

/// A data form (XEP-0004).
struct DataForm {
    struct Field {
        let name: String
        let label: String?
        let type: String?
        let isRequired: Bool
        let values: [String]
        let hasMedia: Bool
    }

    let type: String?
    let title: String?
    let instructions: String?
    let fields: [Field]

    init(_ form: Element) {
        type = form["type"]
        title = form.child("title")?.text
        instructions = form.child("instructions")?.text
        fields = form.children.filter { $0.name == "field" }.map { field in
            Field(
                name: field["var"] ?? "",
                label: field["label"],
                type: field["type"],
                isRequired: field.child("required") != nil,
                values: field.children.filter { $0.name == "value" }.map(\.text),
                hasMedia: field.child("media", NS.mediaElement) != nil
            )
        }
    }

    var formType: String? { value("FORM_TYPE") }

    func value(_ name: String) -> String? { fields.first { $0.name == name }?.values.first }

    /// The fields that somebody has to fill in.
    var questions: [Field] { fields.filter { $0.type != "hidden" && $0.type != "fixed" && !$0.name.isEmpty } }

    /// True if it wants to see a human being (XEP-0158).
    var isCaptcha: Bool {
        fields.contains { ["ocr", "qa", "SHA-256", "audio_recog", "picture_recog", "challenge"].contains($0.name) }
    }
}
