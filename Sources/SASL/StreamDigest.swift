import Crypto

/// The proof that is made from a stream's id and a secret: of legacy authentication (XEP-0078 section 3.1) and of
/// components (XEP-0114 section 3).
public enum StreamDigest {
    /// In hexadecimal digits.
    public static func hex(streamID: String, secret: String) -> String {
        Hexadecimal.text(Array(Insecure.SHA1.hash(data: Array((streamID + secret).utf8))))
    }
}

/// Bytes as digits, two for each, letters small.
enum Hexadecimal {
    static func text(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
