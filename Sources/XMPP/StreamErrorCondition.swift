/// The conditions of a stream error (RFC 6120 section 4.9.3), in the namespace `urn:ietf:params:xml:ns:xmpp-streams`.
public enum StreamErrorCondition: String, Sendable, CaseIterable {
    case badFormat = "bad-format"
    case badNamespacePrefix = "bad-namespace-prefix"
    case conflict
    case connectionTimeout = "connection-timeout"
    case hostGone = "host-gone"
    case hostUnknown = "host-unknown"
    case improperAddressing = "improper-addressing"
    case internalServerError = "internal-server-error"
    case invalidFrom = "invalid-from"
    case invalidID = "invalid-id"
    case invalidNamespace = "invalid-namespace"
    case invalidXML = "invalid-xml"
    case notAuthorized = "not-authorized"
    case notWellFormed = "not-well-formed"
    case policyViolation = "policy-violation"
    case remoteConnectionFailed = "remote-connection-failed"
    case reset
    case resourceConstraint = "resource-constraint"
    case restrictedXML = "restricted-xml"
    case seeOtherHost = "see-other-host"
    case systemShutdown = "system-shutdown"
    case undefinedCondition = "undefined-condition"
    case unsupportedEncoding = "unsupported-encoding"
    case unsupportedFeature = "unsupported-feature"
    case unsupportedStanzaType = "unsupported-stanza-type"
    case unsupportedVersion = "unsupported-version"
    /// The name that RFC 3920 gave to `not-well-formed`; jabberd2 still sends it.
    case xmlNotWellFormed = "xml-not-well-formed"

    /// What the condition means, a clause that can follow a colon.
    public var meaning: String {
        switch self {
        case .badFormat: "the XML cannot be processed"
        case .badNamespacePrefix: "a namespace prefix is missing or wrong"
        case .conflict: "another session takes the place of this one, or the account is gone"
        case .connectionTimeout: "the other side was silent for too long"
        case .hostGone: "this server no longer serves that domain"
        case .hostUnknown: "this server does not serve that domain"
        case .improperAddressing: "an address is missing that must be there"
        case .internalServerError: "something went wrong inside the server"
        case .invalidFrom: "the sender's address does not belong to this stream"
        case .invalidID: "the stream id is not valid"
        case .invalidNamespace: "the stream is in a namespace that the server does not serve"
        case .invalidXML: "the XML does not fit its schema"
        case .notAuthorized: "something was sent that needs a login first, or the account is gone"
        case .notWellFormed, .xmlNotWellFormed: "what was sent is not well-formed XML"
        case .policyViolation: "it went against a policy of the server"
        case .remoteConnectionFailed: "a server that is needed behind this one cannot be reached"
        case .reset: "the stream must be opened again, for example because a security credential changed"
        case .resourceConstraint: "the server lacks the resources at the moment"
        case .restrictedXML: "comments, processing instructions, DTDs or entities were sent, which XMPP forbids"
        case .seeOtherHost: "the client shall connect to another host"
        case .systemShutdown: "the server is being shut down"
        case .undefinedCondition: "none of the defined conditions applies"
        case .unsupportedEncoding: "the encoding is not UTF-8"
        case .unsupportedFeature: "a feature is required that the other side does not support"
        case .unsupportedStanzaType: "a top-level element was sent that the server does not know"
        case .unsupportedVersion: "the server does not support that version of XMPP"
        }
    }
}
