import Certificates
import Crypto
import SwiftASN1
import Testing
import X509

@Suite struct FactsTests {
    @Test func all() throws {
        let root = try authority("Root, of \"all\"").minted()
        let names: [GeneralName] = [
            .dnsName("jabber.test"), address([192, 0, 2, 1]),
            address([0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 12)),
            try xmppAddress("jabber.test"), try xmppAddress("müller.test"), try service("_xmpp-client.jabber.test"),
            .rfc822Name("a@b"), .otherName(.init(typeID: [1, 2, 3], value: nil)),
        ]
        let leaf = try Wanted(names: names).minted(by: root)
        let facts = try #require(CertificateFacts(der: leaf.der))
        #expect(facts.subject == "CN=jabber.test")
        #expect(facts.issuer == "CN=Root\\, of \\\"all\\\"")
        #expect(facts.notAfter - facts.notBefore == 31 * 86_400)
        let digest = SHA256.hash(data: leaf.der).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        #expect(facts.sha256 == digest.joined())
        let expected = ["jabber.test", "192.0.2.1", "2001:db8::", "müller.test", "_xmpp-client.jabber.test"]
        #expect(facts.names == expected)
    }

    @Test(arguments: [
        ([("C", "DE"), ("O", "Some, Inc."), ("CN", "a")], "CN=a,O=Some\\, Inc.,C=DE"),
        ([], "nobody"),
        ([("CN", "a\u{1B}[31m\nb\u{202E}c")], "CN=a\\1b[31m\\0ab\\e2\\80\\aec"),
        ([("CN", String(repeating: "x", count: 9999))], "CN=" + String(repeating: "x", count: 253) + "…"),
        ([("?", "a")], "1.2.3=a"),
    ])
    func subjects(_ parts: [(String, String)], _ expected: String) throws {
        let types: [String: ASN1ObjectIdentifier] = [
            "C": .RDNAttributeType.countryName, "O": .RDNAttributeType.organizationName,
            "CN": .RDNAttributeType.commonName, "?": [1, 2, 3],
        ]
        let attributes = try parts.map { part in
            RelativeDistinguishedName.Attribute(type: try #require(types[part.0]), utf8String: part.1)
        }
        #expect(try subject(attributes) == expected)
    }

    @Test func anOddKindOfText() throws {
        let bits = try ASN1Any(erasing: ASN1OctetString(contentBytes: [1, 2]))
        let attribute = RelativeDistinguishedName.Attribute(
            type: .RDNAttributeType.commonName,
            value: .init(asn1Any: bits)
        )
        #expect(try subject([attribute]) == "CN=#04020102")
    }

    private func subject(_ attributes: [RelativeDistinguishedName.Attribute]) throws -> String {
        let model = try Wanted().minted()
        let certificate = try Certificate(
            version: .v3,
            serialNumber: .init(),
            publicKey: model.key.publicKey,
            notValidBefore: model.certificate.notValidBefore,
            notValidAfter: model.certificate.notValidAfter,
            issuer: model.certificate.subject,
            subject: DistinguishedName(attributes.map { RelativeDistinguishedName($0) }),
            extensions: .init(),
            issuerPrivateKey: model.key
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        let facts = try #require(CertificateFacts(der: serializer.serializedBytes))
        #expect(facts.names == [])
        return facts.subject
    }

    @Test func noCertificate() throws {
        let der = try Wanted().minted().der
        for count in 0..<der.count { #expect(CertificateFacts(der: Array(der.prefix(count))) == nil) }
        #expect(CertificateFacts(der: der + [0]) == nil)
    }
}
