import Conversation
import SASL
import XMLStream
import XMPP

extension ConnectionReplay {
    mutating func perform(
        sending packet: RecordedPacket,
        _ step: RecordedConversation.Step,
        _ run: inout ReplayRun
    ) -> ReplayProgress {
        if packet.isSentByProxy { return .done }
        if isKept(forStranger: packet) {
            count(recorded: packet)
            return .done
        }
        if let progress = holdBack(packet, step, &run) { return progress }
        send(packet, &run)
        count(recorded: packet)
        keepCounts(&run)
        return .done
    }

    /// What keeps a packet from being sent now, or at all; nil if nothing does.
    private mutating func holdBack(
        _ packet: RecordedPacket,
        _ step: RecordedConversation.Step,
        _ run: inout ReplayRun
    ) -> ReplayProgress? {
        // Both sides may end their streams at once; whose end came first is a matter of chance.
        if serverHasClosed, packet.kind == .end || hasSentEnd { return .done }
        guard canSend, !serverHasClosed, let stream else {
            tellUnsent(packet, &run)
            run.countUnsent(step)
            count(recorded: packet)
            return .done
        }
        if letsPass(&run) { return .settling }
        if stream.awaitsFeatures, !run.isOutOfTime { return .waiting }
        if run.pace.isPausing { return .suspended }
        if let pause = run.pace.pause(before: run.cursor, in: run.steps, run.options.speed) {
            run.actions.append(pause == .user ? .awaitUser(packet.summary) : .wait(seconds: pause.seconds))
            return .suspended
        }
        return nil
    }

    /// Sends a packet of the client as it is to be now.
    mutating func send(_ packet: RecordedPacket, _ run: inout ReplayRun) {
        switch packet.kind {
        case .header:
            let bytes = run.values.rewrite(packet.bytes)
            stream?.opened(by: bytes, hasFeatures: packet.header?["version"] != nil)
            run.summary.sent += 1
            send(bytes, &run)
        case .end:
            hasSentEnd = true
            run.summary.sent += 1
            send(stream?.sentHeader?.syntax?.end(insteadOf: packet.bytes) ?? packet.bytes, &run)
        case .oversized:
            note("left out: a packet of the client that the recording does not hold whole", &run)
            run.summary.unsent += 1
            run.add(number, .unsent("the recording does not hold it whole"), .packet(packet))
        case .element(let element): send(element, packet, &run)
        }
    }

    private mutating func send(_ element: Element, _ packet: RecordedPacket, _ run: inout ReplayRun) {
        guard mayBeSaid(element, run) else { return failWithoutSTARTTLS(&run) }
        switch (element.name, element.namespace) {
        case ("starttls", NS.tls) where !canStartTLS(run): return goOnWithoutTLS(&run)
        case ("auth", NS.sasl), ("authenticate", NS.sasl2): return beginLogin(packet, element, &run)
        // What is left of an exchange that was carried on for real.
        case ("response", NS.sasl), ("abort", NS.sasl), ("response", NS.sasl2), ("abort", NS.sasl2): return
        default: break
        }
        run.lastAnswers[number] = nil
        let isAnswer = element.name == "iq" && element.isAnswer
        let bytes = fitting(run.values.rewrite(packet.bytes, answersRequest: isAnswer), element)
        run.summary.sent += 1
        count(sent: element)
        resumeCounts(element, run)
        send(withProofs(withCounts(bytes, element), element, run), &run)
    }

    /// A packet as it is to be in the stream that we opened.
    func fitting(_ bytes: [UInt8], _ element: Element) -> [UInt8] {
        stream?.sentHeader?.syntax?.fitting(bytes, element) ?? bytes
    }

    /// Sends a packet of our own, written for the usual stream of a client.
    mutating func send(_ text: String, _ run: inout ReplayRun) {
        run.madeHeadway()
        answer(text, &run)
    }

    /// Sends what does not bring the replay on, so that a server that asks for ever gains no time by it.
    mutating func answer(_ text: String, _ run: inout ReplayRun) {
        let (bytes, element) = (Array(text.utf8), StreamSyntax.parsed(text))
        if let element { count(sent: element) }
        say(element.map { fitting(bytes, $0) } ?? bytes, &run)
    }

    mutating func send(_ bytes: [UInt8], _ run: inout ReplayRun) {
        run.madeHeadway()
        say(bytes, &run)
    }

    mutating func say(_ bytes: [UInt8], _ run: inout ReplayRun) {
        guard canSend else { return }
        _ = nextNumber()
        keepCounts(&run)
        run.actions.append(.send(number, bytes))
    }

    /// Acknowledgements and resumptions tell how many stanzas came in this run (XEP-0198 sections 4 and 5).
    private func withCounts(_ bytes: [UInt8], _ element: Element) -> [UInt8] {
        guard element.isManagement("a") || element.isManagement("resume"), let received = counts?.received else {
            return bytes
        }
        return ValueRewriter.rewrite(bytes) { $0.slot.attribute == "h" ? String(received) : nil }
    }

    /// Proofs that are made from the stream's id: of legacy authentication (XEP-0078), of components (XEP-0114).
    private func withProofs(_ bytes: [UInt8], _ element: Element, _ run: ReplayRun) -> [UInt8] {
        guard let id = stream?.header?["id"] else { return bytes }
        if let query = element.child("query", NS.auth), query.child("digest") != nil {
            let user = query.child("username")?.trimmedText ?? ""
            let recorded = run.accounts.password(of: user).map(run.values.password)
            guard let password = run.options.password ?? recorded else { return bytes }
            let digest = StreamDigest.hex(streamID: id, secret: password)
            return ValueRewriter.rewrite(bytes) { $0.slot.element == "digest" ? digest : nil }
        }
        if element.name == "handshake", let secret = run.options.password {
            let digest = StreamDigest.hex(streamID: id, secret: secret)
            return ValueRewriter.rewrite(bytes) { $0.slot.element == "handshake" ? digest : nil }
        }
        return bytes
    }
}
