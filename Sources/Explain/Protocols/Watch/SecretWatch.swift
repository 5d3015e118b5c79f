import Session
import XMLStream
import XMPP

/// Finds passwords and tokens beside those of logins and registrations, where the client's side of the connection is not encrypted.
struct SecretWatch: Watcher {
    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding] {
        guard let element = packet.element, !scene.encryption.isEncrypted, !scene.beginsInMiddle,
            scene.streamKind == .client, element["type"] != "error",
            // Those have words of their own for it.
            element.name != "iq" || element.firstChild?.namespace != NS.register
        else { return [] }
        var names: [String] = []
        Self.look(into: element, depth: 0, &names)
        if names.isEmpty { return [] }
        let verb = names.count == 1 ? "crosses" : "cross"
        return [Finding(.secretInClear, "\(names.listed()) \(verb) the network unencrypted.")]
    }

    private static func look(into element: Element, depth: Int, _ names: inout [String]) {
        if let name = secret(element), !names.contains(name) { names.append(name) }
        guard depth < 12, names.count < 6 else { return }
        for case .element(let child) in element.nodes { look(into: child, depth: depth + 1, &names) }
    }

    private static let isr = InstantResumption.namespace

    /// What the secret of an element is called; nil if it has none.
    private static func secret(_ element: Element) -> String? {
        switch (element.namespace, element.name) {
        case (NS.muc, "password"), (NS.mucUser, "password"), ("storage:bookmarks", "password"),
            ("urn:xmpp:bookmarks:1", "password"), ("urn:xmpp:bookmarks:0", "password"):
            element.text.isEmpty ? nil : roomPassword
        case ("jabber:x:conference", "x"): element["password"]?.nonEmpty.map { _ in roomPassword }
        case ("urn:xmpp:extdisco:2", "service"), ("urn:xmpp:extdisco:1", "service"):
            element["password"]?.nonEmpty.map { _ in "the password of a service for calls" }
        case (isr, "isr-enabled"), (isr, "inst-resumed"):
            element["token"]?.nonEmpty.map { _ in "a token with which anybody can resume the session" }
        case (NS.preAuthentication, "preauth"): element["token"]?.nonEmpty.map { _ in "a token for registering" }
        case (SASLUpgrade.scramNamespace, "hash"):
            element.text.isEmpty ? nil : "the hash of the password, which is as good as the password for SCRAM,"
        case (NS.dataForms, "field"): field(element)
        default: nil
        }
    }

    private static let roomPassword = "the password of a room"

    private static func field(_ field: Element) -> String? {
        guard let name = field["var"], field.child("value")?.text.isEmpty == false else { return nil }
        return switch name {
        case "muc#roomconfig_roomsecret": roomPassword
        case "password", "password-verify": "a password"
        case "secret": "a secret"
        default: nil
        }
    }
}

extension FindingCode {
    static let secretInClear = warning(
        "secret.in-clear",
        "RFC 6120 section 13.8",
        "A password or a token is readable for everybody on the way, because the connection is not encrypted. Encrypt the connection, and change what was said on it."
    )
}
