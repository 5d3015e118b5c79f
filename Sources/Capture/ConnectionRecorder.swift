import XMPP

/// Writes one connection into a capture: its bytes in made-up TCP segments, its events as packet comments.
///
/// Not thread-safe: one connection is recorded by one thread (its event loop). Several recorders share a `CaptureFile`.
/// A recorder that commits at once returns only when the record is in the file, and throws when it is not; one that does not
/// leaves that to `CaptureFile.commit`. Bytes must not be sent on before they are in the file.
public struct ConnectionRecorder {
    private let file: CaptureFile
    private let client: Endpoint
    /// Under which the client stands in the segments.
    private let recordedClient: Endpoint
    private let server: Endpoint
    private let number: Int
    private var nextSequence: [UInt32]
    private var receivedBytes = [0, 0]
    private let program: String
    private let commitsAtOnce: Bool
    /// The file in which the connection is told of: it begins anew in each one.
    private var generation: Int
    /// True once the segment that tells of the connection is written.
    private var hasBegun = false
    private var isDecrypted = false
    /// That it is a replay, and how the server was reached.
    private var replay: CaptureEvent?
    private var upstream: CaptureEvent?

    /// Records the beginning of connection `number`: the three-way handshake, with the event on its first segment.
    ///
    /// - Parameters:
    ///   - client: the client's address; `listener`: the address that it connected to. Both of one address family.
    ///   - recordedClient: the address that stands for the client's in the segments; nil for its own. No other live
    ///     connection of the capture may have the same, or Wireshark takes the two for one.
    ///   - program: what records, for example `stanzatap 0.1.0`.
    ///   - commitsAtOnce: false if the caller calls `CaptureFile.commit`, once for many records.
    public init(
        file: CaptureFile,
        number: Int,
        client: Endpoint,
        recordedClient: Endpoint? = nil,
        listener: Endpoint,
        program: String,
        commitsAtOnce: Bool = true
    ) throws(CaptureError) {
        self.file = file
        self.client = client
        self.recordedClient = recordedClient ?? client
        self.server = listener
        self.number = number
        self.program = program
        self.commitsAtOnce = commitsAtOnce
        generation = file.generation
        // Different for each connection, so that a port used again is not taken for a retransmission.
        let initial = UInt32(truncatingIfNeeded: number) &* 0x9E37_79B1
        nextSequence = [initial, initial &+ 0x8000_0000]
        try shakeHands(
            .accepted(number: number, client: client, listener: listener, program: program, recorder: file.recorder)
        )
    }

    /// Records that what follows was said inside TLS: as a TCP connection of its own between the same addresses, for
    /// Wireshark would look for TLS in the first one. Its sequence numbers are far from those before, or it would be taken
    /// for a retransmission.
    public mutating func decryptionBegan() throws(CaptureError) {
        for index in nextSequence.indices { nextSequence[index] &+= 0x4000_0000 }
        try shakeHands(.decrypted(connection: number))
        isDecrypted = true
    }

    /// The three segments that open a TCP connection, with an event on the first.
    private mutating func shakeHands(_ event: CaptureEvent) throws(CaptureError) {
        try append(.clientToServer, .syn, comments: [event.sentence, event.json])
        try append(.serverToClient, [.syn, .ack])
        try append(.clientToServer, .ack)
    }

    /// Records bytes that one side sent. An empty buffer records nothing.
    public mutating func received(_ bytes: UnsafeRawBufferPointer, _ direction: Direction) throws(CaptureError) {
        receivedBytes[direction.index] += bytes.count
        try append(bytes, direction, comments: [])
    }

    /// Records bytes that stanzatap itself sends in `direction`, in the name of that direction's sender.
    public mutating func sentByProxy(
        _ bytes: UnsafeRawBufferPointer,
        _ direction: Direction,
        reason: String
    ) throws(CaptureError) {
        let event = CaptureEvent.sentByProxy(reason: reason)
        try append(bytes, direction, comments: [event.sentence, event.json])
    }

    /// Records bytes that stanzatap put in place of `original`, a whole packet of the server.
    public mutating func changed(
        _ original: [UInt8],
        into bytes: UnsafeRawBufferPointer,
        _ direction: Direction,
        reason: String
    ) throws(CaptureError) {
        receivedBytes[direction.index] += original.count
        let event = CaptureEvent.changed(original: String(decoding: original, as: UTF8.self), reason: reason)
        try append(bytes, direction, comments: [event.sentence, event.json])
    }

    /// Records something that is no byte.
    public mutating func happened(_ event: CaptureEvent) throws(CaptureError) {
        if case .replay = event { replay = event }
        if case .upstreamConnected = event { upstream = event }
        if case .tls(.client, _) = event { isDecrypted = true }
        try append(.serverToClient, .ack, comments: [event.sentence, event.json])
    }

    /// Records that the sender of `direction` has ended its sending (FIN).
    public mutating func closed(_ direction: Direction) throws(CaptureError) {
        try append(direction, [.fin, .ack])
    }

    /// Records that the sender of `direction` has reset the connection (RST).
    public mutating func reset(_ direction: Direction) throws(CaptureError) {
        try append(direction, [.rst, .ack])
    }

    /// Records the end of the connection with the count of received bytes in each direction.
    public mutating func ended() throws(CaptureError) {
        try happened(.ended(clientToServerBytes: receivedBytes[0], serverToClientBytes: receivedBytes[1]))
    }

    // MARK: Segments

    private mutating func append(
        _ bytes: UnsafeRawBufferPointer,
        _ direction: Direction,
        comments: [String]
    ) throws(CaptureError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(SyntheticSegment.maximumPayload)
            rest = rest.dropFirst(piece.count)
            try append(direction, [.psh, .ack], payload: UnsafeRawBufferPointer(rebasing: piece), comments: comments)
        }
    }

    private mutating func append(
        _ direction: Direction,
        _ flags: TCPFlags,
        payload: UnsafeRawBufferPointer? = nil,
        comments: [String] = []
    ) throws(CaptureError) {
        while true {
            let present = try write(direction, flags, payload, comments)
            if present == generation { break }
            generation = present
            // The connection's very beginning tells of it already.
            if hasBegun { try goOn() }
        }
        let consumed = (payload?.count ?? 0) + (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        nextSequence[direction.index] &+= UInt32(truncatingIfNeeded: consumed)
        hasBegun = true
        if commitsAtOnce { try file.commit() }
    }

    /// Another file was begun: tells there what connection this is.
    private mutating func goOn() throws(CaptureError) {
        try shakeHands(
            .continued(
                number: number,
                client: client,
                listener: server,
                program: program,
                recorder: file.recorder,
                isDecrypted: isDecrypted
            )
        )
        for event in [replay, upstream].compactMap({ $0 }) { try happened(event) }
    }

    /// - Returns: the file that is written now; if it is not the one that was, nothing was written.
    private func write(
        _ direction: Direction,
        _ flags: TCPFlags,
        _ payload: UnsafeRawBufferPointer?,
        _ comments: [String]
    ) throws(CaptureError) -> Int {
        let fromClient = direction == .clientToServer
        let segment = SyntheticSegment(
            source: fromClient ? recordedClient : server,
            destination: fromClient ? server : recordedClient,
            sequence: nextSequence[direction.index],
            acknowledgment: flags.contains(.ack) ? nextSequence[direction.opposite.index] : 0,
            flags: flags,
            payloadCount: payload?.count ?? 0
        )
        let record = PacketRecord(segment, payload: payload, comments: comments)
        return try file.queue(record, generation: generation)
    }
}

extension Direction {
    fileprivate var index: Int { self == .clientToServer ? 0 : 1 }
}
