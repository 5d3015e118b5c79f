import XMPP

/// One place where two packets, or two sessions, that belong together mean something else.
public struct ComparedDifference: Sendable, Equatable {
    /// How much it says.
    public enum Weight: Int, Sendable, Comparable {
        /// Other software says other words, or counts from elsewhere.
        case minor
        /// Something else is done or said.
        case major

        public static func < (one: Weight, other: Weight) -> Bool { one.rawValue < other.rawValue }
    }

    /// Where in the packet, as a path of names such as `iq/query/@type`; empty for the whole packet.
    public let path: String
    /// What stands there in A, in a few words that are safe for a terminal; nil if nothing does.
    public let inA: String?
    public let inB: String?
    public let weight: Weight

    /// `message/body: "a" in A, "b" in B`.
    public var told: String {
        (path.isEmpty ? "" : "\(path): ") + "\(inA ?? "nothing") in A, \(inB ?? "nothing") in B"
    }
}
