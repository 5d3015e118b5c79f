/// A part of a mechanism's message that nobody else should see.
public struct SASLSecret: Sendable, Equatable {
    public enum Form: Sendable, Equatable {
        case text
        /// Base64; the first bytes of what it stands for, so many, are no secret.
        case base64(kept: Int)
        /// Bytes of any value.
        case binary
    }

    /// Where it stands in the message.
    public let range: Range<Int>
    public let form: Form

    /// What is secret in a message; all of it where the mechanism or the message is not understood.
    ///
    /// Proofs count too: with nonces and salt, which are not hidden, they let somebody try passwords.
    ///
    /// - Parameter mechanism: its name, in capitals.
    public static func find(in message: [UInt8], mechanism: String, isFromClient: Bool) -> [SASLSecret] {
        switch mechanism {
        case "EXTERNAL", "ANONYMOUS": []
        case "PLAIN", "X-OAUTH2", "X-GOOGLE-TOKEN":
            PlainMessage(message, .lenient).map { [SASLSecret(range: $0.passwordRange, form: .text)] } ?? all(message)
        case "DIGEST-MD5": digest(message)
        // The digest stands behind the name (RFC 2195 section 2).
        case "CRAM-MD5": isFromClient ? lastWord(message) : []
        case _ where mechanism.hasPrefix("SCRAM-"): scram(message, isFromClient: isFromClient)
        case _ where isFromClient && mechanism == "OAUTHBEARER": bearer(message)
        case _ where isFromClient && mechanism.hasPrefix("HT-"):
            HashedTokenMessage(message, .lenient).map { [SASLSecret(range: $0.tokenRange, form: .binary)] }
                ?? all(message)
        default: all(message)
        }
    }

    private static func all(_ message: [UInt8]) -> [SASLSecret] {
        message.isEmpty ? [] : [SASLSecret(range: message.indices, form: .binary)]
    }

    private static func digest(_ message: [UInt8]) -> [SASLSecret] {
        guard let directives = DigestDirectives(message, .lenient)?.directives, !directives.isEmpty else {
            return all(message)
        }
        return directives.filter { ["response", "rspauth"].contains($0.name) }
            .map { SASLSecret(range: $0.range, form: .text) }
    }

    private static func lastWord(_ message: [UInt8]) -> [SASLSecret] {
        let start = message.lastIndex(of: UInt8(ascii: " ")).map { $0 + 1 } ?? 0
        return [SASLSecret(range: start..<message.count, form: .text)]
    }

    private static func bearer(_ message: [UInt8]) -> [SASLSecret] {
        if message == OAuthBearerMessage.acknowledgement { return [] }
        guard let request = OAuthBearerMessage(message, .lenient) else { return all(message) }
        return request.pairs.filter { !["host", "port"].contains($0.key) }
            .map { SASLSecret(range: $0.range, form: .text) }
    }

    /// Proof, server's signature and the data of channel binding (RFC 5802 section 5.1).
    private static func scram(_ message: [UInt8], isFromClient: Bool) -> [SASLSecret] {
        // The client's first message has none; a `p=` in it names a type of channel binding.
        if isFromClient, GS2Header(message, .lenient) != nil { return [] }
        guard let attributes = SCRAMMessage(message[...], .lenient)?.attributes, !attributes.isEmpty else {
            return all(message)
        }
        return attributes.compactMap { attribute in
            let value = message[attribute.value]
            guard !value.isEmpty else { return nil }
            let data = Base64.decode(value, .strict)
            switch attribute.letter {
            case "p", "v":
                return SASLSecret(range: attribute.value, form: data == nil ? .text : .base64(kept: 0))
            case "c":
                guard let data else { return SASLSecret(range: attribute.value, form: .text) }
                let header = GS2Header(data, .lenient)?.bytes.count ?? 0
                if header == data.count { return nil }
                return SASLSecret(range: attribute.value, form: .base64(kept: header))
            default: return nil
            }
        }
    }
}
