import XMPP

/// The stanzas of one direction since stream management began, and what the other side says of them.
struct StanzaQueue {
    /// An acknowledgement.
    struct Acknowledgement {
        let h: UInt32
        let place: PacketPlace
    }

    private(set) var sent: UInt32 = 0
    /// The latest ones; the last of them is the one with the number `sent`.
    private(set) var recent: [SentStanza] = []
    /// The last acknowledgement, and the last one that cannot be wrong.
    private(set) var acknowledged: Acknowledgement?
    private(set) var lastRight: Acknowledgement?
    /// How much too high the count is, and since when; nil while it is not.
    private(set) var excess: (count: UInt32, since: PacketPlace)?
    /// What was sent but did not arrive before the session was resumed, by its marks: it has to be sent again.
    private(set) var lost: [Int: PacketPlace] = [:]
    /// What the other side had received before that, of which a copy is known for certain.
    private(set) var arrived: [Int: PacketPlace] = [:]
    /// How many had been sent at each request for an acknowledgement that is not answered yet.
    private var requests: [UInt32] = []
    private(set) var lag = Lag()

    /// How far the answers to requests stay behind what was sent before these.
    struct Lag {
        var count: UInt32 = 0
        /// How many answers in a row stayed behind so far.
        var answers = 0
        /// The last stanza that was counted, and the first answer that was behind.
        var since: PacketPlace?
        var sent: UInt32 = 0
    }

    private static let kept = 512

    mutating func append(_ stanza: SentStanza) {
        sent &+= 1
        recent.append(stanza)
        if recent.count > 2 * Self.kept { recent.removeFirst(Self.kept) }
    }

    /// The latest stanzas that are not in that count.
    func outstanding(behind h: UInt32) -> ArraySlice<SentStanza> {
        let count = sent &- h
        return count > UInt32.max / 2 ? [] : recent.suffix(Int(min(count, UInt32(recent.count))))
    }

    /// Those that no acknowledgement covers yet.
    var open: ArraySlice<SentStanza> { outstanding(behind: acknowledged?.h ?? 0) }

    func isTooHigh(_ h: UInt32) -> Bool { h != sent && h &- sent < UInt32.max / 2 }

    /// True if less is acknowledged than before.
    func falls(_ h: UInt32) -> Bool {
        guard let last = acknowledged else { return false }
        return last.h != h && last.h &- h < UInt32.max / 2
    }

    mutating func acknowledge(_ h: UInt32, by place: PacketPlace) {
        if isTooHigh(h) {
            if excess?.count != h &- sent { excess = (h &- sent, place) }
        } else if !falls(h) {
            excess = nil
            if h == sent { lastRight = Acknowledgement(h: h, place: place) }
            measureLag(h, place)
        }
        acknowledged = Acknowledgement(h: h, place: place)
    }

    // MARK: Requests

    /// The other side is asked how many arrived.
    mutating func request() { if requests.count < Self.kept { requests.append(sent) } }

    /// Answers come in the order of the requests, and count at least what came before these.
    private mutating func measureLag(_ h: UInt32, _ place: PacketPlace) {
        guard !requests.isEmpty else { return }
        let sentThen = requests.removeFirst()
        let behind = sentThen &- h
        guard behind > 0, behind < UInt32.max / 2 else {
            lag = Lag()
            return
        }
        if lag.count == behind, sentThen == lag.sent { return }
        lag =
            lag.count == behind
            ? Lag(count: behind, answers: lag.answers + 1, since: lag.since, sent: sentThen)
            : Lag(count: behind, answers: 1, since: place, sent: sentThen)
    }

    // MARK: Resuming

    /// The session goes on with another connection, and `h` stanzas had arrived. What is sent from now on is counted from there,
    /// for what did not arrive is sent again.
    mutating func resume(from h: UInt32, by place: PacketPlace) {
        note(arrivedBefore: h)
        let open = outstanding(behind: h)
        lost = Dictionary(open.map { ($0.mark, $0.place) }) { first, _ in first }
        recent.removeLast(open.count)
        if !isTooHigh(h) { sent = h }
        acknowledged = Acknowledgement(h: h, place: place)
        (requests, lag, excess) = ([], Lag(), nil)
    }

    /// What is in that count arrived, so that a copy of it is one too many.
    mutating func note(arrivedBefore h: UInt32) {
        let open = outstanding(behind: h).count
        for stanza in recent.dropLast(open) where stanza.isUnique { arrived[stanza.mark] = stanza.place }
        if arrived.count > 4 * Self.kept { arrived = [:] }
    }

    /// The stanza that is sent again with this one, because it had not arrived; it is told once.
    mutating func takeLost(_ stanza: SentStanza) -> PacketPlace? {
        lost.isEmpty ? nil : lost.removeValue(forKey: stanza.mark)
    }
}
