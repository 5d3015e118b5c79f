import XMPP

/// What a `PairMachine` asks for.
extension PairMachine {
    enum Action: Equatable {
        case readHeldHeader
        case findServer(domain: String?)
        /// Connects to the same address again, for the old connection is spoilt.
        case reconnectServer
        case tls(TLSAction)
        /// Ends the client's stream with the error `policy-violation`.
        case endStream(String)
        case sendHeldToServer
        case recordClosed(Side)
        case recordReset(Side)
        case recordFailure(String)
        case recordNotice(String)
        case recordRefusal(Refusal)
        /// Tells the client on a stream of our own.
        case refuse(Refusal, domain: String?)
        /// Tells the client on the stream that it has, or on one of our own if it has none.
        case sayRecordingFailed
        /// Sends a FIN to that side, after everything before it.
        case closeOutput(Side)
        /// Sends a RST to that side, after everything before it.
        case abort(Side)
        case close(Side)
        /// Starts the connection's one timer, in place of the one that runs.
        case startTimer(Timer)
        case stopTimer
        case end
    }

    enum TLSAction: Equatable {
        /// Begins TLS with the client.
        case secureClient
        /// Answers the client's header with a stream of our own that requires STARTTLS.
        case offer(domain: String)
        case secureServer(ServerSecurity, domain: String?)
        /// Gives the client the server's agreement to TLS.
        case sendProceed
        /// Gives the client a refusal in place of the server's agreement (RFC 6120 section 5.4.2.2).
        case refuse(TLSFailure)
        case recordFailure(Side, TLSFailure)
    }

    enum Timer: Equatable { case header, handshake, probe, refusal, farewell, grace }

    /// What becomes of received bytes, once they are recorded.
    enum Fate: Equatable {
        case hold, holdAndReadHeader, forward, drop
        /// The client gets nothing of it, and what it gets is what is recorded of the server.
        case ignore
        /// Nothing but white space may come now.
        case refuse
        /// What the client says to our offer of STARTTLS.
        case answerToOffer
    }
}
