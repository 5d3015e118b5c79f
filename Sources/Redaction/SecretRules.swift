import Explain
import XMLStream
import XMPP

/// Which values of packets are secrets or personal data: those that the table of protocols names, and those that a name gives
/// away where their place is not understood. What is inside SASL is `LoginRedactor`'s.
enum SecretRules {
    /// - Parameter privateFields: the names of form fields that a form of this connection marks as private.
    static func isSecret(_ place: Place, privateFields: Set<String>) -> Bool {
        if places.holdsEverything(around: place) || isMisplacedLogin(place) { return true }
        if place.attribute == nil, place.elements.contains(where: isNamed) { return true }
        if isField(place), let field = place.field {
            return places.hasField(field, in: place) || SecretNames.isSecret(field) || privateFields.contains(field)
                || place.elements.contains { $0["type"]?.lowercased() == "text-private" }
        }
        return place.attribute.map { isSecretAttribute($0, of: place.element) } ?? false
    }

    private static let places = SecretPlaces(ProtocolTable.secrets)

    /// True if all texts inside of an element are secret, by its place or its name.
    private static func isNamed(_ element: Element) -> Bool {
        places.hasText(element) || SecretNames.isSecret(element.name)
    }

    private static func isSecretAttribute(_ attribute: String, of element: Element) -> Bool {
        let name = attribute.split(separator: ":").last.map(String.init) ?? attribute
        if places.hasAttribute(name, of: element) || SecretNames.isSecret(name) { return true }
        // `<password value="…"/>` and `<param name="password" value="…"/>`.
        guard ["value", "content"].contains(name.lowercased()) else { return false }
        return isNamed(element)
            || ["name", "var", "key", "id"].contains { element[$0].map(SecretNames.isSecret) == true }
    }

    /// The value of a form field: a text in it but that for people, or an attribute of it that is no part of forms.
    private static func isField(_ place: Place) -> Bool {
        guard let field = place.elements.firstIndex(where: { $0.name.lowercased() == "field" }) else { return false }
        if place.elements[...field].contains(where: { ["desc", "media", "uri"].contains($0.name) }) { return false }
        guard let attribute = place.attribute else { return true }
        return !["var", "type", "label", "xml:lang"].contains(attribute)
    }

    /// What looks like the data of a login or of a session to be resumed and is not understood: in another namespace, or with
    /// capitals.
    private static func isMisplacedLogin(_ place: Place) -> Bool {
        guard let root = place.elements.last, ![NS.sasl, NS.sasl2].contains(root.namespace) else { return false }
        let name = root.name.lowercased()
        switch place.attribute?.lowercased() {
        case nil: return loginNames.contains(name)
        case "id"?, "previd"?: return sessionNames.contains(name) && place.elements.count == 1
        case .some: return false
        }
    }

    private static let loginNames: Set<String> = ["auth", "authenticate", "response", "challenge"]
    private static let sessionNames: Set<String> = ["resume", "enabled", "resumed"]

    /// Of a secret that is an address on the web, what tells the server but not the file; nil for all else, and where the
    /// server's name stands behind credentials.
    static func keptPrefix(of value: [UInt8], _ place: Place) -> [UInt8]? {
        guard value.starts(with: "http".utf8) else { return nil }
        let slashes = value.indices.filter { value[$0] == UInt8(ascii: "/") }
        guard slashes.count > 2, !value[...slashes[2]].contains(UInt8(ascii: "@")) else { return nil }
        return Array(value[...slashes[2]])
    }
}

/// The places of secrets, arranged for finding one.
private struct SecretPlaces {
    /// An element by name and namespace, either of which may be left open.
    private struct Key: Hashable {
        let element: String?
        let namespace: String?
    }

    private var texts: Set<Key> = []
    private var attributes: [String: Set<Key>] = [:]
    private var fields: [String: Set<String?>] = [:]
    private var wholes: Set<Key> = []

    init(_ places: [ValuePlace]) {
        for place in places {
            let key = Key(element: place.element, namespace: place.namespace)
            switch place.slot {
            case .text: texts.insert(key)
            case .attribute(let name): attributes[name, default: []].insert(key)
            case .field(let name): fields[name, default: []].insert(place.namespace)
            case .everything: wholes.insert(key)
            }
        }
    }

    func hasText(_ element: Element) -> Bool { Self.contains(texts, element) }

    func hasAttribute(_ name: String, of element: Element) -> Bool {
        attributes[name].map { Self.contains($0, element) } ?? false
    }

    func hasField(_ name: String, in place: Place) -> Bool {
        guard let namespaces = fields[name] else { return false }
        return namespaces.contains(nil) || place.elements.contains { namespaces.contains($0.namespace) }
    }

    func holdsEverything(around place: Place) -> Bool { place.elements.contains { Self.contains(wholes, $0) } }

    private static func contains(_ keys: Set<Key>, _ element: Element) -> Bool {
        keys.contains(Key(element: element.name, namespace: element.namespace))
            || keys.contains(Key(element: nil, namespace: element.namespace))
            || keys.contains(Key(element: element.name, namespace: nil))
            || keys.contains(Key(element: nil, namespace: nil))
    }
}
