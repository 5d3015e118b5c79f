/// How the messages of a login are taken apart.
public enum SASLReading: Sendable, Equatable {
    /// What can be understood of a broken message: for telling what it is.
    case lenient
    /// What the RFC allows and nothing else: for logging in.
    case strict
}
