import Session
import XMLStream
import XMPP

/// Tells once of each way on which files and calls go that is no part of the stream, so that nobody looks for them in the recording.
struct ElsewhereWatch: Watcher {
    private var told: Set<String> = []

    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding] {
        guard let iq = packet.element, iq.name == "iq", scene.streamKind == .client, let payload = iq.firstChild,
            let way = Self.way(payload, iq["type"] ?? ""), told.insert(way).inserted
        else { return [] }
        return [Finding(.elsewhere, "\(way), so stanzatap does not see it.")]
    }

    private static func way(_ payload: Element, _ type: String) -> String? {
        switch (payload.namespace, payload.name, type) {
        case ("urn:xmpp:http:upload:0", "slot", "result"): "the file itself goes over HTTP"
        case ("http://jabber.org/protocol/bytestreams", "query", "result"):
            payload.child("streamhost-used") == nil ? nil : "the bytes go over a connection of their own (SOCKS5)"
        case ("urn:xmpp:jingle:1", "jingle", "set"):
            payload["action"] == "session-accept" ? ofCall(payload) : nil
        default: nil
        }
    }

    /// What an accepted session of Jingle is transported by, unless that is the stream itself.
    private static func ofCall(_ jingle: Element) -> String? {
        let transports = jingle.children.compactMap { $0.child("transport")?.namespace }
        guard transports.contains(where: { $0.hasPrefix("urn:xmpp:jingle:transports:") && !$0.contains(":ibb:") })
        else { return nil }
        return "what the call or transfer carries goes from one to the other directly, or over a relay"
    }
}

extension FindingCode {
    static let elsewhere = note(
        "stanzatap.elsewhere",
        "",
        "Something is sent by another way than the stream of XMPP: over HTTP, SOCKS5 or between the two clients. The recording has what was agreed upon, not what was sent."
    )
}
