import XMPP

/// Reads a capture: one that `stanzatap record` made, finished or still growing, or anybody's pcap or pcapng.
///
/// The same reader serves the live transcript and `show`: that is why they are equal. Not thread-safe.
public final class CaptureReader: RecordSource {
    /// What people are told: its path, or `standard input`.
    public let path: String
    private let input: InputBytes
    /// Of a pcapng file; nil for classic pcap.
    private var blocks: BlockReader?
    private let pcap: PcapFile?
    private var interfaces: [PcapngInterface] = []
    /// Connections that stanzatap recorded.
    private var flows = RecordedFlows()
    private var foreign: ForeignTraffic
    private var queue: [CaptureRecord] = []
    private var queueIndex = 0
    private var isFinished = false
    private var isDamaged = false
    /// Which file of which recording it is, once its header was read; nil if it does not tell.
    private(set) var part: RecordingPart?
    private var hasForeignPackets = false

    /// Opens a capture, as `InputBytes` does; throws if there is none at `path` or it is neither pcapng nor pcap.
    ///
    /// - Parameter ports: TCP ports whose traffic is XMPP whatever it looks like.
    public convenience init(path: String, ports: Set<UInt16> = []) throws(CaptureError) {
        try self.init(InputBytes(path: path), ports: ports)
    }

    /// Reads a capture of which nothing was read yet.
    public init(_ input: InputBytes, ports: Set<UInt16> = []) throws(CaptureError) {
        path = input.name
        file = path.split(separator: "/").last.map(String.init)
        self.input = input
        foreign = ForeignTraffic(ports: ports)
        switch try input.format() {
        case .pcapng?:
            blocks = BlockReader(input)
            pcap = nil
        case .pcap?: pcap = try PcapFile(input)
        case nil:
            if try input.isEmpty() { throw CaptureError("\(path) is no capture: it is empty") }
            throw CaptureError("\(path) is no capture: it begins neither as pcapng (0a 0d 0d 0a) nor as pcap")
        }
    }

    /// What is wrong with the end of a compressed capture, once it was read: a sentence without a full stop.
    public var fault: String? { input.fault }

    public let file: String?

    /// How many bytes of the file were understood.
    public var offset: Int { blocks?.offset ?? pcap?.offset ?? 0 }

    /// What the capture held besides XMPP, so far.
    public var leftOut: LeftOutTraffic { foreign.leftOut }

    /// The next record; nil at the end, or at the end for now of a file that grows.
    public func next() throws(CaptureError) -> CaptureRecord? {
        while queueIndex >= queue.count {
            queue.removeAll(keepingCapacity: true)
            queueIndex = 0
            guard !isFinished, try readMoreIfSound() else { return nil }
        }
        defer { queueIndex += 1 }
        return queue[queueIndex]
    }

    /// The capture is over: what was held back, waiting for bytes that never came, can be read now.
    public func finish() {
        guard !isFinished else { return }
        isFinished = true
        foreign.finishAll()
        queue += foreign.takeRecords()
    }

    /// After the last record of a finished file: how many bytes follow that are no whole record; 0 where it is damaged, for
    /// nobody knows what follows there.
    public func leftOver() -> Int { isDamaged ? 0 : blocks?.leftOver() ?? pcap?.leftOver() ?? 0 }

    /// The next block of a capture that stanzatap recorded, with the records that it holds; nil at the end, or at the end for
    /// now. Not to be mixed with `next`.
    ///
    /// Throws where other programs had a hand in it: what they captured stands there twice when it was sent twice.
    public func nextBlock() throws(CaptureError) -> CapturedBlock? {
        guard let block = try blocks?.next() else {
            if blocks == nil { throw notOurs }
            return nil
        }
        try read(block)
        if hasForeignPackets || block.isBigEndian { throw notOurs }
        defer { queue.removeAll(keepingCapacity: true) }
        return CapturedBlock(bytes: block.whole, records: queue)
    }

    private var notOurs: CaptureError {
        CaptureError(
            "\(path) was captured by another program, at least in part; only captures of stanzatap's can be copied"
        )
    }

    private func readMoreIfSound() throws(CaptureError) -> Bool {
        do throws(CaptureError) {
            return try readMore()
        } catch {
            isDamaged = true
            throw error
        }
    }

    private func readMore() throws(CaptureError) -> Bool {
        if let pcap {
            guard let frame = try pcap.next() else { return false }
            foreign.handle(frame.bytes[...], linkType: pcap.linkType, cut: frame.cut, time: frame.time)
            queue = foreign.takeRecords()
            return true
        }
        guard let block = try blocks?.next() else { return false }
        try read(block)
        return true
    }

    // MARK: Blocks

    private func read(_ block: Block) throws(CaptureError) {
        switch block.type {
        case Pcapng.sectionHeader:
            interfaces = []
            let comments = block.options(from: 16).filter { $0.code == Pcapng.optionComment }
            part = comments.lazy.compactMap { RecordingPart(comment: String(decoding: $0.value, as: UTF8.self)) }.first
        case Pcapng.interfaceDescription:
            guard block.body.count >= 8 else { throw damaged(block, "an interface description is too short") }
            interfaces.append(PcapngInterface(block))
        case Pcapng.enhancedPacket:
            try readPacket(block, interface: Int(block.body.count >= 4 ? block.uint32(0) : 0))
        case Pcapng.packet:
            try readPacket(block, interface: Int(block.body.count >= 4 ? block.uint16(0) : 0))
        case Pcapng.simplePacket:
            guard block.body.count >= 4 else { throw damaged(block, "a packet is too short") }
            let original = Int(block.uint32(0))
            let bytes = block.body.dropFirst(4).prefix(original)
            try read(bytes, cut: original - bytes.count, on: 0, time: nil, comments: [], block)
        default:
            // Unknown blocks are for other programs; the format says to skip them.
            break
        }
    }

    private func damaged(_ block: Block, _ what: String) -> CaptureError {
        CaptureError("\(path): damaged at byte \(block.offset): \(what)")
    }

    /// An Enhanced Packet Block, or the obsolete Packet Block, which differs in its first four bytes only.
    private func readPacket(_ block: Block, interface index: Int) throws(CaptureError) {
        guard block.body.count >= 20 else { throw damaged(block, "a packet is too short") }
        let count = Int(block.uint32(12))
        guard 20 + count <= block.body.count else { throw damaged(block, "a packet is longer than its block") }
        let ticks = UInt64(block.uint32(4)) << 32 | UInt64(block.uint32(8))
        let start = block.body.startIndex + 20
        let comments = block.options(from: 20 + count + Pcapng.padding(count))
            .filter { $0.code == Pcapng.optionComment }
            .map { String(decoding: $0.value, as: UTF8.self) }
        let cut = max(0, Int(block.uint32(16)) - count)
        try read(block.body[start..<start + count], cut: cut, on: index, time: ticks, comments: comments, block)
    }

    private func read(
        _ packet: ArraySlice<UInt8>,
        cut: Int,
        on index: Int,
        time ticks: UInt64?,
        comments: [String],
        _ block: Block
    ) throws(CaptureError) {
        guard interfaces.indices.contains(index) else { throw damaged(block, "a packet of an unknown interface") }
        let interface = interfaces[index]
        let time = ticks.map(interface.nanoseconds)
        if interface.linkType == Int(Pcapng.linkTypeRaw), !flows.isEmpty || !comments.isEmpty,
            let segment = Segment(packet: packet),
            handle(segment, time: time, events: comments.compactMap { CaptureEvent(json: $0) })
        {
            return
        }
        guard LinkLayer.isKnown(interface.linkType) else {
            throw CaptureError(
                "\(path): its packets have the link type \(interface.linkType), which stanzatap does not know;"
                    + " it reads Ethernet, Linux cooked, raw IP, PPP and loopback"
            )
        }
        hasForeignPackets = true
        foreign.handle(packet, linkType: interface.linkType, cut: cut, time: time)
        queue += foreign.takeRecords()
    }

    // MARK: Segments

    /// True if the segment belongs to a connection that stanzatap recorded.
    private func handle(_ segment: Segment, time: UInt64?, events: [CaptureEvent]) -> Bool {
        if segment.flags.contains(.syn), !segment.flags.contains(.ack) {
            return begin(segment, time: time, events: events)
        }
        guard let (connection, direction) = flows.find(segment) else { return false }
        if segment.flags.contains(.syn) { return true }
        func add(_ content: CaptureRecord.Content) {
            queue.append(CaptureRecord(connection: connection, time: time, content: content))
        }
        var origin = CaptureRecord.Origin.peer
        for event in events {
            switch event {
            case .sentByProxy(let reason): origin = .proxy(reason: reason)
            case .changed(let original, let reason): origin = .changed(original: Array(original.utf8), reason: reason)
            case .ended:
                flows.ended(segment, number: connection)
                add(.event(event))
            case .accepted, .continued, .replay, .upstreamConnected, .upstreamFailed, .tls, .tlsFailed, .decrypted,
                .blotted, .noticed, .differed, .failed:
                add(.event(event))
            }
        }
        if !segment.payload.isEmpty { add(.bytes(direction, segment.payload, origin)) }
        if segment.flags.contains(.fin) { add(.closed(direction)) }
        if segment.flags.contains(.rst) { add(.reset(direction)) }
        return true
    }

    private func begin(_ segment: Segment, time: UInt64?, events: [CaptureEvent]) -> Bool {
        for event in events {
            switch event {
            case .decrypted(let number):
                flows.begin(number, segment)
                queue.append(CaptureRecord(connection: number, time: time, content: .event(event)))
                return true
            case .accepted(let number, let client, _, let program, let recorder):
                foreign.connections = max(foreign.connections, number)
                flows.begin(number, segment)
                let content = CaptureRecord.Content.opened(
                    client: client,
                    listener: segment.destination,
                    program: program,
                    recorder: recorder
                )
                queue.append(CaptureRecord(connection: number, time: time, content: content))
                return true
            case .continued(let number, let client, _, let program, let recorder, let isDecrypted):
                foreign.connections = max(foreign.connections, number)
                flows.begin(number, segment)
                let content = CaptureRecord.Content.continued(
                    client: client,
                    program: program,
                    recorder: recorder,
                    isDecrypted: isDecrypted
                )
                queue.append(CaptureRecord(connection: number, time: time, content: content))
                return true
            case .replay, .upstreamConnected, .upstreamFailed, .sentByProxy, .changed, .blotted, .tls, .tlsFailed,
                .noticed, .differed, .failed, .ended:
                continue
            }
        }
        // The same ports as before, but not ours any more.
        flows.forget(segment)
        return false
    }
}
