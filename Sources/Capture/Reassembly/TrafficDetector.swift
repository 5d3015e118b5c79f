/// Tells XMPP from other traffic by its first bytes.
enum TrafficDetector {
    enum Verdict: Equatable {
        case xmpp
        /// A TLS handshake or record; whether it is XMPP, its port or its ALPN tells.
        case tls(isXMPP: Bool)
        case other
        /// More bytes are needed.
        case unknown
    }

    /// Bytes by which it is decided.
    static let limit = 2048

    static func judge(_ bytes: [UInt8]) -> Verdict {
        if bytes.count >= 3, (0x14...0x17).contains(bytes[0]), bytes[1] == 3, bytes[2] <= 4 {
            return .tls(isXMPP: contains(bytes, "xmpp-client") || contains(bytes, "xmpp-server"))
        }
        let start = bytes.drop {
            $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF
        }
        guard let first = start.first else { return bytes.count > limit ? .other : .unknown }
        if first == UInt8(ascii: "<") { return element(Array(start)) }
        if isHTTP(start) { return .other }
        // In the middle of a stanza, if the capture begins late.
        if marks.contains(where: { contains(bytes, $0) }) { return .xmpp }
        return bytes.count >= 256 || start.contains(0) ? .other : .unknown
    }

    private static func element(_ bytes: [UInt8]) -> Verdict {
        if marks.contains(where: { contains(bytes, $0) }) { return .xmpp }
        // All that is left of a connection whose beginning nobody captured.
        if bytes.starts(with: "</stream:stream>".utf8) { return .xmpp }
        let name = bytes.dropFirst().prefix { !" \t\r\n/>".utf8.contains($0) }
        if stanzas.contains(where: { name.elementsEqual($0.utf8) }) { return .xmpp }
        return bytes.count > limit ? .other : .unknown
    }

    /// What stands in every stream header, in what is said before a login, and in nearly all that is said afterwards.
    private static let marks = [
        "http://etherx.jabber.org/streams", "jabber:client", "jabber:server", "jabber:component", "jabber:iq:",
        "urn:ietf:params:xml:ns:xmpp-", "jabber:x:", "urn:xmpp:", "http://jabber.org/protocol/", "vcard-temp",
    ]
    private static let stanzas = ["iq", "message", "presence", "stream:stream", "stream:features", "stream:error"]

    private static func isHTTP(_ bytes: ArraySlice<UInt8>) -> Bool {
        ["GET ", "POST ", "PUT ", "HEAD ", "HTTP/", "OPTIONS ", "CONNECT "].contains { bytes.starts(with: $0.utf8) }
    }

    private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, bytes.count >= wanted.count else { return false }
        return bytes.indices.dropLast(wanted.count - 1).contains { index in
            bytes[index] == first && bytes[index..<index + wanted.count].elementsEqual(wanted)
        }
    }
}
