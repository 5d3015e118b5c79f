import TLSHandshake
import XMLStream
import XMPP

/// What a session makes of the bytes that it was given.
public enum SessionEvent: Sendable, Equatable {
    case packet(Packet)
    /// A run of white space that was sent to keep the connection alive; `count` bytes in all.
    case keepAlive(Direction, count: Int, time: UInt64?)
    /// Text between packets, where none may stand.
    case strayText(Direction, [UInt8], time: UInt64?)
    /// From here on the bytes of both directions cannot be read.
    case opaque(Opaque, time: UInt64?)
    /// From here on both directions are compressed by zlib (XEP-0138); their packets are told unpacked.
    case compressed(time: UInt64?)
    /// The first message of that direction in encrypted bytes that are passed through; never `incomplete` or `notTLS`.
    case hello(Direction, HelloReader.Result, time: UInt64?)
    /// Bytes that came between the request for encryption and its start, where none may be: how they begin, and how many.
    case bytesBeforeHandshake(Direction, excerpt: [UInt8], count: Int, time: UInt64?)
    /// The bytes of this direction are no XMPP stream, or no more; it is not explained any further.
    case unreadable(Direction, Breakage, time: UInt64?)
    /// Bytes of that direction are missing in the capture, so many if it is known; explaining goes on at the next packet.
    case lost(Direction, count: Int?, time: UInt64?)
    /// The beginning of a packet, of which what follows is missing.
    case cut(Direction, excerpt: [UInt8], count: Int, time: UInt64?)
    /// Bytes behind a gap that belong to no packet that can be read.
    case skipped(Direction, count: Int, time: UInt64?)
    /// At the end: bytes of a direction that were passed on without being read.
    case passedThrough(Direction, Opaque?, count: Int)
    /// At the end: a packet of which only the beginning came.
    case unfinished(Direction, excerpt: [UInt8], count: Int)
}

/// Why bytes cannot be read.
public enum Opaque: Sendable, Equatable {
    /// TLS after STARTTLS.
    case startTLS
    /// TLS from the first byte (XEP-0368).
    case directTLS
    /// TLS that begins in a recording which does not hold what was said before it.
    case laterTLS
    /// TLS that began before the recording.
    case earlierTLS
    /// Compressed after `<compressed/>` by something else than zlib (XEP-0138).
    case compression
}

extension Opaque {
    /// True if its beginning is in the recording, and with it the first message of each side.
    var tellsHellos: Bool {
        switch self {
        case .startTLS, .directTLS, .laterTLS: true
        case .earlierTLS, .compression: false
        }
    }
}

/// Where a direction stops being readable, and why.
public struct Breakage: Sendable, Equatable {
    public let error: StreamError
    /// The number of the packet that is broken; nil if no stream was open in that direction.
    public let number: Int?
    /// How the bytes begin that cannot be read, where the error has no place in XML.
    public let excerpt: [UInt8]

    init(_ error: StreamError, number: Int? = nil, excerpt: ArraySlice<UInt8> = []) {
        self.error = error
        self.number = number
        self.excerpt = Array(excerpt.prefix(DirectionReader.excerptBytes))
    }
}
