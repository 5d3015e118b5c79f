import XMPP

/// What is wrong about things that are no packets.
public enum EventFindings {
    /// - Parameters:
    ///   - kind: the event's name for machines.
    ///   - line: what it tells, without a full stop.
    /// - Returns: nil for what happens in good sessions.
    public static func finding(_ kind: String, _ line: String) -> Finding? {
        guard let code = codes[kind] else { return nil }
        let start =
            line.hasPrefix("TLS") || line.hasPrefix("stanzatap") ? line : line.prefix(1).lowercased() + line.dropFirst()
        return Finding(code, start.hasSuffix(".") ? start : start + ".")
    }

    /// The kind of an event that a transcript tells by its line alone; nil for one of which nothing is found.
    public static func kind(ofLine line: String) -> String? {
        if line.hasPrefix("Packet ") || line.hasPrefix("What "), line.contains(BrokenText.verdict) {
            return "unreadable"
        }
        if line.contains(" between packets" + BrokenText.stray) { return "stray-text" }
        if line.contains(" keeps the connection alive: "), line.contains("(XEP-0388 section 2.4)") {
            return whiteSpaceInLogin
        }
        return nil
    }

    /// The name under which white space is looked up that came where none may be.
    public static let whiteSpaceInLogin = "white-space-in-login"

    private static let codes: [String: FindingCode] = [
        "unreadable": .unreadable,
        "stray-text": .strayText,
        "bytes-before-handshake": .bytesBeforeHandshake,
        whiteSpaceInLogin: .whiteSpaceInLogin,
        "unfinished": .halfPacket,
        "tls-failed": .tlsFailed,
        "upstream-failed": .serverNotReached,
    ]
}

/// The kinds of findings about what is no packet, and those that only the end tells.
extension FindingCode {
    static let unreadable = warning(
        "xml.unreadable",
        "RFC 6120 section 11.3",
        "What one side sent is no well-formed XML, so nothing of that side can be read from there on, by anybody: the receiver must end the stream. Mend what writes the XML: most often text is put into it without escaping <, & or quotes, or holds control characters, which XML does not know."
    )
    static let strayText = warning(
        "stream.stray-text",
        "RFC 6120 section 11.7",
        "Between the packets of a stream only white space may stand. Text there belongs to no packet and is lost; receivers may end the stream because of it. Look for a packet whose end tag came too early."
    )
    static let bytesBeforeHandshake = warning(
        "tls.before-handshake",
        "RFC 6120 section 5.4.3.3",
        "Between the answer to <starttls/> and the handshake nothing may be sent in the clear, not even white space: what reads the handshake takes it for TLS and gives up."
    )
    static let whiteSpaceInLogin = warning(
        "sasl2.white-space",
        "XEP-0388 section 2.4",
        "During a login by SASL2 neither side may send anything in between, not even the white space that keeps connections alive. Servers may give the login up. Stop such timers until the login is over."
    )
    static let halfPacket = note(
        "stream.half-packet",
        "",
        "One side ended its connection in the middle of a packet. The receiver drops the half; what was in it is lost unless it is sent again. Mostly a program that was killed, or a network that went away."
    )
    static let tlsFailed = note(
        "tls.failed",
        "",
        "TLS was not established, so nothing was said. Its reason tells who gave up and why; where a client does not trust stanzatap's certificate, 'stanzatap ca trust-help' helps, and neither client nor server is to blame."
    )
    static let serverNotReached = note(
        "server.not-reached",
        "",
        "stanzatap could not connect to the client's server. The reason tells whether the name, the address or the port is wrong; 'stanzatap doctor' looks for it."
    )
    static let streamError = note(
        "stream.error",
        "RFC 6120 section 4.9",
        "The stream was ended by an error, which nothing can follow. Its condition and its text tell why; most often it is what the other side sent just before."
    )
    static let unanswered = note(
        "iq.unanswered",
        "RFC 6120 section 8.2.3",
        "Whoever receives a request (an iq of the type get or set) must answer it, if only by an error. Whoever asked waits, mostly until a time is over. Only such requests are told after which more stanzas came back."
    )

    static let events: [FindingCode] = [
        unreadable, strayText, bytesBeforeHandshake, whiteSpaceInLogin, halfPacket, tlsFailed, serverNotReached,
        streamError, unanswered,
    ]
}
