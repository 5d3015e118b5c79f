import Transcript
import XMLStream
import XMPP

/// Reads a transcript, our own or one that people have edited, as a recorded conversation of one connection.
public struct TranscriptLoader {
    /// The headers by which prefixes in each direction are understood; one is made up where the text has none.
    private var headers: [Direction: [UInt8]] = [:]
    private var conversation = RecordedConversation(steps: [])
    private let connection: Int
    /// The ids of requests, by direction and in small letters: web pages break letter case.
    private var requests: [Direction: [String: String]] = [:]

    /// - Throws: `TranscriptError` if there is no packet in the text.
    public static func load(_ text: String) throws(TranscriptError) -> RecordedConversation {
        let reading = try TextReader.read(text)
        var loader = TranscriptLoader(connection: 1)
        loader.add(.opened, nil)
        for record in reading.transcript.records { loader.handle(record) }
        loader.conversation.remarks =
            reading.repairs.map { "\($0) (mended)" } + reading.problems.map { "\($0)" } + loader.conversation.remarks
        return loader.conversation
    }

    private init(connection: Int) { self.connection = connection }

    private mutating func handle(_ record: Record) {
        switch record {
        case .packet(let packet): handle(packet)
        case .event(let event): handle(event)
        case .summary, .prose: break
        }
    }

    private mutating func add(_ event: RecordedConversation.Event, _ time: UInt64?) {
        conversation.steps.append(RecordedConversation.Step(connection: connection, time: time, event: event))
    }

    private mutating func handle(_ record: PacketRecord) {
        let time = record.secondsSinceStart.map { UInt64(max(0, min($0, 1e9)) * 1e9) }
        guard record.omittedBytes == 0, let kind = kind(of: record.xml, record.direction) else {
            add(.damaged(record.direction, reason: "a packet that the text does not hold whole"), time)
            return
        }
        var received: RecordedPacket.Received?
        if let bytes = record.replacement, case .element(let element)? = self.kind(of: bytes, record.direction) {
            received = RecordedPacket.Received(bytes: bytes, element: element)
        }
        let packet = withRequestID(
            RecordedPacket(
                number: record.number,
                direction: record.direction,
                kind: kind,
                bytes: record.xml,
                received: received,
                isSentByProxy: record.isSentByProxy
            )
        )
        add(.packet(packet), time)
        if packet.element?.is("proceed", NS.tls) == true {
            headers = [:]
            add(.secured(isDirect: false), time)
        }
    }

    /// Only those events count that change what can be sent.
    private mutating func handle(_ event: EventRecord) {
        switch event.known {
        case .closed(let side)?: add(.closed(Direction(sender: side)), nil)
        case .reset(let side)?: add(.reset(Direction(sender: side)), nil)
        case .directTLS(.client)?: add(.secured(isDirect: true), nil)
        case .directTLS(.server)?, nil: break
        }
    }

    // MARK: One packet

    private mutating func kind(of bytes: [UInt8], _ direction: Direction) -> RecordedPacket.Kind? {
        if StreamParser.isEnd(bytes) { return .end }
        let parser = StreamParser()
        parser.append(headers[direction] ?? Self.madeUpHeader)
        guard case .header? = parser.next()?.kind else { return nil }
        parser.append(bytes)
        guard let event = parser.next(), parser.unreadCount == 0 else { return nil }
        switch event.kind {
        case .header(let element):
            headers[direction] = bytes
            return .header(element)
        case .element(let element): return .element(element)
        case .oversized: return .oversized
        case .end, .whitespace, .strayText, .failure: return nil
        }
    }

    /// An answer whose id has another letter case than its request's gets the request's.
    private mutating func withRequestID(_ packet: RecordedPacket) -> RecordedPacket {
        guard let element = packet.element, element.name == "iq", let id = element["id"] else { return packet }
        guard element.isAnswer else {
            requests[packet.direction, default: [:]][id.lowercased()] = id
            return packet
        }
        guard let asked = requests[packet.direction.opposite]?[id.lowercased()], asked != id else { return packet }
        let bytes = ValueRewriter.rewrite(packet.bytes) {
            $0.slot.depth == 1 && $0.slot.attribute == "id" ? asked : nil
        }
        guard let kind = kind(of: bytes, packet.direction) else { return packet }
        let ids = "\(id.quoted(limit: 40)) is \(asked.quoted(limit: 40))"
        conversation.remarks.append("\(packet.name): letter case of the id of the answered request: \(ids) (mended)")
        return RecordedPacket(
            number: packet.number,
            direction: packet.direction,
            kind: kind,
            bytes: bytes,
            received: packet.received,
            isSentByProxy: packet.isSentByProxy
        )
    }

    private static let madeUpHeader = Array("<stream:stream xmlns='\(NS.client)' xmlns:stream='\(NS.streams)'>".utf8)
}
