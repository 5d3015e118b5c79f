import Filter
import XMLStream
import XMPP

/// What is passed over when two packets are compared by meaning.
public struct ComparisonRules: Sendable, Equatable {
    /// What the user does not want to hear of, in both packets.
    public var ignored: [XPath] = []
    /// The packets that the user does not want to hear of.
    public var ignoredPackets: [PacketFilter] = []
    /// What a text says does not matter, only whether there is one: for the requests of another client.
    public var passesOverTexts = false

    /// What is new in every session, and what is there for people.
    public var volatile = VolatileValues.standard

    public init() {}

    /// Adds what a user wants to hear nothing of: what an XPath expression selects in packets, or packets that a filter fits.
    public mutating func ignore(_ filter: PacketFilter) {
        if let parts = filter.parts { ignored.append(parts) } else { ignoredPackets.append(filter) }
    }

    /// True for a packet that the user wants to hear nothing of.
    public func ignores(_ packet: Element, _ direction: Direction) -> Bool {
        ignored.contains { $0.removingMatches(from: packet) == nil }
            || ignoredPackets.contains { PacketMatcher($0).fits(packet, direction) }
    }

    /// True for a value that looks like one that a server makes up: a token, or a point in time.
    public static func looksMadeUp(_ value: String) -> Bool { isToken(value) || isTime(value) }

    /// True for two values that look like tokens which a server makes up: long, without blanks, letters and digits mixed.
    static func areTokens(_ one: String, _ other: String) -> Bool { isToken(one) && isToken(other) }

    private static func isToken(_ value: String) -> Bool {
        guard value.utf8.count >= 12 else { return false }
        var digits = 0
        var letters = 0
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): letters += 1
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): break
            default: return false
            }
        }
        return digits > 2 || (digits > 0 && letters > 8)
    }

    /// True for two values that are points in time (XEP-0082).
    static func areTimes(_ one: String, _ other: String) -> Bool { isTime(one) && isTime(other) }

    private static func isTime(_ value: String) -> Bool {
        let bytes = Array(value.utf8)
        guard bytes.count >= 16, bytes.count <= 40 else { return false }
        let pattern = Array("0000-00-00T00:00".utf8)
        return zip(bytes, pattern).allSatisfy { byte, wanted in
            wanted == UInt8(ascii: "0") ? byte >= wanted && byte <= UInt8(ascii: "9") : byte == wanted
        }
    }
}
