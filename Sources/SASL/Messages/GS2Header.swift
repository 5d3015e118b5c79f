/// What a client says about channel binding, that is about tying its login to the TLS connection (RFC 5801 section 5).
public enum ChannelBinding: Sendable, Equatable {
    /// `n`: the client does not use it.
    case unused
    /// `y`: the client could, but saw no mechanism of the server that can.
    case notOffered
    /// `p=`: by the type of that name.
    case used(type: String)
}

/// The header of a client's first message in the mechanisms of the GS2 family: flag, authorization identity.
public struct GS2Header: Sendable, Equatable {
    public let binding: ChannelBinding
    public let authorizationIdentity: String?
    /// The header itself, to its second comma.
    public let bytes: [UInt8]

    /// Nil if the message does not begin with one. Read leniently, its authorization identity may be broken.
    public init?(_ message: [UInt8], _ reading: SASLReading) {
        let parts = message.split(separator: UInt8(ascii: ","), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        switch String(decoding: parts[0].prefix(100), as: UTF8.self) {
        case "n": binding = .unused
        case "y": binding = .notOffered
        case let flag where flag.hasPrefix("p=") && flag.utf8.count > 2:
            binding = .used(type: String(flag.dropFirst(2)))
        default: return nil
        }
        if parts[1].isEmpty {
            authorizationIdentity = nil
        } else {
            guard parts[1].starts(with: "a=".utf8),
                let name = SASLName.decoded(parts[1].dropFirst(2), reading)
            else { return nil }
            authorizationIdentity = name
        }
        bytes = Array(message[..<parts[2].startIndex])
    }
}
