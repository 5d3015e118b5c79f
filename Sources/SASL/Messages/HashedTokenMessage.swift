/// The client's message of the mechanisms HT-* of FAST: the user, a zero byte and the hashed token (XEP-0484).
public struct HashedTokenMessage: Sendable, Equatable {
    public let user: String
    /// Where the hashed token stands in the message.
    public let tokenRange: Range<Int>

    /// Nil without a zero byte; strictly, also without a user or a token, or if the user is not UTF-8.
    public init?(_ message: [UInt8], _ reading: SASLReading) {
        guard let zero = message.firstIndex(of: 0) else { return nil }
        user = String(decoding: message[..<zero], as: UTF8.self)
        tokenRange = (zero + 1)..<message.count
        guard reading == .strict else { return }
        let isUTF8 = String(validating: message[..<zero], as: UTF8.self) != nil
        if user.isEmpty || tokenRange.isEmpty || !isUTF8 { return nil }
    }

    /// How a mechanism of that name binds the hash to the TLS connection; nil if the name does not say it.
    public static func binding(of mechanism: String) -> ChannelBinding? {
        switch mechanism.split(separator: "-").last {
        case "NONE"?: .unused
        case "UNIQ"?: .used(type: "tls-unique")
        case "EXPR"?: .used(type: "tls-exporter")
        case "ENDP"?: .used(type: "tls-server-end-point")
        default: nil
        }
    }
}
