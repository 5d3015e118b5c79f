/// One place where what came now means something else than what was recorded.
public struct Difference: Sendable, Equatable, CustomStringConvertible {
    /// Where in the packet, as a path of names such as `iq/query/username`; empty for the whole packet.
    public let path: String
    /// What was recorded there, in a few words.
    public let recorded: String
    /// What is there now.
    public let now: String

    public init(path: String = "", recorded: String, now: String) {
        self.path = path
        self.recorded = recorded
        self.now = now
    }

    public var description: String {
        (path.isEmpty ? "" : "\(path): ") + "recorded: \(recorded) / now: \(now)"
    }
}
