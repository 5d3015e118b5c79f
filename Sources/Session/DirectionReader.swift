import TLSHandshake
import XMLStream
import XMPP

/// The bytes of one direction: its parser, and the time at which the packet in progress began.
///
/// A class, for it is asked some ten times for each packet, and a value would be copied each time.
final class DirectionReader {
    private(set) var parser = StreamParser()
    /// Until the first message of TLS was read.
    var hello: HelloReader? = HelloReader()
    /// Set while the bytes are compressed.
    private(set) var inflater: Inflater?
    /// Streams that were opened in this direction.
    var streams = 0
    var hasEnded = false
    /// Set when nothing more can be read; then bytes are counted only.
    var isUnreadable = false
    /// True once something of it was not read, however little.
    var hasHole = false
    var passedThrough = 0
    /// White space sent alone since the last packet.
    var keepAlive = 0
    var keepAliveTime: UInt64?
    private(set) var packetTime: UInt64?

    /// True until the first byte has come.
    var isNew: Bool { streams == 0 && packetTime == nil && !isUnreadable && passedThrough == 0 }

    /// True for the first bytes of a capture that begins in the middle of a TLS connection: a record of any type.
    func beginsInsideTLS(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard isNew, bytes.count > 2, let first = bytes.first else { return false }
        return (0x14...0x17).contains(first) && bytes[bytes.startIndex + 1] == 3
    }

    /// A stream of its own follows; only what was counted stays.
    func beginAnew() {
        parser = StreamParser()
        hasEnded = false
        isUnreadable = false
        streams = 0
        packetTime = nil
        inflater = nil
    }

    /// What follows is compressed, and a new stream begins in it (XEP-0138 section 3).
    ///
    /// - Returns: bytes that are part of it already.
    func beginCompressed() -> [UInt8] {
        defer {
            parser = StreamParser()
            inflater = Inflater()
        }
        return Array(parser.unread)
    }

    /// What the parser still has is no stream, and nothing behind it is; returns how many bytes that were.
    func stopReading() -> Int {
        defer { parser = StreamParser() }
        isUnreadable = true
        passedThrough += parser.unreadCount
        return parser.unreadCount
    }

    func append(_ bytes: ArraySlice<UInt8>, time: UInt64?) {
        if !parser.isInsidePacket { packetTime = time }
        bytes.withUnsafeBytes { parser.append($0) }
    }

    /// The next event, with the time of its first byte.
    func next(now time: UInt64?) -> (StreamEvent, UInt64?)? {
        guard let event = parser.next() else { return nil }
        defer { packetTime = time }
        return (event, packetTime)
    }
}
