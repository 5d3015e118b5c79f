/// The first two lines of a transcript: what it is, and who, when and by what (rule 1).
public enum TitleLines {
    /// - Parameters:
    ///   - domain: whom the client wanted; nil if it never said so.
    ///   - server: the server's address and port; nil if it was not reached.
    ///   - time: when the connection was accepted, in nanoseconds since 1970.
    ///   - isSeen: false if nothing that was read says that it is XMPP.
    public static func make(
        domain: String?,
        client: String,
        server: String?,
        time: UInt64?,
        program: String,
        isSeen: Bool = true
    ) -> [String] {
        let reached =
            switch (domain, server) {
            case (let domain?, let server?): "server \(domain) (\(server))"
            case (nil, let server?): "server \(server)"
            case (_, nil): "server not reached"
            }
        let moment = time.map { ", \(UTCTime(nanoseconds: $0).title)" } ?? ""
        let peer = domain ?? "an unknown server"
        return [
            isSeen ? sessionStart + peer : encryptedStart + peer + ", perhaps XMPP",
            "Client \(client), \(reached)\(moment), \(program)",
        ]
    }

    private static let sessionStart = "XMPP session with "
    private static let encryptedStart = "TLS connection with "

    /// True for the lines with which stanzatap begins a transcript.
    public static func areOwn(_ lines: [String]) -> Bool {
        guard lines.count == 2 else { return false }
        return (lines[0].hasPrefix(sessionStart) || lines[0].hasPrefix(encryptedStart))
            && lines[1].contains(", stanzatap ")
    }
}
