import XMPP

/// What a replay as the client asks for, in this order. Connections bear the numbers of the recording.
public enum ClientReplayAction: Sendable, Equatable {
    /// Connect to the server, with TLS from the first byte or without.
    case connect(Int, isDirect: Bool)
    /// Record bytes that came from the server.
    case record(Int, [UInt8])
    /// Record and send bytes.
    case send(Int, [UInt8])
    /// Begin TLS: the server has agreed to it.
    case startTLS(Int)
    /// Send a FIN (in TLS: a close_notify before it) once all is sent.
    case closeOutput(Int)
    /// Close both directions; a reset if that was recorded.
    case close(Int, isReset: Bool)
    /// Record a difference, told in a clause.
    case differ(Int, String)
    /// Record something that is worth knowing and no difference, told in a clause.
    case note(Int, String)
    /// Call `timedOut` after so many seconds, unless another `wait` follows.
    case wait(seconds: Double)
    /// Call `userAgreed` when the user wants the next packet sent, which is described.
    case awaitUser(String)
    /// All is done.
    case finish(ReplaySummary)
}
