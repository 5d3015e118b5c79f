import Testing

/// All tests whose peers speak TLS: one after the other, for the peers of all of them block one thread (`PeerThread`), and
/// a handshake has a time limit.
@Suite("TLS relay", .timeLimit(.minutes(3)), .serialized)
enum PlayedTLS {}
