import Session
import XMPP

/// Whether a client opens a new stream when it must, and only then. SASL and SASL2 differ in this.
extension Conversation {
    /// What is wrong with the client's packet after a login that succeeded; to be asked before the packet is explained.
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
                .warning(
                    "after the login the client must open a new stream before it sends anything else (RFC 6120 section 6.4.6)."
                )
            ]
        case (.streamGoesOn, .header):
            afterLogin = .nothing
            return [
                .note(
                    "after a login by SASL2 the stream goes on as it is; the client should not open it anew (XEP-0388)."
                )
            ]
        case (.streamGoesOn, .element), (.streamGoesOn, .end), (.streamGoesOn, .oversized): return []
        }
    }
}
