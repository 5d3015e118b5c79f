import XMPP

/// What a client says about channel binding, that is about tying its login to the TLS connection (RFC 5801 section 5).
enum ChannelBinding: Equatable {
    /// `n`: the client does not use it.
    case unused
    /// `y`: the client could, but saw no mechanism of the server that can.
    case notOffered
    /// `p=`: by the type of that name.
    case used(type: String)

    /// A sentence about the client.
    var sentence: String {
        switch self {
        case .unused: "It does not use channel binding (flag n)."
        case .notOffered: "It could bind the login to the TLS connection, but believes that the server cannot (flag y)."
        case .used(let type): "It binds the login to the TLS connection by \(Self.described(type)) (flag p)."
        }
    }

    static func described(_ type: String) -> String {
        switch type {
        case "tls-unique": "tls-unique, the handshake's first Finished message of TLS 1.2 and before"
        case "tls-exporter": "tls-exporter, a value that only the two ends of the connection can compute (RFC 9266)"
        case "tls-server-end-point": "tls-server-end-point, a hash of the server's certificate"
        default: "\(type.quoted(limit: 60)), a type that is not known here"
        }
    }
}

/// The header of a client's first message in the mechanisms of the GS2 family: flag, authorization identity.
struct GS2Header: Equatable {
    let binding: ChannelBinding
    let authorizationIdentity: String?
    /// The header itself, to its second comma.
    let bytes: [UInt8]

    init?(_ message: [UInt8]) {
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
            guard parts[1].starts(with: "a=".utf8), let name = saslName(parts[1].dropFirst(2)) else { return nil }
            authorizationIdentity = name
        }
        bytes = Array(message[..<parts[2].startIndex])
    }
}

/// A name in which `=2C` stands for a comma and `=3D` for an equals sign (RFC 5802 section 5.1); nil if it has another `=`.
func saslName(_ bytes: ArraySlice<UInt8>) -> String? {
    var name: [UInt8] = []
    name.reserveCapacity(bytes.count)
    var rest = bytes
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "=") else {
            name.append(byte)
            continue
        }
        if rest.starts(with: "2C".utf8) {
            name.append(UInt8(ascii: ","))
        } else if rest.starts(with: "3D".utf8) {
            name.append(UInt8(ascii: "="))
        } else {
            return nil
        }
        rest = rest.dropFirst(2)
    }
    return String(decoding: name, as: UTF8.self)
}

/// What an authorization identity means beside the user who proves to be somebody; nothing to tell if there is none.
func toldAuthorization(_ identity: String?, user: String?, in conversation: Conversation) -> [String] {
    guard let identity, !identity.isEmpty else { return [] }
    guard let user, !user.isEmpty else { return ["It asks to act as \(identity.quoted(limit: 100))."] }
    let own = [user, conversation.domain.map { "\(user)@\($0)" }]
    if own.contains(identity) {
        return ["It names the same account as its authorization identity (\(identity.quoted(limit: 100)))."]
    }
    return [
        "It asks to act as \(identity.quoted(limit: 100)), an authorization identity that differs from the user; "
            + "the server must allow that."
    ]
}
