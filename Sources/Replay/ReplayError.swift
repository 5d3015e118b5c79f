/// Why a replay cannot be run, told so that a user can act on it.
public struct ReplayError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
