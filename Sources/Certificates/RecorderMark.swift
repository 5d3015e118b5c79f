import SwiftASN1
import X509

/// The mark in the certificates that a recorder shows to clients in place of their server's.
public enum RecorderMark {
    /// Below 2.25, where everybody may take a number without asking (ITU-T X.667); this one was drawn by lot.
    static let identifier: ASN1ObjectIdentifier = [2, 25, 7_141_522_914_037_216_329]

    /// True if a certificate, DER, bears it: then who shows it is no server but another recorder. What cannot be read bears none.
    public static func isIn(_ der: [UInt8]) -> Bool {
        guard der.count <= ChainCheck.largestCertificate, let certificate = try? Certificate(derEncoded: der) else {
            return false
        }
        return certificate.extensions[oid: identifier] != nil
    }
}
