import XMLStream
import XMPP

extension ProtocolEntry {
    /// What somebody tells of themselves, field by field (XEP-0154).
    static let profile: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0154", "User Profile", ["urn:xmpp:tmp:profile"])
        entry.secrets = [.everything(in: nil, "urn:xmpp:tmp:profile")]
        entry.topic = { _ in "a profile (XEP-0154)" }
        entry.item = { payload, _ in
            guard payload.name == "profile" else { return nil }
            var item = ItemTelling("profile", "XEP-0154")
            let fields = payload.child("x", NS.dataForms).map(DataForm.init)?.questions ?? []
            item.content =
                fields.isEmpty
                ? nil
                : fields.firstOnes { field in
                    let value = field.values.first.flatMap(\.nonEmpty)?.quoted(limit: 40)
                    return "\(inWords(field.name))\(value.map { " \($0)" } ?? "")"
                }
            return item
        }
        return entry
    }()
}
