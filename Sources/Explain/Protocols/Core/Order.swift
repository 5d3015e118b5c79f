import Session
import XMLStream
import XMPP

/// Whether the client does things in their order: a new stream when it must, no stanza before it may.
extension Scene {
    /// What is wrong with the client's packet after a login that succeeded; to be asked before the packet is told.
    mutating func restartFindings(_ packet: Packet) -> [Finding] {
        // What stanzatap sends for the client is not the client's doing.
        if packet.isSentByProxy { return [] }
        switch (afterLogin, packet.kind) {
        case (.nothing, _): return []
        case (.newStreamDue, .header), (.newStreamDue, .end):
            afterLogin = .nothing
            return []
        case (.newStreamDue, .element), (.newStreamDue, .oversized):
            afterLogin = .nothing
            return [
                Finding(
                    .newStreamMissing,
                    "after the login the client must open a new stream before it sends anything else (RFC 6120 section 6.4.6)."
                )
            ]
        case (.streamGoesOn, .header):
            afterLogin = .nothing
            return [
                Finding(
                    .newStreamNeedless,
                    "after a login by SASL2 the stream goes on as it is; the client should not open it anew (XEP-0388 section 2.6.1)."
                )
            ]
        case (.streamGoesOn, .element), (.streamGoesOn, .end), (.streamGoesOn, .oversized): return []
        }
    }

    /// What may be asked before a login: how to get an account, and how to log in.
    private static let allowedBeforeLogin: Set<String> = [
        NS.register, NS.auth, NS.preAuthentication, NS.extensibleRegistration, NS.captcha,
    ]

    /// A stanza of the client's that comes before its login, or to somebody else before it has bound a resource.
    mutating func earlyFindings(_ stanza: Element, _ packet: Packet) -> [Finding] {
        if packet.direction == .serverToClient || account.boundJID != nil || account.isResumed { return [] }
        guard streamKind == .client, packet.direction == .clientToServer, !beginsInMiddle, !packet.isSentByProxy,
            packet.otherDirectionIsReadable, !order.isAhead
        else {
            return []
        }
        let payload = stanza.name == "iq" ? stanza.firstChild()?.namespace : nil
        if account.isAuthenticated {
            guard account.boundJID == nil, versions[.client] != nil, payload != NS.bind, !order.isBinding,
                addressee(of: stanza, in: packet).role != .server || stanza.name == "message"
            else { return [] }
            if account.mechanism == Account.legacyMechanism { return [] }
            return [
                Finding(
                    .beforeBind,
                    "the client has not bound a resource yet, so the server must not deliver this (RFC 6120 section 7.1)."
                )
            ]
        }
        if let payload, Self.allowedBeforeLogin.contains(payload) { return [] }
        if ["result", "error"].contains(stanza["type"]), stanza.name == "iq" { return [] }
        counts.tooEarly = counts.tooEarly ?? packet.number
        counts.early.append(packet.number)
        let first =
            offers.tlsIsRequired && !encryption.isEncrypted
            ? "has neither encrypted the connection nor logged in" : "has not logged in"
        return [Finding(.beforeLogin, "the client \(first); a server must not let this pass (RFC 6120 section 7.1).")]
    }
}

extension Account {
    /// What `mechanism` is after a login from before SASL.
    static let legacyMechanism = "jabber:iq:auth"
}
