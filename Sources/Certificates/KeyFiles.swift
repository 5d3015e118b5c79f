import SwiftASN1
import X509

/// A certificate with its key out of PEM files. The chain begins with the server's own certificate; the key may have
/// the form of PKCS #8, SEC 1 or PKCS #1.
public func loadKeyPair(certificateFile: String, keyFile: String) throws(CertificateProblem) -> KeyPair {
    let certificates = try parseCertificates(try readFile(certificateFile), path: certificateFile)
    let (key, keyPEM) = try parsePrivateKey(try readFile(keyFile), path: keyFile)
    var place: Int?
    for (index, der) in certificates.enumerated() {
        let certificate = try telling("certificate \(index + 1) in \(certificateFile) cannot be read") {
            try Certificate(derEncoded: der)
        }
        if place == nil, certificate.publicKey == key.publicKey { place = index }
    }
    switch place {
    case 0?: return KeyPair(certificates: certificates, keyPEM: keyPEM)
    case let place?:
        throw CertificateProblem(
            "the key in \(keyFile) belongs to certificate \(place + 1) in \(certificateFile); put that one first"
        )
    case nil:
        throw CertificateProblem("the key in \(keyFile) does not belong to the certificate in \(certificateFile)")
    }
}

/// The certificates in a PEM file, not yet looked into; at least one.
func parseCertificates(_ bytes: [UInt8], path: String) throws(CertificateProblem) -> [[UInt8]] {
    let blocks = PEMBlock.all(in: String(decoding: bytes, as: UTF8.self))
    var ders: [[UInt8]] = []
    for block in blocks where ["CERTIFICATE", "X509 CERTIFICATE"].contains(block.label) {
        guard let der = block.content else {
            throw CertificateProblem("certificate \(ders.count + 1) in \(path) is damaged: it is not base64")
        }
        ders.append(der)
    }
    guard ders.isEmpty else { return ders }
    if (try? Certificate(derEncoded: bytes)) != nil {
        throw CertificateProblem(
            "\(path) is in DER, not in PEM; openssl x509 -inform der -in \(path) -out NEW.pem turns it over"
        )
    }
    let found = blocks.first.map { ", but a \(printable($0.label, limit: 40))" } ?? ""
    throw CertificateProblem("\(path) holds no certificate\(found); it must have a line -----BEGIN CERTIFICATE-----")
}

/// The first private key in a PEM file, and its text as PKCS #8.
func parsePrivateKey(
    _ bytes: [UInt8],
    path: String
) throws(CertificateProblem) -> (key: Certificate.PrivateKey, pem: String) {
    let blocks = PEMBlock.all(in: String(decoding: bytes, as: UTF8.self))
    guard let block = blocks.first(where: { $0.label.hasSuffix("PRIVATE KEY") }) else {
        let found = blocks.first.map { ", but a \(printable($0.label, limit: 40))" } ?? ""
        throw CertificateProblem(
            "\(path) holds no private key\(found); it must have a line -----BEGIN PRIVATE KEY-----"
        )
    }
    guard !block.isEncrypted, block.label != "ENCRYPTED PRIVATE KEY" else {
        throw CertificateProblem(
            "the key in \(path) is encrypted, and stanzatap asks for no passphrase; openssl pkey -in \(path) -out NEW.pem "
                + "writes it without"
        )
    }
    guard let der = block.content else {
        throw CertificateProblem("the key in \(path) is damaged: it is not base64")
    }
    return try telling("the key in \(path) cannot be read") {
        let key = try Certificate.PrivateKey(pemDocument: PEMDocument(type: block.label, derBytes: der))
        return (key, try pkcs8(key, label: block.label, der: der))
    }
}

private func pkcs8(_ key: Certificate.PrivateKey, label: String, der: [UInt8]) throws -> String {
    switch label {
    case "PRIVATE KEY": pem(label, der)
    case "RSA PRIVATE KEY": pem("PRIVATE KEY", try wrappedRSA(der))
    // The library writes all kinds but RSA as PKCS #8.
    default: try key.serializeAsPEM().pemString + "\n"
    }
}

/// RFC 5208 around RFC 8017.
private func wrappedRSA(_ der: [UInt8]) throws -> [UInt8] {
    let rsaEncryption: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 1, 1]
    var serializer = DER.Serializer()
    try serializer.appendConstructedNode(identifier: .sequence) { coder in
        try coder.serialize(0)
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(rsaEncryption)
            try coder.serialize(ASN1Null())
        }
        try coder.serialize(ASN1OctetString(contentBytes: der[...]))
    }
    return serializer.serializedBytes
}
