/// What a side calls itself, and where it says so.
public struct SoftwareFacts: Sendable, Equatable {
    /// Where it says so, from the vaguest to the most exact.
    public enum Grounds: String, Sendable, CaseIterable {
        /// The address by which a program names itself beside its capabilities (XEP-0115).
        case capabilities
        /// The name of an identity (XEP-0030).
        case identity
        /// What a login says of the program (XEP-0388 section 2.3).
        case userAgent = "user-agent"
        /// The answer to the question for it (XEP-0092).
        case version
    }

    /// Such as `Gajim 1.7.3`; safe for a terminal.
    public let name: String
    public let grounds: Grounds

    public init(name: String, grounds: Grounds) {
        self.name = name
        self.grounds = grounds
    }

    /// `Gajim 1.7.3 (by its version, XEP-0092)`
    public var told: String {
        switch grounds {
        case .capabilities: "\(name) (by its capabilities, XEP-0115)"
        case .identity: "\(name) (by the name of its identity, XEP-0030)"
        case .userAgent: "\(name) (by its login, XEP-0388)"
        case .version: "\(name) (by its version, XEP-0092)"
        }
    }
}
