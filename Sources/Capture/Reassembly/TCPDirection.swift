/// Puts the segments of one direction of a TCP connection in order: each byte once, what was lost told with its size.
struct TCPDirection {
    enum Output: Equatable {
        case bytes(ArraySlice<UInt8>)
        /// So many bytes are not in the capture.
        case lost(Int)
        case fin
    }

    private struct Pending {
        let sequence: UInt32
        let payload: ArraySlice<UInt8>
        let missing: Int
        let isFin: Bool
    }

    /// The sequence number of the byte that comes next; nil before the first segment.
    private(set) var next: UInt32?
    /// The number of the SYN; nil if none was seen.
    private var initial: UInt32?
    private var pending: [Pending] = []
    private var pendingBytes = 0
    /// Segments of the connection since something is missing.
    private var age = 0
    private var hasEnded = false

    /// Bytes that may wait for one that is missing; then it is taken for lost.
    static let byteLimit = 1024 * 1024
    static let segmentLimit = 1024
    /// Segments, both directions, after which a byte that the peer has acknowledged is taken for lost: captures are out of
    /// order by a few.
    static let patience = 64

    /// A SYN tells the first number; one that is sent again tells nothing new.
    mutating func begin(_ initial: UInt32) {
        if self.initial == initial { return }
        self.initial = initial
        next = initial &+ 1
    }

    mutating func add(
        _ sequence: UInt32,
        _ payload: ArraySlice<UInt8>,
        missing: Int,
        isFin: Bool
    ) -> [Output] {
        guard !hasEnded, !payload.isEmpty || missing > 0 || isFin else { return [] }
        if next == nil { next = sequence }
        var output: [Output] = []
        if !take(Pending(sequence: sequence, payload: payload, missing: missing, isFin: isFin), &output) {
            insert(Pending(sequence: sequence, payload: payload, missing: missing, isFin: isFin))
            if pendingBytes > Self.byteLimit || pending.count > Self.segmentLimit { giveUp(&output) }
        }
        drain(&output)
        return output
    }

    /// The receiver has everything before `number`.
    mutating func acknowledged(_ number: UInt32) -> [Output] {
        guard let next, let first = pending.first else {
            age = 0
            return []
        }
        age += 1
        guard age > Self.patience, Self.distance(next, number) > 0, Self.distance(first.sequence, number) >= 0 else {
            return []
        }
        var output: [Output] = []
        giveUp(&output)
        drain(&output)
        return output
    }

    /// Nothing more comes: what waits for a missing byte is told without it.
    mutating func finish() -> [Output] {
        var output: [Output] = []
        while !pending.isEmpty {
            giveUp(&output)
            drain(&output)
        }
        return output
    }

    // MARK: Order

    /// How far `to` is behind `from`; numbers wrap.
    private static func distance(_ from: UInt32, _ to: UInt32) -> Int { Int(Int32(bitPattern: to &- from)) }

    /// Takes what follows what is there; false if something before it is missing.
    private mutating func take(_ segment: Pending, _ output: inout [Output]) -> Bool {
        guard let expected = next else { return false }
        let ahead = Self.distance(expected, segment.sequence)
        if ahead > 0 { return false }
        let known = -ahead
        let fresh = segment.payload.dropFirst(known)
        if !fresh.isEmpty { output.append(.bytes(fresh)) }
        let total = segment.payload.count + segment.missing
        if total > known {
            next = expected &+ UInt32(truncatingIfNeeded: total - known)
            let lost = segment.missing - max(0, known - segment.payload.count)
            if lost > 0 { output.append(.lost(lost)) }
        }
        if segment.isFin, known <= total, !hasEnded {
            hasEnded = true
            output.append(.fin)
        }
        return true
    }

    private mutating func insert(_ segment: Pending) {
        let index = pending.firstIndex { Self.distance(segment.sequence, $0.sequence) > 0 } ?? pending.count
        // A copy, for a piece would keep the whole of the file's buffer that it lies in.
        let copy = Pending(
            sequence: segment.sequence,
            payload: Array(segment.payload)[...],
            missing: segment.missing,
            isFin: segment.isFin
        )
        pending.insert(copy, at: index)
        pendingBytes += segment.payload.count
    }

    private mutating func drain(_ output: inout [Output]) {
        while let first = pending.first, take(first, &output) {
            pending.removeFirst()
            pendingBytes -= first.payload.count
            age = 0
        }
    }

    /// What is missing before the first segment that waits is lost.
    private mutating func giveUp(_ output: inout [Output]) {
        guard let expected = next, let first = pending.first else { return }
        let lost = Self.distance(expected, first.sequence)
        if lost > 0 { output.append(.lost(lost)) }
        next = first.sequence
        age = 0
    }
}
