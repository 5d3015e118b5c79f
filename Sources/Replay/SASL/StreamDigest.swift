import Crypto

/// The proof that is made from a stream's id and a secret: of legacy authentication (XEP-0078 section 3.1) and of
/// components (XEP-0114 section 3).
enum StreamDigest {
    static func hex(streamID: String, secret: String) -> String {
        DigestMD5.hex(Array(Insecure.SHA1.hash(data: Array((streamID + secret).utf8))))
    }
}
