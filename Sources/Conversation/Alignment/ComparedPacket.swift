import Transcript
import XMLStream
import XMPP

/// One packet of a session that is compared with another.
public struct ComparedPacket: Sendable {
    public let direction: Direction
    public let number: Int?
    public let kind: RecordedPacket.Kind
    /// What it does, in sentences.
    public let sentence: String
    /// The packet as it was on the wire, as far as it is known.
    public let xml: [UInt8]
    /// The place of the request that it answers, among the packets of its session.
    var answers: Int?
    /// What it consists of, for finding its counterpart.
    let shape: PacketShape

    init(_ record: PacketRecord, _ kind: RecordedPacket.Kind) {
        direction = record.direction
        number = record.number
        self.kind = kind
        sentence = record.telling.text
        xml = record.replacement ?? record.xml
        shape = PacketShape(kind)
    }

    var element: Element? {
        switch kind {
        case .header(let element), .element(let element): element
        case .end, .oversized: nil
        }
    }

    /// `C->S 007`.
    public var name: String { "\(direction.rawValue) " + (number.map(RecordedPacket.digits) ?? "–") }
}

/// What a session that is compared consists of, read from the records of its transcript.
public struct ComparedSession: Sendable {
    /// The connection's number in its recording.
    public let connection: Int
    public private(set) var packets: [ComparedPacket] = []
    /// What happened beside the packets and matters: how the connection ended, what of TLS failed.
    private(set) var events: [String] = []
    /// How it was encrypted from the first byte.
    private(set) var isDirectTLS = false
    /// What began and ended over several packets.
    public private(set) var stories: [Story] = []
    /// The headers by which prefixes are understood.
    private var headers: [Direction: [UInt8]] = [:]
    private var requests: [Direction: [String: Int]] = [:]

    /// - Parameter counts: whether a packet is compared.
    public init(connection: Int, records: [Record], counts: (PacketRecord) -> Bool = { _ in true }) {
        self.connection = connection
        for record in records {
            switch record {
            case .packet(let packet): add(packet, counts(packet))
            case .event(let event): add(event)
            case .summary(let summary): stories = summary.stories
            case .prose: break
            }
        }
    }

    private mutating func add(_ record: PacketRecord, _ counts: Bool) {
        let bytes = record.replacement ?? record.xml
        let kind = RecordedPacket.Kind(bytes, header: headers[record.direction]) ?? .oversized
        if case .header = kind { headers[record.direction] = bytes }
        guard counts else { return }
        var packet = ComparedPacket(record, kind)
        if let element = packet.element, element.name == "iq", let id = element["id"] {
            if element.isAnswer {
                packet.answers = requests[packet.direction.opposite]?.removeValue(forKey: id)
            } else if requests[packet.direction]?[id] == nil {
                // Of a request that was said twice the first one is answered.
                requests[packet.direction, default: [:]][id] = packets.count
            }
        }
        packets.append(packet)
    }

    private mutating func add(_ event: EventRecord) {
        switch event.known ?? EventKind(line: event.text) {
        case .closed(let side)?: return events.append("the \(side.rawValue) closes its side of the connection")
        case .reset(let side)?: return events.append("the \(side.rawValue) resets the connection")
        case .directTLS?: isDirectTLS = true
        case nil: break
        }
        if let told = Self.told.first(where: { event.text.contains($0.sign) }) { events.append(told.clause) }
    }

    /// Events that say of a session what its packets do not.
    private static let told: [(sign: String, clause: String)] = [
        ("The recording ends here", "the recording ends while the connection is open"),
        ("Half a packet was left", "half a packet is left at its end"),
        ("was not reached", "the server is not reached"),
        ("TLS handshake", "the TLS handshake goes wrong"),
    ]

    /// True if both sides ended their streams.
    var isWholeStream: Bool {
        Direction.allCases.allSatisfy { direction in
            packets.contains { $0.direction == direction && $0.kind == .end }
        }
    }
}

extension RecordedPacket.Kind {
    private static let madeUpHeader = Array("<stream:stream xmlns='\(NS.client)' xmlns:stream='\(NS.streams)'>".utf8)

    /// What the bytes of a packet are, read in the stream that the header opened; nil if they are no whole packet.
    init?(_ bytes: [UInt8], header: [UInt8]?) {
        if StreamParser.isEnd(bytes) {
            self = .end
            return
        }
        for header in [header, Self.madeUpHeader].compactMap(\.self) {
            let parser = StreamParser()
            parser.append(header)
            guard case .header? = parser.next()?.kind else { continue }
            parser.append(bytes)
            switch parser.next()?.kind {
            case .header(let element)?:
                self = .header(element)
                return
            case .element(let element)?:
                self = .element(element)
                return
            case .end?, .whitespace?, .strayText?, .oversized?, .failure?, nil: continue
            }
        }
        return nil
    }
}
