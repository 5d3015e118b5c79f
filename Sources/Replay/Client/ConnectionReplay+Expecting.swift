import Conversation
import XMLStream
import XMPP

extension ConnectionReplay {
    /// Waits for a recorded packet of the server, and compares.
    mutating func perform(expecting expected: RecordedPacket, _ run: inout ReplayRun) -> ReplayProgress {
        if isOfLogin(expected) || expected.isSentByProxy { return .done }
        if let index = match(expected, run) {
            let arrival = arrivals.remove(at: index)
            tellUnexpected(&run)
            compare(expected, arrival, &run)
            return .done
        }
        if isOptional(expected, run) { return .done }
        guard isOver || run.isOutOfTime else { return .waiting }
        let patience = patience(run.options)
        tellMissing(expected, isOver ? "nothing, the server closes the connection" : "nothing for \(patience)", &run)
        return .done
    }

    private func patience(_ options: ClientReplayOptions) -> String {
        options.patience == options.patience.rounded() ? "\(Int(options.patience)) s" : "\(options.patience) s"
    }

    /// When a server asks for an acknowledgement, or sends one that nobody asked for, is a matter of its timing.
    private func isOptional(_ expected: RecordedPacket, _ run: ReplayRun) -> Bool {
        guard let element = expected.element, element.isAcknowledgement else { return false }
        return element.name == "r"
            || !run.steps[..<run.cursor].contains { step in
                guard step.connection == number, case .packet(let packet) = step.event else { return false }
                return packet.direction == .clientToServer && packet.element?.isAcknowledgement == true
                    && packet.element?.name == "r"
            }
    }

    private mutating func tellMissing(_ expected: RecordedPacket, _ otherwise: String, _ run: inout ReplayRun) {
        let instead = arrivals.first { $0.isUnexpected }
        arrivals.removeAll { $0 == instead }
        let now = instead.map { "\($0.packet.name), \($0.packet.summary)" } ?? otherwise
        differ("recorded: \(expected.name), \(expected.summary) / now: \(now)", &run)
    }

    private func compare(_ expected: RecordedPacket, _ arrival: Arrival, _ run: inout ReplayRun) {
        guard let recorded = expected.element ?? expected.header,
            let now = arrival.packet.element ?? arrival.packet.header
        else {
            run.summary.asRecorded += 1
            return
        }
        learn(from: recorded, now, &run.values)
        let result = PacketComparison.compare(
            recorded: recorded,
            now: now,
            rules: run.options.rules,
            expected: run.values.value
        )
        for (value, nowValue) in result.learned where value.utf8.count > 5 {
            run.values.set(value: value, to: nowValue)
        }
        if result.differences.isEmpty {
            run.summary.asRecorded += 1
        } else {
            let differences = result.differences.prefix(6).map(\.description).joined(separator: "; ")
            let more = result.differences.count > 6 ? " and \(result.differences.count - 6) more" : ""
            let place = "\(arrival.packet.name) differs from \(expected.name) of the recording"
            differ("\(place): \(differences)\(more)", &run)
        }
    }

    /// Takes over what the server decides: the session's resource, the ids of its own requests.
    private func learn(from recorded: Element, _ now: Element, _ values: inout ValueMap) {
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
    }

    // MARK: Which packet is which

    /// The arrival that stands for a recorded packet.
    private func match(_ expected: RecordedPacket, _ run: ReplayRun) -> Int? {
        let candidates = arrivals.indices.filter { isSameKind(expected, arrivals[$0].packet, run) }
        if let exact = candidates.first(where: { isAlike(expected, arrivals[$0].packet, run) }) { return exact }
        // Of what builds a stream the order is certain; a stanza that differs may be meant for a later step.
        guard let element = expected.element, element.namespace == NS.client, !element.isAnswer else {
            return candidates.first
        }
        let later = laterExpected(run)
        return candidates.first { index in
            run.isOutOfTime || !later.contains { isAlike($0, arrivals[index].packet, run) }
        }
    }

    /// How far ahead packets are looked for: a server is not that early.
    private static let lookAhead = 2048

    /// True if a step expects the packet, which is the last of the arrivals.
    func isExpected(_ packet: RecordedPacket, _ run: ReplayRun) -> Bool {
        let earlier = arrivals.count { isSameKind($0.packet, packet, run) }
        let expected = laterExpected(run, including: true).count { isSameKind($0, packet, run) }
        return earlier <= expected
    }

    /// The recorded packets of the server that are still to come.
    ///
    /// - Parameter including: whether the one of the present step counts.
    func laterExpected(_ run: ReplayRun, including: Bool = false) -> [RecordedPacket] {
        let start = run.cursor + (including ? 0 : 1)
        let end = min(max(run.cursor + 1, run.steps.count), run.cursor + Self.lookAhead)
        return (start..<end).compactMap { index in
            guard index < run.steps.count, run.steps[index].connection == number, !run.passedOver.contains(index),
                case .packet(let packet) = run.steps[index].event, packet.direction == .serverToClient
            else { return nil }
            return packet
        }
    }

    /// Could the one be meant by the other? Answers belong to their request, whatever they say.
    private func isSameKind(_ recorded: RecordedPacket, _ now: RecordedPacket, _ run: ReplayRun) -> Bool {
        switch (recorded.kind, now.kind) {
        case (.header, .header), (.end, .end), (.oversized, .oversized): return true
        case (.element(let one), .element(let other)):
            guard one.name == other.name, one.namespace == other.namespace else { return false }
            guard one.name == "iq" else { return true }
            let (isAnswer, isNowAnswer) = (one.isAnswer, other.isAnswer)
            guard isAnswer == isNowAnswer else { return false }
            if isAnswer, let id = one["id"] { return id == other["id"] || run.values.value(id) == other["id"] }
            return one.children.first?.namespace == other.children.first?.namespace
        case (.header, _), (.element, _), (.end, _), (.oversized, _): return false
        }
    }

    private func isAlike(_ recorded: RecordedPacket, _ now: RecordedPacket, _ run: ReplayRun) -> Bool {
        guard isSameKind(recorded, now, run) else { return false }
        guard let one = recorded.element, let other = now.element else { return true }
        return PacketComparison.compare(recorded: one, now: other, rules: run.options.rules, expected: run.values.value)
            .differences.isEmpty
    }
}
