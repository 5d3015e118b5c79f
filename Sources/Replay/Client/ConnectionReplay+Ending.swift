import Conversation
import XMLStream
import XMPP

extension ConnectionReplay {
    /// True if nothing of the recording is left to do here, and its end is still to come.
    func isUnfinished(_ run: ReplayRun) -> Bool {
        guard stream != nil, !isGivenUp else { return false }
        return run.summary.failure != nil || !run.hasSteps(of: number)
    }

    /// Tells on what the user did not want to wait any longer, where no packet shows it.
    func tellInterruption(run: inout ReplayRun) {
        switch state {
        case .connecting: run.summary.failure = run.summary.failure ?? "it was interrupted while it was connecting"
        case .securing:
            run.summary.failure = run.summary.failure ?? "it was interrupted in the TLS handshake with the server"
            note("the replay is interrupted in the TLS handshake, for which the server has not done its part", &run)
        case .open, .closed: break
        }
    }

    /// Ends the connection, and waits for the server's end.
    mutating func end(_ run: inout ReplayRun) -> ReplayProgress {
        endStream(&run)
        closesLater = false
        if serverHasClosed || !hasSentEnd { _ = closeOutput(&run) }
        if isClosed { return .done }
        guard run.isOutOfTime else { return .waiting }
        _ = closeOutput(&run)
        isGivenUp = true
        return .done
    }

    mutating func closeOutput(_ run: inout ReplayRun) -> ReplayProgress {
        guard !isClosed, !outputIsClosed else { return .done }
        // Half of a TLS connection cannot be closed with many servers: they take its end for that of both.
        if isSecured, !serverHasClosed, !laterExpected(run).isEmpty {
            closesLater = true
            return .done
        }
        outputIsClosed = true
        if serverHasClosed { close() }
        run.actions.append(.closeOutput(number))
        return .done
    }

    /// Ends our stream where the recording does not say how the connection ended.
    mutating func endStream(_ run: inout ReplayRun) {
        guard let syntax = stream?.sentHeader?.syntax, !hasSentEnd, !outputIsClosed else { return }
        hasSentEnd = true
        _ = nextNumber()
        run.madeHeadway()
        run.actions.append(.send(number, syntax.end))
    }

    /// Does the recorded end of the server's.
    mutating func awaitEnd(_ run: inout ReplayRun) -> ReplayProgress {
        if closesLater {
            closesLater = false
            _ = closeOutput(&run)
        }
        if isOver { return .done }
        guard run.isOutOfTime else { return .waiting }
        if !outputIsClosed {
            differ("recorded: the server closes the connection / now: it is still open", &run)
        }
        return .done
    }
}
