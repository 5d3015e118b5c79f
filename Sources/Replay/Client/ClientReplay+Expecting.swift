import Conversation
import XMLStream
import XMPP

extension ClientReplay {
    /// Waits for a recorded packet of the server, and compares.
    mutating func perform(expecting expected: RecordedPacket, _ connection: Int) -> Progress {
        guard let live = connections[connection] else { return .done }
        if isOfLogin(expected) || expected.isSentByProxy { return .done }
        if let index = match(expected, live, connection) {
            let arrival = live.arrivals[index]
            connections[connection]?.arrivals.remove(at: index)
            tellUnexpected(connection)
            compare(expected, arrival, connection)
            return .done
        }
        if isOptional(expected, connection) { return .done }
        let isOver = live.serverHasClosed || live.state == .closed
        guard isOver || isOutOfTime else { return .waiting }
        tellMissing(
            expected,
            connection,
            isOver ? "nothing, the server closes the connection" : "nothing for \(patience)"
        )
        return .done
    }

    private var patience: String {
        options.patience == options.patience.rounded() ? "\(Int(options.patience)) s" : "\(options.patience) s"
    }

    /// When a server asks for an acknowledgement, or sends one that nobody asked for, is a matter of its timing.
    private func isOptional(_ expected: RecordedPacket, _ connection: Int) -> Bool {
        guard let element = expected.element, element.isAcknowledgement else { return false }
        return element.name == "r"
            || !steps[..<cursor].contains { step in
                guard step.connection == connection, case .packet(let packet) = step.event else { return false }
                return packet.direction == .clientToServer && packet.element?.isAcknowledgement == true
                    && packet.element?.name == "r"
            }
    }

    private mutating func tellMissing(_ expected: RecordedPacket, _ connection: Int, _ otherwise: String) {
        let instead = connections[connection]?.arrivals.first { $0.isUnexpected }
        connections[connection]?.arrivals.removeAll { $0 == instead }
        let now = instead.map { "\($0.packet.name), \($0.packet.summary)" } ?? otherwise
        differ(connection, "recorded: \(expected.name), \(expected.summary) / now: \(now)")
    }

    private mutating func compare(_ expected: RecordedPacket, _ arrival: LiveConnection.Arrival, _ connection: Int) {
        guard let recorded = expected.element ?? expected.header,
            let now = arrival.packet.element ?? arrival.packet.header
        else {
            summary.asRecorded += 1
            return
        }
        let known = learn(from: recorded, now)
        let result = PacketComparison.compare(recorded: recorded, now: now, rules: options.rules, expected: known.value)
        for (value, nowValue) in result.learned where value.utf8.count > 5 { values.set(value: value, to: nowValue) }
        if result.differences.isEmpty {
            summary.asRecorded += 1
        } else {
            let differences = result.differences.prefix(6).map(\.description).joined(separator: "; ")
            let more = result.differences.count > 6 ? " and \(result.differences.count - 6) more" : ""
            let place = "\(arrival.packet.name) differs from \(expected.name) of the recording"
            differ(connection, "\(place): \(differences)\(more)")
        }
    }

    /// Takes over what the server decides: the session's resource, the ids of its own requests.
    private mutating func learn(from recorded: Element, _ now: Element) -> ValueMap {
        if recorded.name == "iq", ["get", "set"].contains(recorded["type"]), let id = recorded["id"],
            let nowID = now["id"]
        {
            values.set(request: id, to: nowID)
        }
        if let jid = recorded.child("bind", NS.bind)?.child("jid")?.trimmedText,
            let nowJID = now.child("bind", NS.bind)?.child("jid")?.trimmedText
        {
            // Only the resource is the server's to choose.
            let expected = values.jid(JID(jid))
            values.set(
                session: JID(jid),
                to: JID(local: expected.local, domain: expected.domain, resource: JID(nowJID).resource)
            )
        }
        return values
    }

    // MARK: Which packet is which

    /// The arrival that stands for a recorded packet.
    private func match(_ expected: RecordedPacket, _ live: LiveConnection, _ connection: Int) -> Int? {
        let candidates = live.arrivals.indices.filter { isSameKind(expected, live.arrivals[$0].packet) }
        if let exact = candidates.first(where: { isAlike(expected, live.arrivals[$0].packet) }) { return exact }
        // Of what builds a stream the order is certain; a stanza that differs may be meant for a later step.
        guard let element = expected.element, element.namespace == NS.client, !element.isAnswer else {
            return candidates.first
        }
        let later = laterExpected(connection)
        return candidates.first { index in
            isOutOfTime || !later.contains { isAlike($0, live.arrivals[index].packet) }
        }
    }

    /// How far ahead packets are looked for: a server is not that early.
    private static let lookAhead = 2048

    /// True if a step expects the packet.
    func isExpected(_ packet: RecordedPacket, _ connection: Int) -> Bool {
        let earlier = connections[connection]?.arrivals.count { isSameKind($0.packet, packet) } ?? 0
        let expected = laterExpected(connection, including: true).count { isSameKind($0, packet) }
        return earlier <= expected
    }

    func laterExpected(_ connection: Int, including: Bool = false) -> [RecordedPacket] {
        (cursor + (including ? 0 : 1)..<min(max(cursor + 1, steps.count), cursor + Self.lookAhead)).compactMap {
            index in
            guard index < steps.count, steps[index].connection == connection, !passedOver.contains(index),
                case .packet(let packet) = steps[index].event, packet.direction == .serverToClient
            else { return nil }
            return packet
        }
    }

    /// Could the one be meant by the other? Answers belong to their request, whatever they say.
    private func isSameKind(_ recorded: RecordedPacket, _ now: RecordedPacket) -> Bool {
        switch (recorded.kind, now.kind) {
        case (.header, .header), (.end, .end), (.oversized, .oversized): return true
        case (.element(let one), .element(let other)):
            guard one.name == other.name, one.namespace == other.namespace else { return false }
            guard one.name == "iq" else { return true }
            let (isAnswer, isNowAnswer) = (one.isAnswer, other.isAnswer)
            guard isAnswer == isNowAnswer else { return false }
            if isAnswer, let id = one["id"] { return id == other["id"] || values.value(id) == other["id"] }
            return one.children.first?.namespace == other.children.first?.namespace
        case (.header, _), (.element, _), (.end, _), (.oversized, _): return false
        }
    }

    private func isAlike(_ recorded: RecordedPacket, _ now: RecordedPacket) -> Bool {
        guard let one = recorded.element, let other = now.element else { return isSameKind(recorded, now) }
        guard isSameKind(recorded, now) else { return false }
        return PacketComparison.compare(recorded: one, now: other, rules: options.rules, expected: values.value)
            .differences.isEmpty
    }
}
