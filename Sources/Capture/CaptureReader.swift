import Glibc
import XMPP

/// Reads a capture that `stanzatap record` made, finished or still growing.
///
/// The same reader serves the live transcript and `show`: that is why they are equal. Not thread-safe.
public final class CaptureReader {
    private let descriptor: Int32
    private var blocks: BlockReader
    private var interfaces: [Interface] = []
    private var flows: [Flow: Int] = [:]
    private var connections = 0
    private var queue: [CaptureRecord] = []
    private var queueIndex = 0

    private struct Interface {
        let linkType: UInt16
        let ticksPerSecond: UInt64
    }

    private struct Flow: Hashable {
        let client: Endpoint
        let server: Endpoint
    }

    /// Opens a capture; throws if there is none at `path` or it is no pcapng file.
    public init(path: String) throws(CaptureError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("cannot read", path, errno) }
        blocks = BlockReader(path: path, descriptor: descriptor)
        var magic = [UInt8](repeating: 0, count: 4)
        guard pread(descriptor, &magic, 4, 0) == 4, magic == [0x0A, 0x0D, 0x0D, 0x0A] else {
            close(descriptor)
            throw CaptureError("\(path) is no pcapng capture: it does not begin with the bytes 0a 0d 0d 0a")
        }
    }

    deinit { close(descriptor) }

    /// How many bytes of the file were understood.
    public var offset: Int { blocks.offset }

    /// The next record; nil at the end, or at the end for now of a file that grows.
    public func next() throws(CaptureError) -> CaptureRecord? {
        while queueIndex >= queue.count {
            queue.removeAll(keepingCapacity: true)
            queueIndex = 0
            guard let block = try blocks.next() else { return nil }
            try read(block)
        }
        defer { queueIndex += 1 }
        return queue[queueIndex]
    }

    /// After the last record of a finished file: how many bytes follow that are no whole record.
    public func leftOver() -> Int { blocks.leftOver() }

    // MARK: Blocks

    private func read(_ block: Block) throws(CaptureError) {
        switch block.type {
        case Pcapng.sectionHeader:
            interfaces = []
        case Pcapng.interfaceDescription:
            guard block.body.count >= 8 else { throw damaged(block, "an interface description is too short") }
            interfaces.append(interface(block))
        case Pcapng.enhancedPacket:
            try readEnhancedPacket(block)
        case Pcapng.simplePacket:
            guard block.body.count >= 4 else { throw damaged(block, "a packet is too short") }
            try read(packet: block.body.dropFirst(4), on: 0, time: nil, comments: [], block)
        default:
            // Unknown blocks are for other programs; the format says to skip them.
            break
        }
    }

    private func damaged(_ block: Block, _ what: String) -> CaptureError {
        CaptureError("\(blocks.path): damaged at byte \(block.offset): \(what)")
    }

    private func interface(_ block: Block) -> Interface {
        let resolution = block.options(from: 8).first { $0.code == Pcapng.optionTimeResolution }?.value.first ?? 6
        let exponent = UInt64(resolution & 0x7F)
        var ticks: UInt64 = 1
        for _ in 0..<min(exponent, resolution & 0x80 == 0 ? 18 : 60) { ticks *= resolution & 0x80 == 0 ? 10 : 2 }
        return Interface(linkType: block.uint16(0), ticksPerSecond: ticks)
    }

    private func readEnhancedPacket(_ block: Block) throws(CaptureError) {
        guard block.body.count >= 20 else { throw damaged(block, "a packet is too short") }
        let index = Int(block.uint32(0))
        let count = Int(block.uint32(12))
        guard 20 + count <= block.body.count else { throw damaged(block, "a packet is longer than its block") }
        let ticks = UInt64(block.uint32(4)) << 32 | UInt64(block.uint32(8))
        let start = block.body.startIndex + 20
        let comments = block.options(from: 20 + count + Pcapng.padding(count))
            .filter { $0.code == Pcapng.optionComment }
            .map { String(decoding: $0.value, as: UTF8.self) }
        try read(packet: block.body[start..<start + count], on: index, time: ticks, comments: comments, block)
    }

    private func read(
        packet: ArraySlice<UInt8>,
        on index: Int,
        time ticks: UInt64?,
        comments: [String],
        _ block: Block
    ) throws(CaptureError) {
        guard interfaces.indices.contains(index) else { throw damaged(block, "a packet of an unknown interface") }
        let interface = interfaces[index]
        guard interface.linkType == Pcapng.linkTypeRaw else {
            throw CaptureError(
                "\(blocks.path): its packets have the link type \(interface.linkType); stanzatap reads the captures "
                    + "that it records itself, of link type \(Pcapng.linkTypeRaw) (raw IP)"
            )
        }
        guard let segment = Segment(packet: packet) else { return }
        let time = ticks.map { nanoseconds($0, interface.ticksPerSecond) }
        handle(segment, time: time, events: comments.compactMap { CaptureEvent(json: $0) })
    }

    private func nanoseconds(_ ticks: UInt64, _ perSecond: UInt64) -> UInt64 {
        let (whole, rest) = ticks.quotientAndRemainder(dividingBy: perSecond)
        let fraction = Double(rest) / Double(perSecond) * 1e9
        return perSecond == 1_000_000_000 ? ticks : whole &* 1_000_000_000 &+ UInt64(fraction.rounded())
    }

    // MARK: Segments

    private func handle(_ segment: Segment, time: UInt64?, events: [CaptureEvent]) {
        if segment.flags.contains(.syn) {
            if !segment.flags.contains(.ack) { begin(segment, time: time, events: events) }
            return
        }
        let (connection, direction) = flow(of: segment, time: time)
        func add(_ content: CaptureRecord.Content) {
            queue.append(CaptureRecord(connection: connection, time: time, content: content))
        }
        var origin = CaptureRecord.Origin.peer
        for event in events {
            switch event {
            case .sentByProxy(let reason): origin = .proxy(reason: reason)
            case .changed(let original, let reason): origin = .changed(original: Array(original.utf8), reason: reason)
            case .accepted, .upstreamConnected, .upstreamFailed, .tls, .tlsFailed, .decrypted, .noticed, .differed,
                .failed, .ended:
                add(.event(event))
            }
        }
        if !segment.payload.isEmpty { add(.bytes(direction, segment.payload, origin)) }
        if segment.flags.contains(.fin) { add(.closed(direction)) }
        if segment.flags.contains(.rst) { add(.reset(direction)) }
    }

    private func begin(_ segment: Segment, time: UInt64?, events: [CaptureEvent]) {
        for case .decrypted(let number) in events {
            flows[Flow(client: segment.source, server: segment.destination)] = number
            let content = CaptureRecord.Content.event(.decrypted(connection: number))
            queue.append(CaptureRecord(connection: number, time: time, content: content))
            return
        }
        var program: String?
        var number = connections + 1
        for case .accepted(let given, _, _, let name) in events {
            number = given
            program = name
        }
        connections = max(connections, number)
        flows[Flow(client: segment.source, server: segment.destination)] = number
        queue.append(
            CaptureRecord(
                connection: number,
                time: time,
                content: .opened(client: segment.source, listener: segment.destination, program: program)
            )
        )
    }

    /// The connection that a segment belongs to; one whose beginning was not captured is opened here.
    private func flow(of segment: Segment, time: UInt64?) -> (Int, Direction) {
        if let number = flows[Flow(client: segment.source, server: segment.destination)] {
            return (number, .clientToServer)
        }
        if let number = flows[Flow(client: segment.destination, server: segment.source)] {
            return (number, .serverToClient)
        }
        // Servers listen on low ports, clients speak from high ones.
        let isFromClient = segment.source.port > segment.destination.port
        let client = isFromClient ? segment.source : segment.destination
        let server = isFromClient ? segment.destination : segment.source
        connections += 1
        flows[Flow(client: client, server: server)] = connections
        queue.append(
            CaptureRecord(
                connection: connections,
                time: time,
                content: .opened(client: client, listener: server, program: nil)
            )
        )
        return (connections, isFromClient ? .clientToServer : .serverToClient)
    }
}
