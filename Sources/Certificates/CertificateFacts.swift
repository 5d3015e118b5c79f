import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// What is worth telling of a certificate.
public struct CertificateFacts: Sendable, Equatable {
    /// Whose it is, `CN=jabber.test`, after RFC 4514.
    public let subject: String
    /// Who signed it.
    public let issuer: String
    /// Seconds since 1970.
    public let notBefore: Int64
    /// Seconds since 1970.
    public let notAfter: Int64
    /// Of the DER, in lower-case hexadecimal.
    public let sha256: String
    /// Of the subjectAltName: dNSName, iPAddress, and the XmppAddr and SRVName of RFC 6120.
    public let names: [String]

    /// Nil if `der` is no certificate that can be read.
    public init?(der: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: der) else { return nil }
        subject = shortText(certificate.subject)
        issuer = shortText(certificate.issuer)
        notBefore = certificate.firstSecond
        notAfter = certificate.lastSecond
        sha256 = hex(SHA256.hash(data: der))
        names = unique(SubjectName.all(of: certificate).map(\.text))
    }
}

extension Certificate {
    /// Seconds since 1970.
    var firstSecond: Int64 { Int64(notValidBefore.timeIntervalSince1970) }
    var lastSecond: Int64 { Int64(notValidAfter.timeIntervalSince1970) }

    func der() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(self)
        return serializer.serializedBytes
    }
}

/// A distinguished name after RFC 4514, but readable where a key or a text is an odd one, and not endless.
func shortText(_ name: DistinguishedName) -> String {
    if name.isEmpty { return "nobody" }
    let parts = name.reversed().map { part in part.map(shortText).joined(separator: "+") }
    return printable(parts.joined(separator: ","))
}

private func shortText(_ attribute: RelativeDistinguishedName.Attribute) -> String {
    if String(attribute.value) != nil { return attribute.description }
    let key = attribute.description.prefix { $0 != "=" }
    var serializer = DER.Serializer()
    let isWritten = (try? serializer.serialize(ASN1Any(attribute.value))) != nil
    return "\(key)=#\(isWritten ? hex(serializer.serializedBytes) : "")"
}

/// The same without repetitions, in order.
func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
}
