import XMLStream
import XMPP

extension ProtocolEntry {
    /// OpenPGP (XEP-0373, XEP-0374).
    static let openPGP: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0373", "OpenPGP for XMPP", ["urn:xmpp:openpgp:0"])
        entry.part = { element, parts, _ in
            guard element.name == "openpgp" else { return parts.others.append(element) }
            let sentences = " Only who has one of the keys that it was made for can read it."
            parts.encryption = .init(name: "OpenPGP", sentences: sentences, reference: "XEP-0373")
            parts.isStopgap = true
        }
        return entry
    }()

    /// OpenPGP as it was done first (XEP-0027).
    static let oldOpenPGP: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0027", "Current Jabber OpenPGP Usage", ["jabber:x:encrypted"])
        entry.part = { _, parts, _ in
            parts.encryption = .init(name: "OpenPGP in its old form", reference: "XEP-0027")
            parts.isStopgap = true
        }
        return entry
    }()

    /// Signatures by OpenPGP as it was done first (XEP-0027).
    static let oldSignature: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0027", "Current Jabber OpenPGP Usage", ["jabber:x:signed"])
        entry.part = { _, parts, scene in
            parts.remarks.append("It is signed by OpenPGP\(scene.cite("XEP-0027")).")
        }
        return entry
    }()

    /// What is encrypted as a whole (XEP-0420), where it stands in the clear, and the stub of its examples.
    static let contentEncryption: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0420", "Stanza Content Encryption", ["urn:xmpp:sce:1", "urn:xmpp:sce:0"])
        entry.part = { element, parts, scene in
            guard element.name == "envelope" || element.name == "content" else { return parts.others.append(element) }
            let held = element.child("content")?.children ?? element.child("payload")?.children ?? []
            let names = held.prefix(3).map { "<\($0.name.shown(limit: 40))/>" }
            let what = names.isEmpty ? "" : ", with \(names.listed())"
            parts.deeds.append(
                .init(
                    rank: 6,
                    verb: "sends an envelope that is meant to be encrypted, in the clear",
                    tail: what,
                    reference: "XEP-0420"
                )
            )
        }
        return entry
    }()

    /// Which keys somebody trusts (XEP-0434, XEP-0450).
    static let trustMessages: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0434", "Trust Messages", ["urn:xmpp:tm:1", "urn:xmpp:tm:0"])
        entry.part = { element, parts, _ in
            guard element.name == "trust-message" else { return parts.others.append(element) }
            let owners = element.children.filter { $0.name == "key-owner" }
            let shown = owners.prefix(3).map { owner in
                let (trusted, distrusted) = (owner.count("trust"), owner.count("distrust"))
                let counts = [
                    trusted > 0 ? "trusts \(counted(trusted, "key"))" : nil,
                    distrusted > 0 ? "no longer trusts \(counted(distrusted, "key"))" : nil,
                ]
                let name = owner["jid"]?.shown(limit: 100) ?? "somebody"
                return "\(counts.compactMap { $0 }.listed()) of \(name)"
            }
            let verb =
                shown.isEmpty
                ? "sends a message about trust in keys that names none"
                : (owners.count > 3 ? shown + ["says so of \(owners.count - 3) others"] : shown).listed()
            parts.deeds.append(.init(rank: 6, verb: verb, isClaim: !shown.isEmpty, reference: "XEP-0434"))
        }
        return entry
    }()
}

extension Element {
    fileprivate func count(_ name: String) -> Int { children.lazy.filter { $0.name == name }.count }
}
