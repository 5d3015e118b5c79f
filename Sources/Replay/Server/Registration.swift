import Conversation
import XMLStream
import XMPP

/// A registration, a change of password or a removal, as a client asks for it.
struct Registration {
    let user: String?
    let password: String?
    let isRemoval: Bool
    /// True if it asks for an account or a change, not only for the fields.
    let isSubmission: Bool

    /// Nil for any other stanza.
    init?(_ element: Element) {
        guard element.name == "iq", let query = element.child("query", NS.register) else { return nil }
        let form = query.child("x", NS.dataForms)
        func field(_ name: String) -> String? {
            let text =
                query.child(name)?.trimmedText
                ?? form?.children.first { $0["var"] == name }?.child("value")?.trimmedText
            return text?.isEmpty == true ? nil : text
        }
        user = field("username")
        password = field("password")
        isRemoval = query.child("remove") != nil
        isSubmission = element["type"] == "set" && !isRemoval
    }
}
