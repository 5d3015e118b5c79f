/// Which part of a capture is told.
public struct Selection: Sendable, Equatable {
    /// The numbers of the connections that are told; none for all.
    public var connections: Set<Int>

    public init(connections: Set<Int> = []) { self.connections = connections }

    public func includes(connection: Int) -> Bool { connections.isEmpty || connections.contains(connection) }
}
