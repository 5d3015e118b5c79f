import Conversation
import XMLStream
import XMPP

extension ConnectionReplay {
    private func isRecorded(_ event: RecordedConversation.Event, _ run: ReplayRun) -> Bool {
        run.steps.contains { $0.connection == number && $0.event == event }
    }

    func wantsDirectTLS(_ run: ReplayRun) -> Bool {
        switch run.options.tls {
        case .direct: true
        case .recorded: isRecorded(.secured(isDirect: true), run)
        case .starttls, .none: false
        }
    }

    /// Can the recorded `<starttls/>` be sent?
    func canStartTLS(_ run: ReplayRun) -> Bool {
        guard let stream, !isSecured else { return false }
        return run.options.tls != .none && stream.features?.child("starttls", NS.tls) != nil || stream.features == nil
    }

    /// Leaves out a recorded STARTTLS negotiation with the stream that follows it, up to its features; before the stream
    /// began, what was said in the clear is left out instead.
    mutating func passOverSTARTTLS(_ run: inout ReplayRun) {
        let isBeforeStream = stream?.sentHeader == nil
        if !isBeforeStream, run.options.tls != .none {
            differ("recorded: the server offers STARTTLS / now: it does not", &run)
        }
        var hasPassedTLS = false
        for index in run.cursor..<run.steps.count where run.steps[index].connection == number {
            if run.steps[index].event == .secured(isDirect: false) {
                hasPassedTLS = true
                run.passedOver.insert(index)
                if isBeforeStream { return }
                continue
            }
            guard case .packet(let packet) = run.steps[index].event else { continue }
            if hasPassedTLS, packet.direction == .clientToServer, packet.header == nil { return }
            run.passedOver.insert(index)
            if hasPassedTLS, packet.element?.is("features", NS.streams) == true { return }
        }
    }

    /// The recorded STARTTLS cannot be done, or is not wanted.
    mutating func goOnWithoutTLS(_ run: inout ReplayRun) {
        passOverSTARTTLS(&run)
        // Somebody on the way may have taken the offer out, to hear what was meant for inside TLS: passwords among it.
        if run.options.tls == .starttls { return failWithoutSTARTTLS(&run) }
        guard run.options.tls != .none, !run.options.isNear, !isSecured else { return }
        abandon("nothing is sent in the clear that was recorded inside TLS; --tls none does so all the same", &run)
    }

    /// Does the recorded step into TLS, once the server of this run has agreed to it.
    mutating func secure(isDirect: Bool, _ run: inout ReplayRun) -> ReplayProgress {
        guard let stream, !isSecured, !isDirect else { return .done }
        if stream.serverAgreedToTLS {
            beginTLS(reopening: nil, &run)
            return .suspended
        }
        guard isOver || run.isOutOfTime else { return .waiting }
        let now = isOver ? "the server closes the connection" : "the server does not answer"
        refuseTLS("recorded: the server agrees to STARTTLS / now: \(now)", &run)
        return .done
    }

    /// True if a packet may be sent now: with `--tls starttls` nothing but what leads to TLS is said in the clear, on this
    /// machine too.
    func mayBeSaid(_ element: Element, _ run: ReplayRun) -> Bool {
        run.options.tls != .starttls || isSecured || element.is("starttls", NS.tls)
    }

    /// The user wants STARTTLS and nothing else.
    mutating func failWithoutSTARTTLS(_ run: inout ReplayRun) {
        let reason = "the server does not offer STARTTLS, and --tls starttls sends nothing without it"
        run.summary.failure = run.summary.failure ?? reason
        abandon(reason, &run)
    }

    /// What was recorded inside TLS is said nowhere else.
    private mutating func refuseTLS(_ difference: String, _ run: inout ReplayRun) {
        differ(difference, &run)
        abandon("this connection is not replayed any further", &run)
    }

    /// The server answers the recorded request for TLS by another word than the recorded one.
    private mutating func isRefusal(ofRecordedSTARTTLS packet: RecordedPacket, _ run: inout ReplayRun) -> Bool {
        guard packet.element?.is("failure", NS.tls) == true, !isSecured, isRecorded(.secured(isDirect: false), run)
        else { return false }
        refuseTLS("recorded: the server agrees to STARTTLS / now: it refuses", &run)
        return true
    }

    private mutating func beginTLS(reopening header: [UInt8]?, _ run: inout ReplayRun) {
        state = .securing(reopening: header)
        run.actions.append(.startTLS(number))
    }

    // MARK: STARTTLS that is not recorded

    /// Carries on a STARTTLS negotiation of our own; true if the packet belongs to it.
    mutating func isTaken(bySTARTTLS packet: RecordedPacket, _ run: inout ReplayRun) -> Bool {
        guard let stream else { return false }
        switch stream.negotiation {
        case nil: return isRefusal(ofRecordedSTARTTLS: packet, &run) || beginSTARTTLS(after: packet, &run)
        case .login?: return false
        case .startTLS?:
            guard let element = packet.element, element.namespace == NS.tls else { return false }
            if element.name == "proceed" {
                beginTLS(reopening: stream.sentHeader?.bytes, &run)
            } else {
                differ("the server refuses STARTTLS, which it offers or requires", &run)
                abandon("this connection is not replayed any further", &run)
            }
            return true
        case .reopened?:
            // These are compared with what was recorded for the stream in the clear.
            if packet.element?.is("features", NS.streams) == true { self.stream?.negotiation = nil }
            return false
        }
    }

    private mutating func beginSTARTTLS(after packet: RecordedPacket, _ run: inout ReplayRun) -> Bool {
        guard let features = packet.element, features.is("features", NS.streams), !isSecured,
            let offer = features.child("starttls", NS.tls), !isRecorded(.secured(isDirect: false), run)
        else { return false }
        let isRequired = offer.child("required") != nil || features.child("mechanisms", NS.sasl) == nil
        guard run.options.tls == .starttls || (run.options.tls == .recorded && isRequired) else { return false }
        if run.options.tls == .recorded, !run.isScript {
            differ("recorded: a session in the clear / now: the server requires TLS, so it is started", &run)
        }
        // The header that belongs to these features is answered once more inside TLS.
        arrivals.removeAll { $0.packet.header != nil }
        stream?.negotiation = .startTLS
        send("<starttls xmlns='\(NS.tls)'/>", &run)
        return true
    }

    /// Waits for what the negotiation of TLS or of a login needs; without an answer the connection is given up. Nil if nothing
    /// is negotiated.
    mutating func waitForNegotiation(_ run: inout ReplayRun) -> ReplayProgress? {
        let exchange: OpenStream.Exchange
        switch state {
        case .connecting, .closed(unfinished: nil): return nil
        case .securing: return .suspended
        case .closed(let unfinished?): exchange = unfinished
        case .open(let stream):
            guard let negotiation = stream.negotiation else { return nil }
            if !run.isOutOfTime, !serverHasClosed { return .waiting }
            exchange = negotiation.exchange
        }
        let how = run.isOutOfTime ? "does not answer" : "closes the connection"
        tellUnexpected(&run)
        differ("recorded: an answer to \(exchange.rawValue) / now: the server \(how)", &run)
        abandon("this connection is not replayed any further", &run)
        return .done
    }
}
