import XMPP

/// What a capture held besides XMPP.
public struct LeftOutTraffic: Sendable, Equatable {
    /// TCP connections that are no XMPP.
    public var connections = 0
    /// Those among them that are TLS: XMPP may be inside.
    public var encrypted = 0
    /// What was said on them, in bytes.
    public var bytes = 0
    /// Packets that are no TCP.
    public var packets = 0
}

/// Makes records of connections out of the packets of a network: link layer, IP, TCP, and the question whether it is XMPP.
///
/// Its memory is bounded: by the connections that are open at once, not by the length of the capture.
struct ForeignTraffic {
    private struct Key: Hashable {
        let one: Endpoint
        let other: Endpoint
    }

    /// Ports whose traffic is XMPP whatever it looks like.
    let ports: Set<UInt16>
    /// What the user calls whoever captures it; nil if that was another program.
    let recorder: String?
    private var flows: [Key: ForeignFlow] = [:]
    private var fragments = FragmentTable()
    /// The number of the last connection; connections of our own share the count.
    var connections = 0
    private(set) var leftOut = LeftOutTraffic()
    private(set) var records: [CaptureRecord] = []

    /// Connections that are no XMPP, or may be none; when there are more, those without a verdict are forgotten.
    private static let flowLimit = 65_536
    private static let heldLimit = 64
    static let usualPorts: Set<UInt16> = [5222, 5223, 5269, 5270]

    init(ports: Set<UInt16>, recorder: String? = nil) {
        self.ports = ports
        self.recorder = recorder
    }

    mutating func takeRecords() -> [CaptureRecord] {
        defer { records = [] }
        return records
    }

    /// - Parameter cut: bytes of the frame that were not captured.
    mutating func handle(_ frame: ArraySlice<UInt8>, linkType: Int, cut: Int, time: UInt64?) {
        guard let packet = LinkLayer.network(frame, linkType: linkType), let datagram = Datagram(packet, cut: cut)
        else {
            leftOut.packets += 1
            return
        }
        if let fragment = datagram.fragment {
            guard let whole = fragments.add(datagram, fragment) else { return }
            return handle(datagram, whole.transport, whole.payload[...], missing: 0, time)
        }
        handle(datagram, datagram.transport, datagram.payload, missing: datagram.missing, time)
    }

    private mutating func handle(
        _ datagram: Datagram,
        _ transport: UInt8,
        _ payload: ArraySlice<UInt8>,
        missing: Int,
        _ time: UInt64?
    ) {
        guard transport == 6,
            let segment = WireSegment(datagram.source, datagram.destination, payload, missing: missing)
        else {
            leftOut.packets += 1
            return
        }
        handle(segment, time)
    }

    // MARK: Connections

    private mutating func handle(_ segment: WireSegment, _ time: UInt64?) {
        let isOrdered = Self.isBefore(segment.source, segment.destination)
        let key =
            isOrdered
            ? Key(one: segment.source, other: segment.destination)
            : Key(one: segment.destination, other: segment.source)
        if segment.flags.contains(.syn), !segment.flags.contains(.ack) { beginAnew(key, segment, time) }
        let flow = flows[key] ?? begin(key)
        if case .other = flow.state, !segment.flags.contains(.rst), !segment.flags.contains(.fin) {
            leftOut.bytes += segment.payload.count
            return
        }
        if follow(segment, isFirst: isOrdered, flow, time) {
            flows[key] = nil
            finish(flow, time)
        }
    }

    private mutating func begin(_ key: Key) -> ForeignFlow {
        if flows.count >= Self.flowLimit { forget() }
        let flow = ForeignFlow(first: key.one, second: key.other)
        flows[key] = flow
        return flow
    }

    private static func isBefore(_ one: Endpoint, _ other: Endpoint) -> Bool {
        (one.key.high, one.key.low, UInt64(one.port)) < (
            other.key.high, other.key.low, UInt64(other.port)
        )
    }

    /// A SYN on the ports of an older connection begins a new one, unless it is the same SYN again.
    private mutating func beginAnew(_ key: Key, _ segment: WireSegment, _ time: UInt64?) {
        guard let old = flows[key], old.initial != segment.sequence || old.firstIsClient == nil else { return }
        flows[key] = nil
        finish(old, time)
    }

    private mutating func follow(_ segment: WireSegment, isFirst: Bool, _ flow: ForeignFlow, _ time: UInt64?) -> Bool {
        var sequence = segment.sequence
        flow.isOpening = segment.flags.contains(.syn)
        if flow.isOpening {
            open(flow, segment, isFirst: isFirst, time)
            // It counts as a byte before those that it may carry (RFC 7413).
            sequence &+= 1
        }
        if let number = segment.acknowledgment {
            let lost = isFirst ? flow.secondDirection.acknowledged(number) : flow.firstDirection.acknowledged(number)
            for output in lost { add(output, isFirst: !isFirst, flow, time) }
        }
        let isFin = segment.flags.contains(.fin)
        let outputs =
            isFirst
            ? flow.firstDirection.add(sequence, segment.payload, missing: segment.missing, isFin: isFin)
            : flow.secondDirection.add(sequence, segment.payload, missing: segment.missing, isFin: isFin)
        for output in outputs { add(output, isFirst: isFirst, flow, time) }
        if segment.flags.contains(.rst) {
            flush(flow, time)
            tell(.reset, isFirst: isFirst, flow, time)
            return true
        }
        return flow.closed.first && flow.closed.second
    }

    /// A SYN tells who is the client, and when the connection began.
    private func open(_ flow: ForeignFlow, _ segment: WireSegment, isFirst: Bool, _ time: UInt64?) {
        if !segment.flags.contains(.ack) {
            flow.firstIsClient = isFirst
            flow.initial = segment.sequence
        } else if flow.firstIsClient == nil {
            flow.firstIsClient = !isFirst
        }
        flow.began = flow.began ?? time
        if isFirst {
            flow.firstDirection.begin(segment.sequence)
        } else {
            flow.secondDirection.begin(segment.sequence)
        }
    }

    private mutating func add(_ output: TCPDirection.Output, isFirst: Bool, _ flow: ForeignFlow, _ time: UInt64?) {
        if case .bytes(let bytes) = output {
            flow.byteCount += bytes.count
            if isFirst { flow.counts.first += bytes.count } else { flow.counts.second += bytes.count }
        }
        if output == .fin {
            if isFirst { flow.closed.first = true } else { flow.closed.second = true }
        }
        switch flow.state {
        case .other: if case .bytes(let bytes) = output { leftOut.bytes += bytes.count }
        case .xmpp: tell(.output(output), isFirst: isFirst, flow, time)
        case .undecided(var held):
            if case .bytes(let bytes) = output {
                // A copy, for a piece would keep the whole of the file's buffer that it lies in.
                held.append((isFirst, time, .bytes(Array(bytes)[...])))
                if isFirst {
                    flow.firstBytes += bytes.prefix(TrafficDetector.limit)
                } else {
                    flow.secondBytes += bytes.prefix(TrafficDetector.limit)
                }
            } else {
                held.append((isFirst, time, output))
            }
            flow.state = .undecided(held)
            decide(flow, held)
        }
    }

    private mutating func decide(
        _ flow: ForeignFlow,
        _ held: [(isFirst: Bool, time: UInt64?, output: TCPDirection.Output)]
    ) {
        let isWanted = !ports.isDisjoint(with: [flow.first.port, flow.second.port])
        let isUsual = !Self.usualPorts.isDisjoint(with: [flow.first.port, flow.second.port])
        let verdicts = [flow.firstBytes, flow.secondBytes].filter { !$0.isEmpty }.map(TrafficDetector.judge)
        let isXMPP = verdicts.contains { verdict in
            switch verdict {
            case .xmpp: true
            case .tls(let isXMPP): isXMPP || isUsual
            case .other, .unknown: false
            }
        }
        if (isWanted && flow.byteCount > 0) || isXMPP {
            open(flow, held)
        } else if verdicts.contains(where: { $0 == .other || $0 == .tls(isXMPP: false) }) || held.count > Self.heldLimit
        {
            flow.state = .other
            if verdicts.contains(.tls(isXMPP: false)) { leftOut.encrypted += 1 }
            leftOut.bytes += flow.byteCount
        }
    }

    private mutating func open(
        _ flow: ForeignFlow,
        _ held: [(isFirst: Bool, time: UInt64?, output: TCPDirection.Output)]
    ) {
        connections &+= 1
        let firstIsClient = flow.guessedFirstIsClient
        flow.state = .xmpp(connection: connections, firstIsClient: firstIsClient)
        let (client, server) = firstIsClient ? (flow.first, flow.second) : (flow.second, flow.first)
        let time = flow.began ?? held.first?.time
        func add(_ content: CaptureRecord.Content) {
            records.append(CaptureRecord(connection: connections, time: time, content: content))
        }
        add(.opened(client: client, listener: server, program: nil, recorder: recorder))
        add(.event(.upstreamConnected(host: server.host, address: server, how: "captured by another program")))
        // Of a side that was never seen, though the other one goes on speaking, nothing was captured.
        let missing = (flow.firstDirection.next == nil, flow.secondDirection.next == nil)
        let isClientMissing = firstIsClient ? missing.0 : missing.1
        let isServerMissing = firstIsClient ? missing.1 : missing.0
        if flow.firstIsClient == nil || isClientMissing { add(.lost(.clientToServer, nil)) }
        if flow.firstIsClient == nil || isServerMissing && !flow.isOpening { add(.lost(.serverToClient, nil)) }
        for entry in held { tell(.output(entry.output), isFirst: entry.isFirst, flow, entry.time) }
    }

    // MARK: Telling

    private enum Happening {
        case output(TCPDirection.Output)
        case reset
    }

    private mutating func tell(_ what: Happening, isFirst: Bool, _ flow: ForeignFlow, _ time: UInt64?) {
        guard case .xmpp(let connection, let firstIsClient) = flow.state else { return }
        let direction: Direction = isFirst == firstIsClient ? .clientToServer : .serverToClient
        let content: CaptureRecord.Content =
            switch what {
            case .output(.bytes(let bytes)): .bytes(direction, bytes, .peer)
            case .output(.lost(let count)): .lost(direction, count)
            case .output(.fin): .closed(direction)
            case .reset: .reset(direction)
            }
        records.append(CaptureRecord(connection: connection, time: time, content: content))
    }

    private mutating func flush(_ flow: ForeignFlow, _ time: UInt64?) {
        for output in flow.firstDirection.finish() { add(output, isFirst: true, flow, time) }
        for output in flow.secondDirection.finish() { add(output, isFirst: false, flow, time) }
    }

    /// The connection is over.
    private mutating func finish(_ flow: ForeignFlow, _ time: UInt64?) {
        flush(flow, time)
        guard case .xmpp(let connection, let firstIsClient) = flow.state else {
            if flow.byteCount > 0 {
                leftOut.connections += 1
                if case .undecided = flow.state { leftOut.bytes += flow.byteCount }
            }
            return
        }
        let counts = firstIsClient ? flow.counts : (flow.counts.second, flow.counts.first)
        let ended = CaptureEvent.ended(clientToServerBytes: counts.0, serverToClientBytes: counts.1)
        records.append(CaptureRecord(connection: connection, time: time, content: .event(ended)))
    }

    /// The capture is over: what waits for missing bytes is told without them. Connections that are open stay so.
    mutating func finishAll() {
        for (_, flow) in flows.sorted(by: { $0.value.initial ?? 0 < $1.value.initial ?? 0 }) {
            flush(flow, nil)
            if case .xmpp = flow.state { continue }
            guard flow.byteCount > 0 else { continue }
            leftOut.connections += 1
            if case .undecided = flow.state { leftOut.bytes += flow.byteCount }
        }
        flows = [:]
    }

    /// Too many connections: those that are no XMPP are counted and forgotten.
    private mutating func forget() {
        for (key, flow) in flows {
            if case .xmpp = flow.state { continue }
            flows[key] = nil
            guard flow.byteCount > 0 else { continue }
            leftOut.connections += 1
            if case .undecided = flow.state { leftOut.bytes += flow.byteCount }
        }
    }
}
