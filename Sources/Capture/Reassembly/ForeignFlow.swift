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

    /// Who is the client where no SYN tells: who sends a ClientHello or a stream header with `to`, or has the higher port.
    var guessedFirstIsClient: Bool {
        if let firstIsClient { return firstIsClient }
        if let byContent = Self.isClient(firstBytes) { return byContent }
        if let byContent = Self.isClient(secondBytes) { return !byContent }
        return first.port > second.port
    }

    private static func isClient(_ bytes: [UInt8]) -> Bool? {
        if bytes.count > 5, bytes[0] == 0x16, bytes[1] == 3 {
            return bytes[5] == 1 ? true : bytes[5] == 2 ? false : nil
        }
        let text = String(decoding: bytes.prefix(1024), as: UTF8.self)
        guard let start = text.firstRange(of: "stream:stream")?.upperBound else { return nil }
        let header = text[start...].prefix { $0 != ">" }
        if header.contains(" id=") { return false }
        return header.contains(" to=") ? true : nil
    }
}
