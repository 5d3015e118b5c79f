import FoundationEssentials
import XMLStream
import XMPP

/// Takes secrets out of what SASL and SASL2 carry in base64 (RFC 4422, RFC 6120 section 6, XEP-0388).
///
/// It knows which mechanism a connection is using; of one that it does not know everything counts as secret.
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
        guard let data = Data(base64Encoded: Data(text)).map(Array.init),
            Data(data).base64EncodedString().utf8.elementsEqual(text)
        else { return secrets.text(for: text, count: text.count) }
        guard let replaced = replaced(data, fromClient: fromClient, &secrets), replaced != data else { return nil }
        return Array(Data(replaced).base64EncodedString().utf8)
    }

    private func replaced(_ data: [UInt8], fromClient: Bool, _ secrets: inout SecretTable) -> [UInt8]? {
        switch mechanism {
        case "PLAIN", "X-OAUTH2", "X-GOOGLE-TOKEN": return plain(data, &secrets)
        case "EXTERNAL", "ANONYMOUS": return nil
        case "DIGEST-MD5": return attributes(data, secret: ["response", "rspauth"], separator: ",", &secrets)
        case "CRAM-MD5": return fromClient ? lastWord(data, &secrets) : nil
        case _ where mechanism.hasPrefix("SCRAM-"): return scram(data, &secrets)
        default: return secrets.bytes(for: data)
        }
    }

    /// `authzid NUL authcid NUL password` (RFC 4616 section 2).
    private func plain(_ data: [UInt8], _ secrets: inout SecretTable) -> [UInt8] {
        guard let start = data.lastIndex(of: 0).map({ $0 + 1 }), data.filter({ $0 == 0 }).count == 2 else {
            return secrets.bytes(for: data)
        }
        return data[..<start] + secrets.text(for: Array(data[start...]), count: data.count - start)
    }

    /// The digest behind the name (RFC 2195 section 2).
    private func lastWord(_ data: [UInt8], _ secrets: inout SecretTable) -> [UInt8] {
        let start = data.lastIndex(of: UInt8(ascii: " ")).map { $0 + 1 } ?? 0
        return data[..<start] + secrets.text(for: Array(data[start...]), count: data.count - start)
    }

    /// Proof, server's signature and the data of channel binding (RFC 5802 section 5.1). Without them nonces and salt are of
    /// no use to somebody who guesses passwords.
    private func scram(_ data: [UInt8], _ secrets: inout SecretTable) -> [UInt8] {
        let parts = data.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { part -> [UInt8] in
            guard part.count > 2, part.dropFirst().first == UInt8(ascii: "="), let letter = part.first else {
                return Array(part)
            }
            let value = Array(part.dropFirst(2))
            switch letter {
            case UInt8(ascii: "p"), UInt8(ascii: "v"):
                // `p=` in the first message names a channel binding.
                return isBase64(value) ? part.prefix(2) + secrets.base64(for: value) : Array(part)
            case UInt8(ascii: "c"): return part.prefix(2) + binding(value, &secrets)
            default: return Array(part)
            }
        }
        return Array(parts.joined(separator: [UInt8(ascii: ",")]))
    }

    private func isBase64(_ value: [UInt8]) -> Bool {
        value.count % 4 == 0 && Data(base64Encoded: Data(value)) != nil
    }

    /// The GS2 header, `n,,` for example, and behind it what the TLS connection is known by.
    private func binding(_ value: [UInt8], _ secrets: inout SecretTable) -> [UInt8] {
        guard let data = Data(base64Encoded: Data(value)).map(Array.init) else {
            return secrets.text(for: value, count: value.count)
        }
        let commas = data.indices.filter { data[$0] == UInt8(ascii: ",") }
        guard commas.count >= 2, data.count > commas[1] + 1 else { return value }
        let header = data[...commas[1]]
        let replaced = header + secrets.bytes(for: Array(data[(commas[1] + 1)...]))
        return Array(Data(replaced).base64EncodedString().utf8)
    }

    /// `name=value` or `name="value"`, separated.
    private func attributes(
        _ data: [UInt8],
        secret names: Set<String>,
        separator: Unicode.Scalar,
        _ secrets: inout SecretTable
    ) -> [UInt8] {
        let parts = data.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: false).map {
            part -> [UInt8] in
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return Array(part) }
            let name = String(decoding: part[..<equals], as: UTF8.self)
            guard names.contains(name.trimmingPrefix(" ").lowercased()) else { return Array(part) }
            let value = Array(part[(equals + 1)...])
            return part[...equals] + secrets.text(for: value, count: value.count)
        }
        return Array(parts.joined(separator: [UInt8(ascii: separator)]))
    }
}
