import SASL
import XMLStream
import XMPP

/// Takes secrets out of what SASL and SASL2 carry in base64 (RFC 4422, RFC 6120 section 6, XEP-0388).
///
/// It knows which mechanism a connection is using; where in its messages secrets stand is for `SASLSecret` to say.
struct LoginRedactor {
    private var mechanism = ""

    /// Told each element at the top of a stream, before its values.
    mutating func began(with element: Element) {
        if element.is("auth", NS.sasl) || element.is("authenticate", NS.sasl2) {
            mechanism = element["mechanism"]?.uppercased() ?? ""
        }
    }

    /// True for the text of an element that carries the data of a mechanism.
    static func carriesData(_ place: Place) -> Bool {
        guard place.attribute == nil else { return false }
        switch place.element.namespace {
        case NS.sasl: return ["auth", "challenge", "response", "success"].contains(place.element.name)
        case NS.sasl2:
            return ["initial-response", "challenge", "response", "additional-data"].contains(place.element.name)
        default: return false
        }
    }

    /// The data with its secrets replaced, of the same length; nil if there is none in it.
    func redacted(_ text: [UInt8], fromClient: Bool, _ secrets: inout SecretTable) -> [UInt8]? {
        // `=` stands for data without a byte.
        if text == [UInt8(ascii: "=")] { return nil }
        let characters = text.filter { !$0.isXMLWhitespace }
        guard let data = Base64.decode(characters, .strict), Base64.encode(data).utf8.elementsEqual(characters) else {
            return secrets.text(for: text, count: text.count)
        }
        let found = SASLSecret.find(in: data, mechanism: mechanism, isFromClient: fromClient)
        guard !found.isEmpty else { return nil }
        var replaced = data
        for secret in found {
            replaced.replaceSubrange(secret.range, with: replacement(for: secret, in: data, &secrets))
        }
        return Self.text(Base64.encode(replaced), wrappedAs: text)
    }

    /// As many bytes as the secret has, of its form.
    private func replacement(for secret: SASLSecret, in data: [UInt8], _ secrets: inout SecretTable) -> [UInt8] {
        let value = Array(data[secret.range])
        switch secret.form {
        case .text: return secrets.text(for: value, count: value.count)
        case .binary: return secrets.bytes(for: value)
        case .base64(kept: 0): return secrets.base64(for: value)
        case .base64(let kept):
            let bytes = Base64.decode(value, .strict) ?? []
            return Array(Base64.encode(bytes.prefix(kept) + secrets.bytes(for: Array(bytes.dropFirst(kept)))).utf8)
        }
    }

    /// Base64 with blanks and line breaks where the original has them.
    private static func text(_ base64: String, wrappedAs original: [UInt8]) -> [UInt8] {
        var characters = base64.utf8.makeIterator()
        return original.map { $0.isXMLWhitespace ? $0 : characters.next() ?? $0 }
    }
}
