/// One of the two parties of a connection, as stanzatap sees them from the middle.
public enum Side: String, Sendable, Hashable, CaseIterable, Codable {
    case client
    case server

    public var other: Side { self == .client ? .server : .client }
}

/// Which way bytes travel. A packet's direction is the `C->S` or `S->C` of its header line in a transcript.
public enum Direction: String, Sendable, Hashable, CaseIterable, Codable {
    case clientToServer = "C->S"
    case serverToClient = "S->C"

    /// The party that sends in this direction.
    public var sender: Side { self == .clientToServer ? .client : .server }

    /// The party that receives in this direction.
    public var receiver: Side { sender.other }

    public var opposite: Direction { self == .clientToServer ? .serverToClient : .clientToServer }

    public init(sender: Side) {
        self = sender == .client ? .clientToServer : .serverToClient
    }
}
