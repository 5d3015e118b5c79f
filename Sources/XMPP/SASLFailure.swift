/// The conditions of a SASL failure (RFC 6120 section 6.5).
public enum SASLFailure: String, Sendable, CaseIterable {
    case aborted
    case accountDisabled = "account-disabled"
    case credentialsExpired = "credentials-expired"
    case encryptionRequired = "encryption-required"
    case incorrectEncoding = "incorrect-encoding"
    case invalidAuthzid = "invalid-authzid"
    case invalidMechanism = "invalid-mechanism"
    case malformedRequest = "malformed-request"
    case mechanismTooWeak = "mechanism-too-weak"
    case notAuthorized = "not-authorized"
    case temporaryAuthFailure = "temporary-auth-failure"

    /// What the condition means, a clause that can follow a colon.
    public var meaning: String {
        switch self {
        case .aborted: "the client gave up"
        case .accountDisabled: "the account is disabled"
        case .credentialsExpired: "the credentials have expired"
        case .encryptionRequired: "this mechanism may only be used on an encrypted connection; start TLS first"
        case .incorrectEncoding: "the data is not valid base64"
        case .invalidAuthzid: "the authorization identity is not valid or may not be used"
        case .invalidMechanism: "the server does not offer that mechanism"
        case .malformedRequest: "the data does not fit the mechanism"
        case .mechanismTooWeak: "the server wants a stronger mechanism"
        case .notAuthorized: "user name or password is wrong, or the account does not exist"
        case .temporaryAuthFailure: "the server cannot check the credentials at the moment; try again later"
        }
    }
}
