/// Why a relay could not be started, told so that a user can act on it.
public enum RelayError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another program listens there already.
    case addressInUse(ListenAddress)
    case cannotListen(ListenAddress, reason: String)
    /// Anybody who reaches that address could use us to reach any XMPP server.
    case openRelay(ListenAddress)
    /// No address was given, or the machine has none of them.
    case noListener
    /// A certificate or key that cannot be used; a clause.
    case tls(String)

    public var description: String {
        switch self {
        case .addressInUse(let address):
            "cannot listen on \(address): another program does already; choose another port with --listen 127.0.0.1:PORT"
        case .cannotListen(let address, let reason):
            "cannot listen on \(address): \(reason)"
        case .openRelay(let address):
            "refused to listen on \(address): without --upstream everybody who reaches that address could reach any"
                + " XMPP server through it; name the server with --upstream HOST, or the domains with"
                + " --allow-domain NAME, or listen on 127.0.0.1"
        case .tls(let reason):
            reason
        case .noListener:
            "this machine has none of the addresses to listen on; name one with --listen 127.0.0.1:PORT"
        }
    }
}
