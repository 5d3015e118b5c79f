import XMPP

/// What only the end tells of an earlier packet, such as that nobody answered it.
public struct LateFinding: Sendable, Equatable {
    /// The packet's number.
    public let number: Int
    public let direction: Direction
    /// What the packet's outermost element says of itself.
    public let root: PacketRecord.Root
    public let finding: Finding

    public init(number: Int, direction: Direction, root: PacketRecord.Root, finding: Finding) {
        self.number = number
        self.direction = direction
        self.root = root
        self.finding = finding
    }
}
