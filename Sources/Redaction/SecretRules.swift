import Explain
import XMLStream
import XMPP

/// Which values of packets are secrets or personal data: those that the table of protocols names, and those that a name gives
/// away where their place is not understood. What is inside SASL is `LoginRedactor`'s.
enum SecretRules {
    static func isSecret(_ place: Place) -> Bool {
        if places.holdsEverything(around: place) { return true }
        let element = place.element
        if let attribute = place.attribute {
            let name = attribute.split(separator: ":").last.map(String.init) ?? attribute
            return places.hasAttribute(name, of: element) || SecretNames.isSecret(name)
        }
        if element.namespace == NS.dataForms {
            return element.name == "value" && isSecretField(place)
        }
        return places.hasText(element) || SecretNames.isSecret(element.name)
    }

    private static let places = SecretPlaces(ProtocolTable.secrets)

    private static func isSecretField(_ place: Place) -> Bool {
        if place.elements.contains(where: { $0.name == "field" && $0["type"] == "text-private" }) { return true }
        guard let field = place.field else { return false }
        return places.hasField(field, in: place) || SecretNames.isSecret(field)
    }

    /// Of a secret that is an address on the web, what tells the server but not the file; nil for all else.
    static func keptPrefix(of value: [UInt8], _ place: Place) -> [UInt8]? {
        guard value.starts(with: "http".utf8) else { return nil }
        let slashes = value.indices.filter { value[$0] == UInt8(ascii: "/") }
        return slashes.count > 2 ? Array(value[...slashes[2]]) : nil
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
