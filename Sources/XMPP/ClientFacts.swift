/// Who the client of a connection is, as far as it and its server have told so far.
///
/// One reference, so that a packet which makes something known costs little to hand on.
public final class ClientFacts: Sendable, Equatable {
    /// Its address: bare once a login succeeded, with the resource once one is bound; safe for a terminal.
    public let account: String?
    /// What it calls itself, such as `Gajim 1.7.3`; safe for a terminal.
    public let software: String?

    public init(account: String? = nil, software: String? = nil) {
        self.account = account
        self.software = software
    }

    public static func == (one: ClientFacts, other: ClientFacts) -> Bool {
        one === other || one.account == other.account && one.software == other.software
    }
}
