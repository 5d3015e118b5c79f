/// Which part of a capture is told.
public struct Selection: Sendable, Equatable {
    /// The number of the only connection that is told; nil for all.
    public var connection: Int?

    public init(connection: Int? = nil) { self.connection = connection }

    public func includes(connection: Int) -> Bool { self.connection == nil || self.connection == connection }
}
