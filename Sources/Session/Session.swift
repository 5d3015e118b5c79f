import TLSHandshake
import XMLStream
import XMPP

/// Follows one connection: bytes and closings in, numbered packets and events out. It performs nothing and owns no clock.
///
/// It knows where one direction depends on the other: that `<proceed/>` ends the readable part of both and `<compressed/>`
/// changes how both are read (RFC 6120 section 5, XEP-0138), which answer belongs to which request, and how packets are numbered.
public struct Session {
    private let client = DirectionReader()
    private let server = DirectionReader()
    private var requests = RequestTable()
    private var parties = Parties()
    private var nextNumber = 1
    private var opaque: Opaque?
    private var hasAskedForTLS = false
    /// The server has agreed to TLS: what comes next is encrypted, unless it is told to be decrypted.
    private var hasAgreedToTLS = false
    /// By which the client asked to compress.
    private var compressionMethod: String?
    /// What came before the first byte of the recording was said on this connection too.
    public private(set) var beginsInMiddle = false

    /// What was said inside TLS, or compressed, follows in the clear.
    private let isWrittenDown: Bool

    /// - Parameter isWrittenDown: true if the bytes are those of a text, in which what was encrypted or compressed on the
    ///   network stands as it was before.
    public init(isWrittenDown: Bool = false) { self.isWrittenDown = isWrittenDown }

    /// The next packet has that number, from 1; ignored if so many came already.
    public mutating func goOn(at number: Int) { nextNumber = max(nextNumber, number) }

    /// Requests without an answer so far, where all that came back was read: what can not be read proves nothing.
    public var unanswered: [Request] {
        requests.unanswered.filter { isReadable($0.direction.opposite) }
    }

    /// False if what comes in that direction from now on is not read, being encrypted or no XML.
    public func isReadable(_ direction: Direction) -> Bool { opaque == nil && !self[direction].isUnreadable }

    /// True if that direction was read from the connection's beginning until now, without a gap and without a packet that was
    /// too large: only then does it prove something that a packet is not in it.
    public func wasReadWhole(_ direction: Direction) -> Bool { isReadable(direction) && !self[direction].hasHole }

    /// Packets so far.
    public var packetCount: Int { nextNumber - 1 }

    /// Bytes came in one direction; `time` in nanoseconds since 1970, if known.
    public mutating func received(
        _ bytes: ArraySlice<UInt8>,
        _ direction: Direction,
        time: UInt64?,
        origin: Packet.Origin = .peer
    ) -> [SessionEvent] {
        if bytes.isEmpty { return [] }
        if opaque == nil, direction == .clientToServer, client.isNew, bytes.first == TLSRecord.handshake {
            let reason: Opaque = beginsInMiddle ? .laterTLS : .directTLS
            return becomeOpaque(reason, time: time) + received(bytes, direction, time: time)
        }
        if opaque == nil, self[direction].beginsInsideTLS(bytes) {
            return becomeOpaque(.earlierTLS, time: time) + received(bytes, direction, time: time)
        }
        if hasAgreedToTLS {
            return becomeOpaque(.startTLS, time: time) + received(bytes, direction, time: time)
        }
        guard opaque == nil, !self[direction].isUnreadable else {
            self[direction].passedThrough += bytes.count
            return readHello(bytes, direction, time: time)
        }
        if let inflater = self[direction].inflater {
            return unpack(bytes, inflater, direction, time: time, origin: origin)
        }
        self[direction].append(bytes, time: time)
        return readEvents(direction, time: time, origin: origin)
    }

    private mutating func unpack(
        _ bytes: ArraySlice<UInt8>,
        _ inflater: Inflater,
        _ direction: Direction,
        time: UInt64?,
        origin: Packet.Origin
    ) -> [SessionEvent] {
        var events: [SessionEvent] = []
        do throws(Inflater.Failure) {
            try inflater.inflate(bytes) { piece in
                self[direction].append(piece, time: time)
                events += readEvents(direction, time: time, origin: origin)
                return !self[direction].isUnreadable
            }
        } catch {
            giveUp(direction)
            let breakage = Breakage(StreamError(.policyViolation, error.reason), excerpt: bytes)
            events += flushKeepAlives() + [.unreadable(direction, breakage, time: time)]
        }
        return events
    }

    /// Bytes of one direction are missing: so many, or nil if nobody knows.
    public mutating func lost(_ count: Int?, _ direction: Direction, time: UInt64?) -> [SessionEvent] {
        if self[direction].isNew, packetCount == 0 { beginsInMiddle = true }
        self[direction].hasHole = true
        requests.lostAnswers(in: direction)
        guard opaque == nil, !self[direction].isUnreadable, !hasAgreedToTLS else {
            self[direction].passedThrough += count ?? 0
            return []
        }
        if self[direction].inflater != nil {
            // What was said before is needed to unpack what comes.
            giveUp(direction)
            let problem = StreamError(.policyViolation, "bytes of a compressed stream are missing in the capture")
            return flushKeepAlives() + [.unreadable(direction, Breakage(problem), time: time)]
        }
        var events = flushKeepAlives()
        let parser = self[direction].parser
        if parser.isInsidePacket {
            let excerpt = Array(parser.unread.prefix(DirectionReader.excerptBytes))
            events.append(.cut(direction, excerpt: excerpt, count: parser.unreadCount, time: time))
        }
        parser.resynchronize()
        return events + [.lost(direction, count: count, time: time)]
    }

    /// What follows was said inside TLS and decrypted: both directions begin anew (RFC 6120 section 5.4.3.3).
    public mutating func decrypted(time: UInt64?) -> [SessionEvent] {
        let early = hasAgreedToTLS ? bytesBeforeHandshake(time: time) : []
        hasAgreedToTLS = false
        hasAskedForTLS = false
        for direction in Direction.allCases { self[direction].beginAnew() }
        return early
    }

    /// TLS that was agreed upon did not come about: nothing that follows is encrypted.
    public mutating func tlsFailed() {
        hasAgreedToTLS = false
        hasAskedForTLS = false
    }

    /// The connection is over, or the recording of it: tells what is left.
    public mutating func finished() -> [SessionEvent] {
        var events = flushKeepAlives()
        if hasAgreedToTLS { events += becomeOpaque(.startTLS, time: nil) }
        for direction in Direction.allCases {
            let reader = self[direction]
            tellSkipped(direction, time: nil, into: &events)
            if !reader.isUnreadable, opaque == nil, case .failure(let error)? = reader.parser.finish()?.kind {
                events.append(broken(error, direction, time: reader.packetTime))
            }
            if !reader.isUnreadable, opaque == nil, reader.parser.isInsidePacket {
                let excerpt = Array(reader.parser.unread.prefix(DirectionReader.excerptBytes))
                events.append(.unfinished(direction, excerpt: excerpt, count: reader.parser.unreadCount))
            }
            if reader.passedThrough > 0 {
                events.append(.passedThrough(direction, opaque, count: reader.passedThrough))
            }
        }
        return events
    }

    /// Ends a run of keep-alives, because something else is about to be told.
    public mutating func flushKeepAlives() -> [SessionEvent] {
        var events: [SessionEvent] = []
        for direction in Direction.allCases where self[direction].keepAlive > 0 {
            let reader = self[direction]
            events.append(.keepAlive(direction, count: reader.keepAlive, time: reader.keepAliveTime))
            self[direction].keepAlive = 0
        }
        return events
    }

    /// Gives back the memory that only a connection in use needs. Nothing else changes.
    public func rest() {
        for direction in Direction.allCases { self[direction].parser.rest() }
    }

    // MARK: Reading

    /// In encrypted streams the first message of each side is in the clear.
    private mutating func readHello(_ bytes: ArraySlice<UInt8>, _ direction: Direction, time: UInt64?) -> [SessionEvent]
    {
        guard let opaque, opaque.tellsHellos, var reader = self[direction].hello else { return [] }
        let result = reader.read(bytes)
        self[direction].hello = result == .incomplete ? reader : nil
        switch result {
        case .incomplete, .notTLS: return []
        case .client, .server, .alert: return [.hello(direction, result, time: time)]
        }
    }

    private mutating func readEvents(_ direction: Direction, time: UInt64?, origin: Packet.Origin) -> [SessionEvent] {
        var result: [SessionEvent] = []
        var whitespace = 0
        while opaque == nil, !hasAgreedToTLS, let (event, packetTime) = self[direction].next(now: time) {
            if event.kind == .whitespace {
                whitespace += event.bytes.count
                continue
            }
            if client.keepAlive > 0 || server.keepAlive > 0 { result += flushKeepAlives() }
            tellSkipped(direction, time: time, into: &result)
            handle(event, direction, time: packetTime, origin: origin, into: &result)
            if self[direction].isUnreadable { break }
        }
        // White space beside packets in one write is layout; alone it keeps the connection alive.
        if result.isEmpty && whitespace > 0 {
            if self[direction].keepAlive == 0 { self[direction].keepAliveTime = time }
            self[direction].keepAlive += whitespace
        }
        return result
    }

    private func tellSkipped(_ direction: Direction, time: UInt64?, into result: inout [SessionEvent]) {
        let count = self[direction].parser.takeSkipped()
        if count > 0 { result.append(.skipped(direction, count: count, time: time)) }
    }

    private mutating func handle(
        _ event: StreamEvent,
        _ direction: Direction,
        time: UInt64?,
        origin: Packet.Origin,
        into result: inout [SessionEvent]
    ) {
        switch event.kind {
        case .header(let element):
            let restart = self[direction].streams
            self[direction].streams += 1
            self[direction].hasEnded = false
            parties.learn(header: element, direction)
            result.append(packet(.header(element, restart: restart), event, direction, time, origin))
        case .element(let element):
            let pairing = pair(element, direction, time: time)
            if direction == .serverToClient {
                parties.learn(fromServer: element, answering: pairing.answers?.element)
            }
            result.append(packet(.element(element), event, direction, time, origin, pairing))
            result += consequences(of: element, direction, time: time)
        case .end:
            result.append(packet(.end, event, direction, time, origin))
            self[direction].hasEnded = true
        case .oversized(let limit):
            // It may have been a request or an answer.
            self[direction].hasHole = true
            requests.lostAnswers(in: direction)
            result.append(packet(.oversized(limit), event, direction, time, origin))
        case .strayText where TLSRecord.begins(event.bytes):
            result.append(tlsRecord(event.bytes, direction, time: time))
        case .strayText:
            result.append(.strayText(direction, event.bytes, time: time))
        case .failure(let error):
            result.append(broken(error, direction, time: time))
        case .whitespace:
            break
        }
    }

    /// TLS begins where it was not agreed upon: what follows is none of the stream's.
    private mutating func tlsRecord(_ bytes: [UInt8], _ direction: Direction, time: UInt64?) -> SessionEvent {
        giveUp(direction)
        self[direction].passedThrough += bytes.count
        let count = bytes.count + self[direction].stopReading()
        guard hasAskedForTLS, direction == .clientToServer else { return .strayText(direction, bytes, time: time) }
        return .bytesBeforeHandshake(direction, excerpt: bytes, count: count, time: time)
    }

    /// What is no XML has a number if it stands where a packet would.
    private mutating func broken(_ error: StreamError, _ direction: Direction, time: UInt64?) -> SessionEvent {
        giveUp(direction)
        guard self[direction].streams > 0 else { return .unreadable(direction, Breakage(error), time: time) }
        defer { nextNumber += 1 }
        return .unreadable(direction, Breakage(error, number: nextNumber), time: time)
    }

    /// Nothing more of that direction is read.
    private mutating func giveUp(_ direction: Direction) {
        self[direction].isUnreadable = true
        self[direction].hasHole = true
        requests.lostAnswers(in: direction)
    }

    private mutating func packet(
        _ kind: Packet.Kind,
        _ event: StreamEvent,
        _ direction: Direction,
        _ time: UInt64?,
        _ origin: Packet.Origin,
        _ pairing: Packet.Pairing = Packet.Pairing()
    ) -> SessionEvent {
        defer { nextNumber += 1 }
        var view = Packet.View()
        view.otherDirectionIsReadable = isReadable(direction.opposite)
        view.beginsInMiddle = beginsInMiddle
        var original: Packet.Original?
        if case .changed(let bytes, let reason) = origin {
            let element = self[direction].parser.parse(apart: bytes)
            original = Packet.Original(bytes: bytes, element: element, reason: reason)
        }
        return .packet(
            Packet(
                number: nextNumber,
                direction: direction,
                kind: kind,
                bytes: event.bytes,
                byteCount: event.range.count,
                time: time,
                isSentByProxy: origin == .proxy,
                original: original,
                isAfterEnd: self[direction].hasEnded,
                problem: event.problem,
                pairing: pairing,
                view: view
            )
        )
    }

    /// Remembers a request or finds the one that this packet answers.
    private mutating func pair(_ element: Element, _ direction: Direction, time: UInt64?) -> Packet.Pairing {
        var pairing = Packet.Pairing()
        guard element.name == "iq" else { return pairing }
        switch element["type"] {
        case "get", "set":
            let request = Request(number: nextNumber, direction: direction, time: time, element: element)
            pairing.reuses = requests.remember(request)
        case "result", "error":
            pairing = requests.settle(element, direction, parties)
            // A text may hold one side only.
            let other = direction.opposite
            pairing.isUnrequested = pairing.isUnrequested && wasReadWhole(other) && !self[other].isNew
        default:
            break
        }
        return pairing
    }

    // MARK: Where a stream stops being readable

    private mutating func consequences(of element: Element, _ direction: Direction, time: UInt64?) -> [SessionEvent] {
        switch (direction, element.namespace, element.name) {
        case (.clientToServer, NS.tls, "starttls"):
            hasAskedForTLS = true
        case (.serverToClient, NS.tls, "failure"):
            hasAskedForTLS = false
        case (.serverToClient, NS.tls, "proceed") where isWrittenDown:
            for direction in Direction.allCases { self[direction].beginAnew() }
        case (.serverToClient, NS.tls, "proceed") where hasAskedForTLS:
            hasAgreedToTLS = true
        case (.clientToServer, NS.compression, "compress"):
            compressionMethod = element.children.first { $0.name == "method" }?.text
        case (.serverToClient, NS.compression, "failure"):
            compressionMethod = nil
        case (.serverToClient, NS.compression, "compressed"):
            guard let method = compressionMethod, !isWrittenDown else { return [] }
            return method == "zlib" ? beginCompression(time: time) : becomeOpaque(.compression, time: time)
        default:
            break
        }
        return []
    }

    private mutating func beginCompression(time: UInt64?) -> [SessionEvent] {
        compressionMethod = nil
        var events: [SessionEvent] = [.compressed(time: time)]
        for direction in Direction.allCases {
            let early = self[direction].beginCompressed()
            events += received(early[...], direction, time: time)
        }
        return events
    }

    private mutating func becomeOpaque(_ reason: Opaque, time: UInt64?) -> [SessionEvent] {
        opaque = reason
        hasAgreedToTLS = false
        for direction in Direction.allCases { requests.lostAnswers(in: direction) }
        return bytesBeforeHandshake(time: time) + [.opaque(reason, time: time)]
    }

    private mutating func bytesBeforeHandshake(time: UInt64?) -> [SessionEvent] {
        Direction.allCases.compactMap { direction in
            let parser = self[direction].parser
            let early = parser.unreadCount
            guard early > 0, !self[direction].isUnreadable else { return nil }
            self[direction].passedThrough += early
            let excerpt = Array(parser.unread.prefix(DirectionReader.excerptBytes))
            return .bytesBeforeHandshake(direction, excerpt: excerpt, count: early, time: time)
        }
    }

    private subscript(direction: Direction) -> DirectionReader { direction == .clientToServer ? client : server }
}

extension DirectionReader {
    /// How much of unreadable bytes is shown.
    static let excerptBytes = 48
}
