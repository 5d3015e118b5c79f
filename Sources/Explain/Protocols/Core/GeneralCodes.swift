import XMPP

/// The kinds of findings that any packet can have.
extension FindingCode {
    static let changedByProxy = note(
        "stanzatap.changed",
        "",
        "stanzatap changed this packet on its way. The transcript shows what was sent and what the receiver got."
    )
    static let afterStreamEnd = warning(
        "stream.after-end",
        "RFC 6120 section 4.4",
        "The sender had closed its stream with an end tag, after which it may send nothing more."
    )
    static let acknowledgedAfterEnd = note(
        "sm.acknowledged.after-end",
        "RFC 6120 section 4.4",
        "The sender had closed its stream with an end tag, after which it may send nothing more, not even an acknowledgement. XEP-0198 section 4 recommends one right before the end instead. It does no harm, for who closes its own stream still reads."
    )
    static let beforeTLSAnswer = warning(
        "tls.before-answer",
        "RFC 6120 section 5.4.3.3",
        "Between <starttls/> and the server's answer the client may not send anything: whether it is encrypted or not would be a matter of chance."
    )
    static let xmlProblem = warning(
        "xml.problem",
        "RFC 6120 section 11",
        "The packet can be read, but has something that XMPP forbids in its XML. Servers may end the stream because of it."
    )
    static let beforeLogin = warning(
        "stanza.before-login",
        "RFC 6120 section 7.1",
        "A stanza was sent before the client had logged in. Servers refuse such ones or end the stream; nothing of it reaches anybody."
    )
    static let beforeBind = warning(
        "stanza.before-bind",
        "RFC 6120 section 7.1",
        "A stanza was sent to somebody else before the client had bound a resource. The server must not deliver it."
    )
    static let unknownStanza = warning(
        "stanza.unknown",
        "RFC 6120 section 4.9.3.24",
        "Of the namespace of the stream only message, presence and iq may be sent. A server answers anything else with the stream error unsupported-stanza-type."
    )
    static let newStreamMissing = warning(
        "stream.restart.missing",
        "RFC 6120 section 6.4.6",
        "After a login by SASL the client must open a new stream before anything else; what it sends on the old one belongs to no stream."
    )
    static let newStreamNeedless = note(
        "stream.restart.needless",
        "XEP-0388 section 2.6.1",
        "After a login by SASL2 the stream goes on as it is. A client that opens a new one waits for features that may never come."
    )

    static let general: [FindingCode] = [
        changedByProxy, afterStreamEnd, acknowledgedAfterEnd, beforeTLSAnswer, xmlProblem, beforeLogin, beforeBind,
        unknownStanza,
        newStreamMissing,
        newStreamNeedless,
    ]
}
