import XMPP

/// The kinds of findings about what was offered and what was done.
extension FindingCode {
    static let notOffered = warning(
        "feature.not-offered",
        "RFC 6120 section 4.3.2",
        "The client uses something that the server's features do not list. A server answers that with an error, or ends the stream. Let the client look into the features first."
    )
    static let unlisted = note(
        "feature.unlisted",
        "RFC 6120 section 4.3.2",
        "The client uses something that the server's features do not list, but that does no harm: the server passes over it or refuses it alone."
    )
    static let requiredIgnored = warning(
        "feature.required",
        "RFC 6120 section 4.3.2",
        "A feature that the server marks as required was not negotiated. The server may refuse what comes instead, or end the stream."
    )
    static let sessionSkipped = note(
        "feature.session",
        "RFC 3921 section 3",
        "A server from before RFC 6121 may want a session to be opened after a resource is bound. Servers of today mark that as optional."
    )
    static let tlsRequired = warning(
        "tls.required",
        "RFC 6120 section 5.3.1",
        "The server requires the connection to be encrypted, and the client goes on without. The server must refuse; what the client has said could be read on the way."
    )
    static let tlsUnused = note(
        "tls.unused",
        "RFC 6120 section 5",
        "The server offers encryption and the client does not use it. Switch TLS on in the client."
    )
    static let tlsAgain = warning(
        "tls.again",
        "RFC 6120 section 5.4.3.3",
        "STARTTLS belongs on a connection that is not encrypted. Inside TLS a server must not offer it, and a client can not use it."
    )
    static let loginAgain = warning(
        "login.again",
        "RFC 6120 section 6",
        "A client logs in once on a stream. Another login on it is refused, or ends the stream."
    )
    static let bindAgain = warning(
        "bind.again",
        "RFC 6120 section 7",
        "The client has a full address on this stream already, by binding, by its login or by resuming. A second resource is refused by most servers."
    )

    static let offers: [FindingCode] = [
        notOffered, unlisted, requiredIgnored, sessionSkipped, tlsRequired, tlsUnused, tlsAgain, loginAgain, bindAgain,
    ]

    static let inlineNotOffered = warning(
        "sasl2.inline.not-offered",
        "XEP-0388 section 2.1",
        "With a login by SASL2 only that can be asked for which the server lists as inline. The server passes over the rest, so the client must not rely on it."
    )
    static let fastMissing = warning(
        "fast.element.missing",
        "XEP-0484 section 3.4",
        "A login by a token must hold <fast/>, by which the server knows that it is no password."
    )
    static let fastAgent = warning(
        "fast.user-agent.missing",
        "XEP-0484 section 4.1",
        "Tokens belong to one installation of a client, which <user-agent/> with an id names. Without it the server can not give or find a token."
    )
    static let fastToken = warning(
        "fast.token.incomplete",
        "XEP-0484 section 3.3",
        "A token comes with the time until which it is valid; without one of the two a client can not use it."
    )
    static let identifierMissing = warning(
        "sasl2.identifier.missing",
        "XEP-0388 section 2.6.1",
        "A success of SASL2 tells the client who it is now. Without that a client does not know its own address."
    )

    static let inlineOffers: [FindingCode] = [
        inlineNotOffered, fastMissing, fastAgent, fastToken, identifierMissing,
    ]
}
