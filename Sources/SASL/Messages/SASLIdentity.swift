/// Who logs in, as a client's message tells it, however broken; with the password where that is told too.
public struct SASLIdentity: Sendable, Equatable {
    public let user: String
    public let password: String?

    /// Nil if the message does not name a user.
    public init?(mechanism: String, message: [UInt8]) {
        let found: (user: String?, password: String?)
        switch mechanism {
        case "PLAIN":
            let plain = PlainMessage(message, .lenient)
            found = (plain?.user, plain?.password)
        case "DIGEST-MD5": found = (DigestDirectives(message, .lenient)?["username"], nil)
        case _ where mechanism.hasPrefix("HT-"): found = (HashedTokenMessage(message, .lenient)?.user, nil)
        case _ where mechanism.hasPrefix("SCRAM-"):
            let header = GS2Header(message, .lenient)?.bytes.count ?? 0
            let name = SCRAMMessage(message[header...], .lenient)?["n"]
            found = (name.flatMap { SASLName.decoded($0, .lenient) }, nil)
        default: return nil
        }
        guard let user = found.user, !user.isEmpty else { return nil }
        self.user = user
        password = found.password
    }
}
