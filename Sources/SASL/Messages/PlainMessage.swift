/// The message of PLAIN (RFC 4616 section 2), and of X-OAUTH2, which has a token where PLAIN has the password: authorization
/// identity, user and password, with a zero byte before each of the last two.
public struct PlainMessage: Sendable, Equatable {
    /// Empty if the user asks to act as nobody else.
    public let authorizationIdentity: String
    public let user: String
    public let password: String
    /// Where the password stands in the message.
    public let passwordRange: Range<Int>
    public let isUTF8: Bool

    /// Nil if there are not exactly two zero bytes; strictly, also if user or password is empty or something is not UTF-8.
    public init?(_ message: [UInt8], _ reading: SASLReading) {
        let parts = message.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        authorizationIdentity = String(decoding: parts[0], as: UTF8.self)
        user = String(decoding: parts[1], as: UTF8.self)
        password = String(decoding: parts[2], as: UTF8.self)
        passwordRange = parts[2].indices
        isUTF8 = parts.allSatisfy { String(validating: $0, as: UTF8.self) != nil }
        if reading == .strict, user.isEmpty || password.isEmpty || !isUTF8 { return nil }
    }

    /// The message of a user who asks to act as nobody else.
    public static func bytes(user: String, password: String) -> [UInt8] {
        [0] + Array(user.utf8) + [0] + Array(password.utf8)
    }
}
