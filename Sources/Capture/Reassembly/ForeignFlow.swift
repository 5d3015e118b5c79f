import XMPP

/// One TCP connection of a foreign capture: put in order, and held back until it is known to be XMPP.
final class ForeignFlow {
    enum State {
        /// What came so far, to be told or dropped once it is known what it is; true if the first end sent it.
        case undecided([(isFirst: Bool, time: UInt64?, output: TCPDirection.Output)])
        /// XMPP, with that number; true if the first end is the client.
        case xmpp(connection: Int, firstIsClient: Bool)
        case other
    }

    /// The ends in the order of the flow's key.
    let first: Endpoint
    let second: Endpoint
    var state = State.undecided([])
    var firstDirection = TCPDirection()
    var secondDirection = TCPDirection()
    /// Who sent the SYN; nil if the capture begins later.
    var firstIsClient: Bool?
    var initial: UInt32?
    /// When the SYN came; nil if the capture begins later.
    var began: UInt64?
    /// True while a SYN is read: it can carry bytes before the other side was heard of.
    var isOpening = false
    /// The first bytes of each end.
    var firstBytes: [UInt8] = []
    var secondBytes: [UInt8] = []
    var byteCount = 0
    var counts = (first: 0, second: 0)
    var closed = (first: false, second: false)

    init(first: Endpoint, second: Endpoint) {
        self.first = first
        self.second = second
    }

    /// Who is the client where no SYN tells: what is said tells it, then the usual ports, then the addresses of stanzas; else it
    /// has the higher port.
    var guessedFirstIsClient: Bool {
        if let firstIsClient { return firstIsClient }
        for judge in [Self.isClientByStart, Self.isClientByNonza] {
            if let byContent = judge(firstBytes) { return byContent }
            if let byContent = judge(secondBytes) { return !byContent }
        }
        let usual = (ForeignTraffic.usualPorts.contains(first.port), ForeignTraffic.usualPorts.contains(second.port))
        if usual.0 != usual.1 { return usual.1 }
        if Self.isFromServer(firstBytes) != Self.isFromServer(secondBytes) { return Self.isFromServer(secondBytes) }
        return first.port > second.port
    }

    /// By a hello of TLS or a stream header.
    private static func isClientByStart(_ bytes: [UInt8]) -> Bool? {
        if bytes.count > 5, bytes[0] == 0x16, bytes[1] == 3 {
            return bytes[5] == 1 ? true : bytes[5] == 2 ? false : nil
        }
        let text = String(decoding: bytes.prefix(1024), as: UTF8.self)
        guard let start = text.firstRange(of: "<stream:stream")?.upperBound else { return nil }
        let header = text[start...].prefix { $0 != ">" }
        if header.contains(" id=") { return false }
        return header.contains(" to=") ? true : nil
    }

    /// By what only one of the two may say (RFC 6120 sections 5 and 6, XEP-0138, XEP-0198).
    private static func isClientByNonza(_ bytes: [UInt8]) -> Bool? {
        let text = String(decoding: bytes.prefix(1024), as: UTF8.self)
        let names = ["starttls", "auth", "response", "authenticate", "compress", "enable", "resume"]
        let answers = [
            "proceed", "challenge", "success", "failure", "stream:features", "stream:error", "compressed", "enabled",
            "resumed",
        ]
        guard text.first == "<" else { return nil }
        let name = text.dropFirst().prefix { !" \t\r\n/>".contains($0) }
        return names.contains(String(name)) ? true : answers.contains(String(name)) ? false : nil
    }

    /// Servers tell from whom a stanza is, clients need not.
    private static func isFromServer(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes.prefix(1024), as: UTF8.self)
        return text.first == "<" && text.prefix { $0 != ">" }.contains(" from=")
    }
}
