/// The conditions of a stanza error (RFC 6120 section 8.3.3), in the namespace `urn:ietf:params:xml:ns:xmpp-stanzas`.
public enum StanzaErrorCondition: String, Sendable, CaseIterable {
    case badRequest = "bad-request"
    case conflict
    case featureNotImplemented = "feature-not-implemented"
    case forbidden
    case gone
    case internalServerError = "internal-server-error"
    case itemNotFound = "item-not-found"
    case jidMalformed = "jid-malformed"
    case notAcceptable = "not-acceptable"
    case notAllowed = "not-allowed"
    case notAuthorized = "not-authorized"
    /// Of RFC 3920; RFC 6120 has it no more.
    case paymentRequired = "payment-required"
    case policyViolation = "policy-violation"
    case recipientUnavailable = "recipient-unavailable"
    case redirect
    case registrationRequired = "registration-required"
    case remoteServerNotFound = "remote-server-not-found"
    case remoteServerTimeout = "remote-server-timeout"
    case resourceConstraint = "resource-constraint"
    case serviceUnavailable = "service-unavailable"
    case subscriptionRequired = "subscription-required"
    case undefinedCondition = "undefined-condition"
    case unexpectedRequest = "unexpected-request"

    /// What the condition means, a clause that can follow a colon.
    public var meaning: String {
        switch self {
        case .badRequest: "the request is not built as the protocol wants it"
        case .conflict: "something with that name exists already"
        case .featureNotImplemented: "the receiver does not implement this"
        case .forbidden: "the sender is not permitted to do this"
        case .gone: "the addressee is no longer here"
        case .internalServerError: "something went wrong inside the server"
        case .itemNotFound: "the address or item does not exist"
        case .jidMalformed: "an address is not a valid JID"
        case .notAcceptable: "the request does not meet the receiver's criteria"
        case .notAllowed: "nobody is allowed to do this"
        case .notAuthorized: "the sender must first authenticate, or did so wrongly"
        case .paymentRequired: "the sender must pay first"
        case .policyViolation: "it goes against a policy of the server"
        case .recipientUnavailable: "the addressee is not online"
        case .redirect: "the request belongs at another address for now"
        case .registrationRequired: "the sender must register first"
        case .remoteServerNotFound: "the addressee's server does not exist or cannot be found"
        case .remoteServerTimeout: "the addressee's server did not answer in time"
        case .resourceConstraint: "the server lacks the resources at the moment"
        case .serviceUnavailable: "nobody there offers this service"
        case .subscriptionRequired: "a subscription is required first"
        case .undefinedCondition: "none of the defined conditions applies"
        case .unexpectedRequest: "the request came out of order"
        }
    }

    /// The condition that a legacy error code stands for where no element says it (XEP-0086).
    public init?(legacyCode: Int) {
        switch legacyCode {
        case 302: self = .gone
        case 400: self = .badRequest
        case 401: self = .notAuthorized
        case 402: self = .paymentRequired
        case 403: self = .forbidden
        case 404: self = .itemNotFound
        case 405: self = .notAllowed
        case 406: self = .notAcceptable
        case 407: self = .registrationRequired
        case 408, 504: self = .remoteServerTimeout
        case 409: self = .conflict
        case 500: self = .internalServerError
        case 501: self = .featureNotImplemented
        case 502, 503: self = .serviceUnavailable
        case 510: self = .serviceUnavailable
        default: return nil
        }
    }

    /// The legacy codes that stand for the condition (XEP-0086); empty for one that is younger than codes.
    public var legacyCodes: Set<Int> {
        switch self {
        case .gone, .redirect: [302]
        case .badRequest, .jidMalformed, .unexpectedRequest: [400]
        case .notAuthorized: [401]
        case .paymentRequired: [402]
        case .forbidden: [403]
        case .itemNotFound, .recipientUnavailable, .remoteServerNotFound: [404]
        case .notAllowed: [405]
        case .notAcceptable: [406]
        case .registrationRequired, .subscriptionRequired: [407]
        case .conflict: [409]
        case .internalServerError, .resourceConstraint, .undefinedCondition: [500]
        case .featureNotImplemented: [501]
        case .serviceUnavailable: [502, 503, 510]
        case .remoteServerTimeout: [408, 504]
        case .policyViolation: []
        }
    }
}
