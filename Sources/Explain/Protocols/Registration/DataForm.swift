import XMLStream
import XMPP

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

    /// `form`, `submit`, `cancel`, `result`; nil if the form does not say.
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

    /// What the form is for (XEP-0068); nil if it does not say.
    var formType: String? { value("FORM_TYPE") }

    func value(_ name: String) -> String? { fields.first { $0.name == name }?.values.first }

    /// The fields that somebody has to fill in.
    var questions: [Field] { fields.filter { $0.type != "hidden" && $0.type != "fixed" && !$0.name.isEmpty } }

    /// True if it wants to see a human being (XEP-0158).
    var isCaptcha: Bool {
        fields.contains { ["ocr", "qa", "SHA-256", "audio_recog", "picture_recog", "challenge"].contains($0.name) }
    }
}
