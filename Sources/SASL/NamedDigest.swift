import Crypto

/// A hash function by the name that XMPP has for it (XEP-0300 section 3, RFC 3174 and others).
public enum NamedDigest {
    /// The hash in base64; nil if the function is none that stanzatap has.
    public static func base64(_ function: String, of bytes: [UInt8]) -> String? {
        switch function.lowercased() {
        case "md5": Base64.encode(Array(Insecure.MD5.hash(data: bytes)))
        case "sha-1": Base64.encode(Array(Insecure.SHA1.hash(data: bytes)))
        case "sha-256": Base64.encode(Array(SHA256.hash(data: bytes)))
        case "sha-384": Base64.encode(Array(SHA384.hash(data: bytes)))
        case "sha-512": Base64.encode(Array(SHA512.hash(data: bytes)))
        default: nil
        }
    }
}
