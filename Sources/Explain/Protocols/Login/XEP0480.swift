import XMLStream
import XMPP

extension ProtocolEntry {
    /// Storing a password in another form in the course of a login (XEP-0480); `SASL2.swift` tells it where it stands.
    static let saslUpgrades: ProtocolEntry = {
        let scram = SASLUpgrade.scramNamespace
        var entry = ProtocolEntry("XEP-0480", "SASL Upgrade Tasks", [SASLUpgrade.namespace, scram])
        // Whoever has it can log in with it.
        entry.secrets = [.text("hash", scram)]
        entry.volatile = [.text("salt", scram), .text("hash", scram)]
        entry.topic = { _ in "a password in another form (XEP-0480)" }
        return entry
    }()
}

enum SASLUpgrade {
    static let namespace = "urn:xmpp:sasl:upgrade:0"
    static let scramNamespace = "urn:xmpp:scram-upgrade:0"

    /// The mechanisms that the password can be, or is to be, stored for: `UPGR-SCRAM-SHA-256` without its beginning.
    static func names(in element: Element) -> [String] {
        element.children.prefix(30).filter { $0.is("upgrade", namespace) }.map { upgrade in
            let name = upgrade.text.trimmed
            return (name.hasPrefix("UPGR-") ? String(name.dropFirst(5)) : name).shown(limit: 40)
        }
    }

    /// A step of such a task for SCRAM, behind who takes it; nil for any other task.
    static func told(_ task: Element) -> String? {
        if let salt = task.child("salt", scramNamespace) {
            let rounds = salt["iterations"]?.nonEmpty.map { " and \($0.shown(limit: 20)) rounds" } ?? ""
            return "gives the salt\(rounds) with which the password is to be hashed for the other mechanism (XEP-0480)"
        }
        return task.child("hash", scramNamespace) == nil
            ? nil : "gives the password, hashed with that salt, to be stored for the other mechanism (XEP-0480)"
    }
}
