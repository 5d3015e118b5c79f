import SwiftASN1
import X509
import XMPP

/// One name in a subjectAltName that can stand for an XMPP server (RFC 6120 section 13.7.1.2).
enum SubjectName: Equatable {
    case dns(String)
    case address([UInt8])
    case xmppAddress(String)
    /// `_xmpp-client.jabber.test`
    case service(String)

    /// id-on-xmppAddr, a UTF8String.
    private static let xmppAddressType: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 8, 5]
    /// id-on-dnsSRV (RFC 4985), an IA5String.
    private static let serviceType: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 8, 7]

    /// None if the extension is missing or cannot be read.
    static func all(of certificate: Certificate) -> [SubjectName] {
        let names = (try? certificate.extensions.subjectAlternativeNames) ?? nil
        return (names ?? SubjectAlternativeNames()).compactMap(SubjectName.init)
    }

    init?(_ name: GeneralName) {
        switch name {
        case .dnsName(let text): self = .dns(text)
        case .ipAddress(let bytes): self = .address(Array(bytes.bytes))
        case .otherName(let other): self.init(other)
        default: return nil
        }
    }

    private init?(_ other: GeneralName.OtherName) {
        guard let value = other.value else { return nil }
        if other.typeID == Self.xmppAddressType, let text = try? ASN1UTF8String(asn1Any: value) {
            self = .xmppAddress(String(text))
        } else if other.typeID == Self.serviceType, let text = try? ASN1IA5String(asn1Any: value) {
            self = .service(String(text))
        } else {
            return nil
        }
    }

    /// For people.
    var text: String {
        switch self {
        case .dns(let text), .xmppAddress(let text), .service(let text): printable(text)
        case .address(let bytes): addressText(bytes)
        }
    }

    /// Whether this name stands for `domain` (RFC 6120 section 13.7.2.1, RFC 9525 section 6), in whichever of its forms either is.
    func matches(_ domain: String) -> Bool {
        if let address = addressBytes(domain) {
            if case .address(let own) = self { return own == address }
            return false
        }
        guard let domain = try? Domain(domain) else { return false }
        switch self {
        case .dns(let pattern): return Self.matches(pattern, domain)
        case .address: return false
        case .xmppAddress(let own): return (try? Domain(own)) == domain
        case .service(let own):
            let parts = own.split(separator: ".", maxSplits: 1)
            guard parts.count == 2, ["_xmpp-client", "_xmpps-client"].contains(parts[0].lowercased()) else {
                return false
            }
            return (try? Domain(String(parts[1]))) == domain
        }
    }

    /// A star is a wildcard only if it is all of the first label, and stands for exactly one label.
    private static func matches(_ pattern: String, _ domain: Domain) -> Bool {
        guard pattern.hasPrefix("*.") else { return (try? Domain(pattern)) == domain }
        guard let rest = try? Domain(String(pattern.dropFirst(2))), let dot = domain.ascii.firstIndex(of: ".") else {
            return false
        }
        return domain.ascii[domain.ascii.index(after: dot)...] == rest.ascii
    }
}
