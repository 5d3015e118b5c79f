/// One packet of either session, or two that stand for each other.
public struct ComparisonRow: Sendable {
    public enum Kind: String, Sendable {
        case same
        case changed
        case onlyA = "only-a"
        case onlyB = "only-b"
    }

    public let inA: ComparedPacket?
    public let inB: ComparedPacket?
    public internal(set) var differences: [ComparedDifference] = []
    /// How much it weighs that the packet stands at another place, or only in one of the two; nil if it does not.
    var placeWeight: ComparedDifference.Weight?
    /// True if the packet comes at another place among those of its side.
    public internal(set) var isMoved = false

    public var kind: Kind {
        if inB == nil { return .onlyA }
        if inA == nil { return .onlyB }
        return differences.isEmpty && !isMoved ? .same : .changed
    }

    /// The weightiest of what is different; nil if nothing is.
    public var weight: ComparedDifference.Weight? {
        (differences.map(\.weight) + [placeWeight].compactMap(\.self)).max()
    }

    /// `S->C 012/014`, or `C->S 007`.
    public var name: String {
        guard let inA else { return inB?.name ?? "" }
        guard let inB else { return inA.name }
        return "\(inA.name)/" + (inB.number.map(RecordedPacket.digits) ?? "–")
    }

    /// What is different, in a few words; empty if nothing is.
    public var told: [String] {
        switch kind {
        case .same: []
        case .onlyA: ["only in A"]
        case .onlyB: ["only in B"]
        case .changed: differences.map(\.told) + (isMoved ? ["it comes at another place in B than in A"] : [])
        }
    }

    /// What the packet does in A, or else in B.
    public var sentence: String { inA?.sentence ?? inB?.sentence ?? "" }
}
