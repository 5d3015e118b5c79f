import Conversation
import XMLStream
import XMPP

extension ClientReplay {
    private func isSTARTTLSRecorded(_ connection: Int) -> Bool {
        steps.contains { $0.connection == connection && $0.event == .secured(isDirect: false) }
    }

    private func isDirectTLSRecorded(_ connection: Int) -> Bool {
        steps.contains { $0.connection == connection && $0.event == .secured(isDirect: true) }
    }

    func wantsDirectTLS(_ connection: Int) -> Bool {
        switch options.tls {
        case .direct: true
        case .recorded: isDirectTLSRecorded(connection)
        case .starttls, .none: false
        }
    }

    /// Can the recorded `<starttls/>` be sent?
    func canStartTLS(_ connection: Int) -> Bool {
        guard let live = connections[connection], !live.isSecured else { return false }
        return options.tls != .none && live.features?.child("starttls", NS.tls) != nil || live.features == nil
    }

    /// Leaves out a recorded STARTTLS negotiation with the stream that follows it, up to its features; before the stream
    /// began, what was said in the clear is left out instead.
    mutating func passOverSTARTTLS(_ connection: Int) {
        let isBeforeStream = connections[connection]?.sentHeader.isEmpty != false
        if !isBeforeStream, options.tls != .none {
            differ(connection, "recorded: the server offers STARTTLS / now: it does not")
        }
        var hasPassedTLS = false
        for index in cursor..<steps.count where steps[index].connection == connection {
            if steps[index].event == .secured(isDirect: false) {
                hasPassedTLS = true
                passedOver.insert(index)
                if isBeforeStream { return }
                continue
            }
            guard case .packet(let packet) = steps[index].event else { continue }
            if hasPassedTLS, packet.direction == .clientToServer, packet.header == nil { return }
            passedOver.insert(index)
            if hasPassedTLS, packet.element?.is("features", NS.streams) == true { return }
        }
    }

    /// The recorded STARTTLS cannot be done, or is not wanted.
    mutating func goOnWithoutTLS(_ connection: Int) {
        passOverSTARTTLS(connection)
        // Somebody on the way may have taken the offer out, to hear what was meant for inside TLS: passwords among it.
        guard options.tls != .none, !options.isNear, connections[connection]?.isSecured == false else { return }
        abandon(
            connection,
            "nothing is sent in the clear that was recorded inside TLS; --tls none does so all the same"
        )
    }

    /// Does the recorded step into TLS.
    mutating func secure(isDirect: Bool, _ connection: Int) -> Progress {
        guard let live = connections[connection], !live.isSecured, !isDirect, live.state == .open else { return .done }
        beginTLS(connection)
        return .suspended
    }

    private mutating func beginTLS(_ connection: Int) {
        connections[connection]?.state = .securing
        actions.append(.startTLS(connection))
    }

    // MARK: STARTTLS that is not recorded

    /// Carries on a STARTTLS negotiation of our own; true if the packet belongs to it.
    mutating func isTaken(byDetour packet: RecordedPacket, _ connection: Int) -> Bool {
        guard let live = connections[connection] else { return false }
        switch live.detour {
        case nil:
            return beginDetour(after: packet, live, connection)
        case .asked:
            guard let element = packet.element, element.namespace == NS.tls else { return false }
            if element.name == "proceed" {
                connections[connection]?.detour = .agreed
                beginTLS(connection)
            } else {
                differ(connection, "the server refuses STARTTLS, which it offers or requires")
                abandon(connection, "this connection is not replayed any further")
            }
            return true
        case .agreed:
            return false
        case .reopened:
            // These are compared with what was recorded for the stream in the clear.
            if packet.element?.is("features", NS.streams) == true { connections[connection]?.detour = nil }
            return false
        }
    }

    private mutating func beginDetour(after packet: RecordedPacket, _ live: LiveConnection, _ connection: Int) -> Bool {
        guard let features = packet.element, features.is("features", NS.streams), !live.isSecured,
            let offer = features.child("starttls", NS.tls), !isSTARTTLSRecorded(connection)
        else { return false }
        let isRequired = offer.child("required") != nil || features.child("mechanisms", NS.sasl) == nil
        guard options.tls == .starttls || (options.tls == .recorded && isRequired) else { return false }
        if options.tls == .recorded, !isScript {
            differ(connection, "recorded: a session in the clear / now: the server requires TLS, so it is started")
        }
        // The header that belongs to these features is answered once more inside TLS.
        connections[connection]?.arrivals.removeAll { $0.packet.header != nil }
        connections[connection]?.detour = .asked
        send("<starttls xmlns='\(NS.tls)'/>", connection)
        return true
    }

    mutating func reopenAfterDetour(_ connection: Int) {
        guard let live = connections[connection], live.detour == .agreed else { return }
        connections[connection]?.detour = .reopened
        connections[connection]?.awaitsFeatures = true
        send(live.sentHeader, connection)
    }

    /// Waits for what the negotiation of TLS or of a login needs; without an answer the connection is given up.
    mutating func waitForNegotiation(_ live: LiveConnection, _ connection: Int) -> Progress {
        if live.state == .securing { return .suspended }
        guard isOutOfTime || live.serverHasClosed || live.state == .closed else { return .waiting }
        let what = live.login == nil ? "STARTTLS" : "the login"
        let how = isOutOfTime ? "does not answer" : "closes the connection"
        tellUnexpected(connection)
        differ(connection, "recorded: an answer to \(what) / now: the server \(how)")
        abandon(connection, "this connection is not replayed any further")
        return .done
    }
}
