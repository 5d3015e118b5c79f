import Conversation
import XMLStream
import XMPP

extension ConnectionReplay {
    /// Waits for a recorded packet of the server, and compares.
    mutating func perform(expecting expected: RecordedPacket, _ run: inout ReplayRun) -> ReplayProgress {
        if isOfLogin(expected) || expected.isSentByProxy { return .done }
        let sender = senderKey(expected)
        let stranger = expected.element.flatMap(run.parties.stranger)
        if let index = match(expected, isOfStranger: stranger != nil, run) {
            let arrival = arrivals.remove(at: index)
            if let sender { run.silent.remove(sender) }
            tellUnexpected(&run)
            compare(expected, arrival, &run)
            return .done
        }
        if isOptional(expected, run) || isIgnored(expected, run) && senderKey(expected) != nil { return .done }
        if let stranger {
            strangers.append(Stranger(name: stranger, packet: expected))
            return .done
        }
        run.awaitsBriefly = sender.map(run.silent.contains) ?? false
        guard isOver || run.isOutOfTime || cannotComeAnyMore(expected, run) else { return .waiting }
        let patience = Self.seconds(run.patience)
        if let sender { run.silent.insert(sender) }
        if isIgnored(expected, run) { return .done }
        tellMissing(expected, isOver ? "nothing, the server closes the connection" : "nothing for \(patience)", &run)
        return .done
    }

    /// True for what the user wants to hear nothing of. Only answers are waited for all the same: what is said next may need
    /// them.
    func isIgnored(_ packet: RecordedPacket, _ run: ReplayRun) -> Bool {
        packet.element.map { run.options.rules.ignores($0, packet.direction) } ?? false
    }

    private static func seconds(_ seconds: Double) -> String {
        seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }

    /// Whose packet it is, if it is no answer: who was silent once is not waited for as long again.
    private func senderKey(_ packet: RecordedPacket) -> SenderKey? {
        guard let element = packet.element, element.namespace == NS.client, !element.isAnswer else { return nil }
        return SenderKey(connection: number, name: element.name, sender: element["from"])
    }

    /// The results of an archive come before the answer that ends them (XEP-0313 section 4.2).
    private func cannotComeAnyMore(_ expected: RecordedPacket, _ run: ReplayRun) -> Bool {
        guard let result = expected.element?.child("result"), result.namespace.hasPrefix("urn:xmpp:mam:") else {
            return false
        }
        return arrivals.contains { $0.packet.element?.child("fin", result.namespace) != nil }
    }

    /// Where messages of others are not in an archive, its pages are others (XEP-0313 section 4.2).
    private func rules(for recorded: Element, _ run: ReplayRun) -> ComparisonRules {
        var rules = run.options.rules
        if let fin = recorded.firstChild, fin.name == "fin", fin.namespace.hasPrefix("urn:xmpp:mam:"),
            strangers.contains(where: { $0.packet.element?.child("result", fin.namespace) != nil })
        {
            rules.ignored += Self.totals
        }
        return rules
    }

    private static let totals = ["//fin/@complete", "//fin/set"].compactMap { try? XPath($0) }

    /// Keeps the answer to a question of somebody else that has not come; false for all else.
    mutating func isKept(forStranger packet: RecordedPacket) -> Bool {
        guard let answer = packet.element, answer.name == "iq", answer.isAnswer else { return false }
        let index = strangers.firstIndex { stranger in
            guard let question = stranger.packet.element, question.name == "iq" else { return false }
            return question["id"] == answer["id"] && question["from"] == answer["to"]
        }
        guard let index else { return false }
        strangers[index].answer = packet
        return true
    }

    /// Takes over what came behind its recorded place, if it is what was recorded of somebody who is not part of the replay.
    mutating func isTaken(byStranger packet: RecordedPacket, _ run: inout ReplayRun) -> Bool {
        // What was recorded long ago will not come any more; to compare all with each other would take long.
        let recent = strangers.indices.suffix(Self.comparedStrangers)
        guard let index = recent.first(where: { isAlike(strangers[$0].packet, packet, run) }) else { return false }
        let stranger = strangers.remove(at: index)
        compare(stranger.packet, Arrival(packet: packet), &run)
        if let answer = stranger.answer { send(answer, &run) }
        return true
    }

    private static let comparedStrangers = 512

    /// Tells in one sentence what of others did not come.
    mutating func tellStrangers(_ run: inout ReplayRun) {
        guard !strangers.isEmpty else { return }
        for stranger in strangers {
            let name = stranger.name.shown(limit: 80)
            run.add(number, .passedOver("said by \(name), whom nobody replays"), .packet(stranger.packet))
        }
        let (count, names) = (strangers.count, Set(strangers.map(\.name)).sorted())
        strangers = []
        run.summary.ofOthers += count
        let shown = names.prefix(4).map { $0.shown(limit: 80) } + (names.count > 4 ? ["\(names.count - 4) more"] : [])
        let what = count == 1 ? "1 recorded packet" : "\(count) recorded packets"
        note("\(what) of others did not come, for nobody replays them: \(shown.listed())", &run)
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
        let instead = arrivals.first { $0.isUnexpected && mayStand(for: expected, $0.packet) }
        arrivals.removeAll { $0 == instead }
        let now = instead.map { "\($0.packet.name), \($0.packet.summary)" } ?? otherwise
        differ("recorded: \(expected.name), \(expected.summary) / now: \(now)", of: .packet(expected), &run)
    }

    /// In the place of a message or presence another of its kind may have come; in that of all else, anything.
    private func mayStand(for expected: RecordedPacket, _ now: RecordedPacket) -> Bool {
        guard let key = senderKey(expected) else { return true }
        return now.element?.name == key.name
    }

    private mutating func compare(_ expected: RecordedPacket, _ arrival: Arrival, _ run: inout ReplayRun) {
        guard let asRecorded = expected.element ?? expected.header,
            let now = arrival.packet.element ?? arrival.packet.header
        else {
            run.passed(number, .packet(expected))
            return
        }
        let recorded = withExpectedCount(asRecorded)
        learn(from: recorded, now, &run.values)
        learnID(from: recorded, &run)
        learnPage(from: recorded, now, &run.values)
        let result = PacketComparison.compare(
            recorded: recorded,
            now: now,
            rules: rules(for: recorded, run),
            expected: run.values.value
        )
        for (value, nowValue) in result.learned where value.utf8.count > 5 {
            run.values.set(value: value, to: nowValue)
            run.values.set(link: value, to: nowValue)
        }
        if result.differences.isEmpty || isIgnored(expected, run) {
            run.passed(number, .packet(expected))
        } else {
            let differences = result.differences.prefix(6).map(\.description).joined(separator: "; ")
            let more = result.differences.count > 6 ? " and \(result.differences.count - 6) more" : ""
            let place = "\(arrival.packet.name) differs from \(expected.name) of the recording"
            differ("\(place): \(differences)\(more)", of: .packet(expected), &run)
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
            learn(session: JID(jid), JID(nowJID), &values)
        }
    }

    /// The ends of a page, from which the next one is asked for (XEP-0059), also where the pages are others.
    private func learnPage(from recorded: Element, _ now: Element, _ values: inout ValueMap) {
        guard let page = recorded.firstChild?.child("set", RequestSubject.pages),
            let nowPage = now.firstChild?.child("set", RequestSubject.pages)
        else { return }
        for name in ["first", "last"] {
            if let id = page.child(name)?.trimmedText, let nowID = nowPage.child(name)?.trimmedText, !id.isEmpty {
                values.set(value: id, to: nowID)
            }
        }
    }

    /// The counts of a session that can be resumed are kept by its recorded id.
    private mutating func learnID(from recorded: Element, _ run: inout ReplayRun) {
        guard recorded.isManagement("enabled"), let id = recorded["id"] else { return }
        managedID = id
        keepCounts(&run)
    }

    /// The server chooses the resource, and the name too of who logs in without one (ANONYMOUS).
    func learn(session recorded: JID, _ now: JID, _ values: inout ValueMap) {
        let expected = values.jid(recorded)
        let chosen = JID(local: expected.local, domain: expected.domain, resource: now.resource)
        values.set(session: recorded, to: isAnonymous ? now : chosen)
    }

    // MARK: Which packet is which

    /// The arrival that stands for a recorded packet.
    private func match(_ expected: RecordedPacket, isOfStranger: Bool, _ run: ReplayRun) -> Int? {
        let candidates = arrivals.indices.filter { isSameKind(expected, arrivals[$0].packet, run) }
        if let exact = candidates.first(where: { isAlike(expected, arrivals[$0].packet, run) }) { return exact }
        if isOfStranger, expected.element?.name != "iq" { return nil }
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
            guard one.name == "iq" else { return isSameSender(one, other, run) }
            let (isAnswer, isNowAnswer) = (one.isAnswer, other.isAnswer)
            guard isAnswer == isNowAnswer else { return false }
            if isAnswer, let id = one["id"] { return id == other["id"] || run.values.value(id) == other["id"] }
            // Changes of a contact list are of one contact each.
            let (item, nowItem) = (one.firstChild?.child("item")?["jid"], other.firstChild?.child("item")?["jid"])
            return one.firstChild?.namespace == other.firstChild?.namespace
                && (item == nowItem || item.map(run.values.value) == nowItem)
        case (.header, _), (.element, _), (.end, _), (.oversized, _): return false
        }
    }

    /// What one says is not what another says; the server may name itself or not.
    private func isSameSender(_ recorded: Element, _ now: Element, _ run: ReplayRun) -> Bool {
        guard recorded.namespace == NS.client else { return true }
        let own = run.accounts.sessions[number]?.bare
        func person(_ address: String?, _ own: String?) -> String? {
            address.flatMap { JID($0).local == nil || $0 == own ? nil : $0 }
        }
        let (one, other) = (person(recorded["from"], own), person(now["from"], own.map(run.values.value)))
        return one == other || one.map(run.values.value) == other
    }

    private func isAlike(_ recorded: RecordedPacket, _ now: RecordedPacket, _ run: ReplayRun) -> Bool {
        guard isSameKind(recorded, now, run) else { return false }
        guard let one = recorded.element, let other = now.element else { return true }
        return PacketComparison.compare(recorded: one, now: other, rules: run.options.rules, expected: run.values.value)
            .differences.isEmpty
    }
}
