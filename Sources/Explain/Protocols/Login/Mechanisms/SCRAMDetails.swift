import SASL
import XMPP

/// What RFC 5802 demands of single attributes.
enum SCRAMDetails {
    /// Whether the attributes come in the order that the message has them in.
    static func orderFindings(_ fields: SCRAMMessage, of order: String) -> [Finding] {
        let known = fields.letters.filter { order.contains($0) }
        guard known.count == order.count, known.joined() != order else { return [] }
        return [
            Finding(
                .scramOrder,
                "the attributes must come in the order \(order.map { "\($0)=" }.joined(separator: ", ")) (RFC 5802 section 5.1)."
            )
        ]
    }

    static func nonceFindings(_ nonce: ArraySlice<UInt8>) -> [Finding] {
        if nonce.isEmpty { return [Finding(.saslNonce, "the client's nonce is empty.")] }
        return nonce.allSatisfy(isPrintable) ? [] : [charactersFinding]
    }

    static let charactersFinding = Finding(
        .nonceCharacters,
        "the nonce has characters that it must not have: printable ones of ASCII without blanks and commas (RFC 5802 section 7)."
    )

    static func isPrintable(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) && byte != UInt8(ascii: ",") }

    /// Whether the user name is in the form that SASLprep gives it.
    static func nameFindings(_ user: String?) -> [Finding] {
        guard let user, !SASLName.isPrepared(user) else { return [] }
        return [
            Finding(
                .scramPrepared,
                "the user name is not in the form that SASLprep (RFC 4013) gives it, or has characters that it forbids."
            )
        ]
    }

    /// What is wrong with the length of the channel binding data, a clause; nil if nothing is, or nobody knows.
    static func length(_ count: Int, of binding: ChannelBinding) -> String? {
        guard case .used(let type) = binding, count > 0 else { return nil }
        let lengths: Set<Int>
        switch type {
        case "tls-exporter": lengths = [32]
        // The hash of the certificate: SHA-256 or longer (RFC 5929 section 4.1).
        case "tls-server-end-point": lengths = [28, 32, 48, 64]
        default: return nil
        }
        if lengths.contains(count) { return nil }
        return
            "the channel binding data has \(counted(count, "byte")), but \(type) makes \(lengths.sorted().map(String.init).listed("or"))"
    }
}
