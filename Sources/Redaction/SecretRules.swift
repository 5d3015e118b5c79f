import XMLStream
import XMPP

/// Which values of packets are secrets or personal data, by protocol. What is inside SASL is `LoginRedactor`'s.
enum SecretRules {
    static func isSecret(_ place: Place) -> Bool {
        if let attribute = place.attribute { return isSecretAttribute(attribute, of: place) }
        return isSecretText(place)
    }

    // MARK: Attributes

    private static func isSecretAttribute(_ name: String, of place: Place) -> Bool {
        let element = place.element
        switch (element.namespace, name) {
        // Whoever has the id of a session can take it over (XEP-0198).
        case (NS.streamManagement3, "previd"), (NS.streamManagement2, "previd"): return true
        case (NS.streamManagement3, "id"), (NS.streamManagement2, "id"): return element.name == "enabled"
        case (NS.fast, "token"), (NS.preAuthentication, "token"), (instantResumption, "token"),
            (instantResumption, "key"):
            return true
        case (externalServices, "username"), (externalServices, "password"), (oldExternalServices, "username"),
            (oldExternalServices, "password"):
            return true
        case (httpBinding, "sid"), (httpBinding, "key"), (httpBinding, "newkey"), (httpBinding, "rid"): return true
        case (upload, "url"): return element.name == "put" || element.name == "get"
        default: return false
        }
    }

    private static let instantResumption = "https://xmpp.org/extensions/isr/0"
    private static let externalServices = "urn:xmpp:extdisco:2"
    private static let oldExternalServices = "urn:xmpp:extdisco:1"
    private static let httpBinding = "http://jabber.org/protocol/httpbind"
    private static let upload = "urn:xmpp:http:upload:0"

    /// Of an address on the web, what tells the server but not the file; nil for all else.
    static func keptPrefix(of value: [UInt8], _ place: Place) -> [UInt8]? {
        guard place.element.namespace == upload, place.attribute == "url" else { return nil }
        let slashes = value.indices.filter { value[$0] == UInt8(ascii: "/") }
        return slashes.count > 2 ? Array(value[...slashes[2]]) : nil
    }

    // MARK: Texts

    private static func isSecretText(_ place: Place) -> Bool {
        let element = place.element
        switch element.namespace {
        case NS.register: return personal.contains(element.name)
        case NS.auth: return ["password", "digest"].contains(element.name)
        case NS.component: return element.name == "handshake"
        case NS.dialback: return ["result", "verify"].contains(element.name)
        case upload: return element.name == "header"
        case vCard, vCard4: return true
        case NS.dataForms: return element.name == "value" && isSecretField(place)
        default: return false
        }
    }

    private static let vCard = "vcard-temp"
    private static let vCard4 = "urn:ietf:params:xml:ns:vcard-4.0"

    /// The fields of a registration (XEP-0077 section 14.1) but for the user's name.
    private static let personal: Set<String> = [
        "password", "old_password", "email", "phone", "name", "first", "last", "address", "city", "state", "zip",
        "date",
        "misc", "text", "key",
    ]

    /// Answers to riddles (XEP-0158 section 6).
    private static let answers: Set<String> = [
        "ocr", "qa", "SHA-256", "audio_recog", "speech_q", "speech_recog", "picture_q", "picture_recog", "video_q",
        "video_recog",
    ]

    /// What an invitation is made of (XEP-0401).
    private static let invitation: Set<String> = ["uri", "landing-url"]

    private static func isSecretField(_ place: Place) -> Bool {
        if place.elements.contains(where: { $0.name == "field" && $0["type"] == "text-private" }) { return true }
        guard let field = place.field else { return false }
        return personal.contains(field) || answers.contains(field) || invitation.contains(field)
            || field.hasSuffix("password")
    }
}
