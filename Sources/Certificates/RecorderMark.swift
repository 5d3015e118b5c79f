import SwiftASN1
import X509

/// The mark in the certificates that a recorder shows to clients in place of their server's.
public enum RecorderMark {
    /// A comment, as Netscape's certificates had it: every reader knows it and takes it for nothing. A number of our own would
    /// be one below 2.25, and some readers, Go's among them, refuse a certificate in which a part of a number has over 31 bits.
    private static let identifier: ASN1ObjectIdentifier = [2, 16, 840, 1, 113_730, 1, 13]
    private static let comment = Array("shown by a recorder of stanzatap".utf8)
    /// DER of an IA5String; the comment is shorter than 128 bytes.
    private static let value: [UInt8] = [0x16, UInt8(truncatingIfNeeded: comment.count)] + comment

    /// The extension that bears it.
    static let mark = Certificate.Extension(oid: identifier, critical: false, value: value[...])

    /// True if a certificate, DER, bears it: then who shows it is no server but another recorder. What cannot be read bears none.
    public static func isIn(_ der: [UInt8]) -> Bool {
        guard der.count <= ChainCheck.largestCertificate, let certificate = try? Certificate(derEncoded: der) else {
            return false
        }
        return certificate.extensions[oid: identifier]?.value.elementsEqual(value) == true
    }
}
