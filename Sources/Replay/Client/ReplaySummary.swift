/// What a replay came to.
public struct ReplaySummary: Sendable, Equatable {
    /// Connections that were replayed.
    public var connections = 0
    /// Packets of the client that were sent.
    public var sent = 0
    /// Packets of the client that could not be sent.
    public var unsent = 0
    /// Recorded packets of the server that were not waited for, because the replay ended before.
    public var unreceived = 0
    /// Connections whose recording cannot be read to its end, because it is encrypted, compressed or damaged.
    public var unreadable = 0
    /// Recorded packets of the server that came as recorded.
    public var asRecorded = 0
    /// Packets of the server that differ, are missing or are too many, and logins that ended otherwise.
    public var differences = 0
    /// Recorded packets of the server that did not come, for they were said by people who are not part of the replay.
    public var ofOthers = 0
    /// Why the replay could not be run; nil if it was.
    public var failure: String?

    public init() {}

    /// The result in a sentence or two.
    public var text: String {
        let ran =
            "\(Self.count(sent, "packet")) sent on \(Self.count(connections, "connection")), "
            + "\(asRecorded) of \(Self.count(asRecorded + differences, "answer")) as recorded"
        let unread =
            unreadable > 0
            ? " Of \(Self.count(unreadable, "connection")) the recording cannot be read to its end, so nothing is known of the rest."
            : ""
        let left =
            unread
            + (unreceived > 0
                ? " \(Self.count(unreceived, "recorded packet")) of the server \(unreceived == 1 ? "was" : "were") not waited for."
                : "")
            + (unsent > 0 ? " \(Self.count(unsent, "recorded packet")) of the client could not be sent." : "")
            + (ofOthers > 0
                ? " \(Self.count(ofOthers, "recorded packet")) of others did not come, for nobody replays them." : "")
        if let failure {
            return
                "The replay could not be run: \(failure)\(failure.hasSuffix(".") ? "" : ".") Until then: \(ran).\(left)"
        }
        if differences == 0 && unsent == 0 && unreadable > 0 {
            return "What can be read went as recorded: \(ran).\(left)"
        }
        if differences == 0 && unsent == 0 { return "The replay went as recorded: \(ran).\(left)" }
        return "The replay went otherwise than recorded: \(Self.count(differences, "difference")), \(ran).\(left)"
    }

    /// True if all went as recorded.
    public var isAsRecorded: Bool { failure == nil && differences == 0 && unsent == 0 && unreadable == 0 }

    private static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
}
