import SASL
import XMPP

extension ChannelBinding {
    /// A sentence about the client.
    var sentence: String {
        switch self {
        case .unused: "It does not use channel binding (flag n)."
        case .notOffered: "It knows channel binding, but believes that the server does not (flag y)."
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

/// What an authorization identity means beside the user who proves to be somebody; nothing to tell if there is none.
func toldAuthorization(_ identity: String?, user: String?, in scene: Scene) -> [String] {
    guard let identity, !identity.isEmpty else { return [] }
    guard let user, !user.isEmpty else { return ["It asks to act as \(identity.quoted(limit: 100))."] }
    let own = [user, scene.domain.map { "\(user)@\($0)" }]
    if own.contains(identity) {
        return ["It names the same account as its authorization identity (\(identity.quoted(limit: 100)))."]
    }
    return [
        "It asks to act as \(identity.quoted(limit: 100)), an authorization identity that differs from the user; "
            + "the server must allow that."
    ]
}
