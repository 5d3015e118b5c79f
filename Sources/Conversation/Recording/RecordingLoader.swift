import Capture
import Session
import XMLStream
import XMPP

/// Reads a capture as a recorded conversation.
public struct RecordingLoader {
    private var conversation = RecordedConversation(steps: [])
    /// The sides that have ended their streams, by connection.
    private var ended: [Int: Set<Direction>] = [:]
    private var sessions: [Int: Session] = [:]

    /// Reads all that `reader` gives.
    public static func load(_ reader: any RecordSource) throws(CaptureError) -> RecordedConversation {
        var loader = RecordingLoader()
        while let record = try reader.next() { loader.handle(record) }
        reader.finish()
        while let record = try reader.next() { loader.handle(record) }
        for connection in loader.sessions.keys.sorted() { loader.finish(connection) }
        return loader.conversation
    }

    private mutating func handle(_ record: CaptureRecord) {
        let connection = record.connection
        switch record.content {
        case .opened:
            begin(connection, record.time)
        case .continued where sessions[connection] != nil:
            // Of a recording in several captures, read from its beginning.
            break
        case .continued(_, _, _, let isDecrypted):
            begin(connection, record.time)
            if isDecrypted { add(.secured(isDirect: false), connection, record.time) }
            for direction in Direction.allCases {
                add(sessions[connection]?.lost(nil, direction, time: record.time) ?? [], connection, record.time)
            }
        case .bytes(let direction, let bytes, let origin):
            let origin = session(origin)
            let events = sessions[connection]?.received(bytes, direction, time: record.time, origin: origin)
            add(events ?? [], connection, record.time)
        case .lost(let direction, let count):
            add(sessions[connection]?.lost(count, direction, time: record.time) ?? [], connection, record.time)
        case .closed(let direction):
            add(.closed(direction), connection, record.time)
        case .reset(let direction):
            add(.reset(direction), connection, record.time)
        case .event(.tls(_, let facts)) where facts.isDirect:
            add(.secured(isDirect: true), connection, record.time)
        case .event(.decrypted):
            add(sessions[connection]?.decrypted(time: record.time) ?? [], connection, record.time)
            add(.secured(isDirect: false), connection, record.time)
        case .event(.tlsFailed):
            sessions[connection]?.tlsFailed()
        case .event:
            break
        }
    }

    private mutating func begin(_ connection: Int, _ time: UInt64?) {
        finish(connection)
        ended[connection] = nil
        sessions[connection] = Session()
        add(.opened, connection, time)
    }

    private mutating func finish(_ connection: Int) {
        guard var session = sessions.removeValue(forKey: connection) else { return }
        add(session.finished(), connection, nil)
    }

    private func session(_ origin: CaptureRecord.Origin) -> Packet.Origin {
        switch origin {
        case .peer: .peer
        case .proxy: .proxy
        case .changed(let original, let reason): .changed(original: original, reason: reason)
        }
    }

    private mutating func add(_ event: RecordedConversation.Event, _ connection: Int, _ time: UInt64?) {
        conversation.steps.append(RecordedConversation.Step(connection: connection, time: time, event: event))
    }

    private mutating func add(_ events: [SessionEvent], _ connection: Int, _ now: UInt64?) {
        for event in events {
            switch event {
            case .packet(let packet):
                if case .end = packet.kind {
                    ended[connection, default: []].insert(packet.direction)
                } else {
                    ended[connection]?.remove(packet.direction)
                }
                add(.packet(RecordedPacket(packet)), connection, packet.time)
            // Behind the end of its stream a side has nothing more to say; some clients end it twice.
            case .unreadable(let direction, _, _) where ended[connection]?.contains(direction) == true: break
            case .keepAlive(let direction, _, let time):
                add(.keepAlive(direction), connection, time)
            case .opaque(let reason, let time):
                add(.unreadable(reason: reason.told), connection, time)
            case .compressed(let time):
                add(.unreadable(reason: "what follows was compressed, which replays do not do"), connection, time)
            case .unreadable(_, let breakage, let time):
                add(.unreadable(reason: breakage.error.reason), connection, time)
            case .strayText(let direction, _, let time):
                add(.damaged(direction, reason: "text between packets"), connection, time)
            case .cut(let direction, _, let count, let time):
                let reason = "a packet of which only \(count) bytes were captured"
                add(.damaged(direction, reason: reason), connection, time)
            case .unfinished(let direction, _, let count):
                add(.damaged(direction, reason: "half a packet of \(count) bytes"), connection, now)
            case .bytesBeforeHandshake(let direction, _, let count, let time):
                add(.damaged(direction, reason: "\(count) bytes before the TLS handshake"), connection, time)
            case .lost(let direction, let count, let time):
                add(
                    .damaged(direction, reason: count.map { "\($0) bytes are missing" } ?? "its beginning is missing"),
                    connection,
                    time
                )
            case .skipped(let direction, let count, let time):
                add(
                    .damaged(direction, reason: "\(count) bytes of a packet whose beginning is missing"),
                    connection,
                    time
                )
            case .hello, .passedThrough:
                break
            }
        }
    }
}

extension Opaque {
    fileprivate var told: String {
        switch self {
        case .startTLS, .directTLS, .laterTLS, .earlierTLS:
            "it is encrypted (TLS), and the recording does not hold what was said inside"
        case .compression: "it is compressed"
        }
    }
}

extension RecordedPacket {
    /// A packet as a session cut it.
    init(_ packet: Packet) {
        let kind: Kind =
            switch packet.kind {
            case .header(let element, _): .header(element)
            case .element(let element): .element(packet.original?.element ?? element)
            case .end: .end
            case .oversized: .oversized
            }
        var received: Received?
        if packet.original != nil, let element = packet.element {
            received = Received(bytes: packet.bytes, element: element)
        }
        self.init(
            number: packet.number,
            direction: packet.direction,
            kind: kind,
            bytes: packet.original?.bytes ?? packet.bytes,
            received: received,
            isSentByProxy: packet.isSentByProxy
        )
    }
}
