import Conversation
import SASL
import XMLStream
import XMPP

extension ClientReplay {
    mutating func open(_ connection: Int) -> Progress {
        guard let live = connections[connection] else {
            let progress = endAll()
            if progress != .done { return progress }
            if settledBefore != connection, !connections.isEmpty, connections.values.allSatisfy({ $0.state == .closed })
            {
                settledBefore = connection
                return .settling
            }
            let isDirect = wantsDirectTLS(connection)
            if isDirect { passOverSTARTTLS(connection) }
            connections[connection] = LiveConnection()
            summary.connections += 1
            actions.append(.connect(connection, isDirect: isDirect))
            return .suspended
        }
        return live.state == .connecting ? .suspended : .done
    }

    /// Sends a packet of the client as it is to be now.
    mutating func send(_ packet: RecordedPacket, _ connection: Int) -> Progress {
        switch packet.kind {
        case .header:
            let bytes = values.rewrite(packet.bytes)
            openStream(bytes, connection, hasFeatures: packet.header?["version"] != nil)
        case .end:
            connections[connection]?.hasSentEnd = true
            summary.sent += 1
            send(connections[connection]?.syntax?.end(insteadOf: packet.bytes) ?? packet.bytes, connection)
        case .oversized:
            actions.append(.note(connection, "left out: a packet of the client that the recording does not hold whole"))
            summary.unsent += 1
        case .element(let element):
            return send(element, packet, connection)
        }
        return .done
    }

    mutating func openStream(_ bytes: [UInt8], _ connection: Int, hasFeatures: Bool) {
        connections[connection]?.sentHeader = bytes
        connections[connection]?.syntax = StreamSyntax(header: bytes)
        connections[connection]?.awaitsFeatures = hasFeatures
        connections[connection]?.features = nil
        summary.sent += 1
        send(bytes, connection)
    }

    private mutating func send(_ element: Element, _ packet: RecordedPacket, _ connection: Int) -> Progress {
        switch (element.name, element.namespace) {
        case ("starttls", NS.tls) where !canStartTLS(connection):
            goOnWithoutTLS(connection)
            return .done
        case ("auth", NS.sasl), ("authenticate", NS.sasl2):
            return beginLogin(packet, element, connection)
        case ("response", NS.sasl), ("abort", NS.sasl), ("response", NS.sasl2), ("abort", NS.sasl2):
            // What is left of an exchange that was carried on for real.
            return .done
        default:
            break
        }
        let isAnswer = element.name == "iq" && ["result", "error"].contains(element["type"])
        let rewritten = values.rewrite(packet.bytes, answersRequest: isAnswer)
        let bytes = connections[connection]?.syntax?.fitting(rewritten, element) ?? rewritten
        summary.sent += 1
        send(withProofs(withCounts(bytes, element, connection), element, connection), connection)
        return .done
    }

    /// Sends a packet of our own, written for the usual stream of a client.
    mutating func send(_ text: String, _ connection: Int) {
        let bytes = Array(text.utf8)
        guard let syntax = connections[connection]?.syntax, let element = StreamSyntax.parsed(text) else {
            return send(bytes, connection)
        }
        send(syntax.fitting(bytes, element), connection)
    }

    mutating func send(_ bytes: [UInt8], _ connection: Int) {
        guard let live = connections[connection], live.canSend else { return }
        _ = connections[connection]?.nextNumber()
        madeHeadway()
        actions.append(.send(connection, bytes))
    }

    mutating func sendKeepAlive(_ connection: Int) -> Progress {
        if connections[connection]?.canSend == true { actions.append(.send(connection, [UInt8(ascii: " ")])) }
        return .done
    }

    /// Acknowledgements tell how many stanzas came in this run (XEP-0198 section 4).
    private func withCounts(_ bytes: [UInt8], _ element: Element, _ connection: Int) -> [UInt8] {
        guard element.namespace.hasPrefix("urn:xmpp:sm:"), element.name == "a",
            let count = connections[connection]?.countedStanzas
        else { return bytes }
        return ValueRewriter.rewrite(bytes) { $0.slot.attribute == "h" ? String(count) : nil }
    }

    /// Proofs that are made from the stream's id: of legacy authentication (XEP-0078), of components (XEP-0114).
    private func withProofs(_ bytes: [UInt8], _ element: Element, _ connection: Int) -> [UInt8] {
        guard let id = connections[connection]?.header?["id"] else { return bytes }
        if let query = element.child("query", NS.auth), query.child("digest") != nil {
            let user = query.child("username")?.trimmedText ?? ""
            guard let password = options.password ?? accounts.password(of: user).map(values.password) else {
                return bytes
            }
            let digest = StreamDigest.hex(streamID: id, secret: password)
            return ValueRewriter.rewrite(bytes) { $0.slot.element == "digest" ? digest : nil }
        }
        if element.name == "handshake", let secret = options.password {
            let digest = StreamDigest.hex(streamID: id, secret: secret)
            return ValueRewriter.rewrite(bytes) { $0.slot.element == "handshake" ? digest : nil }
        }
        return bytes
    }

    // MARK: Ends

    /// Ends the connections that the recording is through with, and waits for the server's ends: servers, jabberd2 above
    /// all, do not like the next connection right beside the last one.
    mutating func endAll() -> Progress {
        for connection in connections.keys.sorted() where isUnfinished(connection) {
            guard end(connection) == .waiting else { continue }
            return .waiting
        }
        return .done
    }

    private func isUnfinished(_ connection: Int) -> Bool {
        guard let live = connections[connection], live.state == .open, !live.isGivenUp else { return false }
        return summary.failure != nil || !steps[min(cursor, steps.count)...].contains { $0.connection == connection }
    }

    private mutating func end(_ connection: Int) -> Progress {
        endStream(connection)
        connections[connection]?.closesLater = false
        if connections[connection]?.serverHasClosed == true || connections[connection]?.hasSentEnd == false {
            _ = closeOutput(connection)
        }
        if connections[connection]?.state == .closed { return .done }
        guard isOutOfTime else { return .waiting }
        _ = closeOutput(connection)
        connections[connection]?.isGivenUp = true
        return .done
    }

    mutating func closeOutput(_ connection: Int) -> Progress {
        guard let live = connections[connection], live.state != .closed, !live.outputIsClosed else { return .done }
        // Half of a TLS connection cannot be closed with many servers: they take its end for that of both.
        if live.isSecured, !live.serverHasClosed, !laterExpected(connection).isEmpty {
            connections[connection]?.closesLater = true
            return .done
        }
        connections[connection]?.outputIsClosed = true
        if live.serverHasClosed { connections[connection]?.state = .closed }
        actions.append(.closeOutput(connection))
        return .done
    }

    /// Ends our stream where the recording does not say how the connection ended.
    mutating func endStream(_ connection: Int) {
        guard let live = connections[connection], live.canSend || live.isAbandoned, live.state == .open,
            !live.hasSentEnd, let syntax = live.syntax, !live.outputIsClosed
        else { return }
        connections[connection]?.hasSentEnd = true
        _ = connections[connection]?.nextNumber()
        madeHeadway()
        actions.append(.send(connection, syntax.end))
    }

    mutating func awaitEnd(_ connection: Int) -> Progress {
        if connections[connection]?.closesLater == true {
            connections[connection]?.closesLater = false
            _ = closeOutput(connection)
        }
        guard let live = connections[connection], live.state != .closed, !live.serverHasClosed else { return .done }
        guard isOutOfTime else { return .waiting }
        if !live.outputIsClosed {
            differ(connection, "recorded: the server closes the connection / now: it is still open")
        }
        return .done
    }
}
