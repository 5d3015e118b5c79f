import Conversation
import XMLStream
import XMPP

extension ConnectionReplay {
    /// Cuts what came into packets; each is recorded before anything is told of it.
    mutating func received(_ bytes: [UInt8], _ run: inout ReplayRun) {
        // Nobody looks any more; a parser would only keep what comes.
        guard let stream, !isAbandoned else { return run.actions.append(.record(number, bytes)) }
        let (parser, start) = (stream.parser, stream.fedBytes)
        var recorded = stream.recordedBytes
        self.stream?.fedBytes += bytes.count
        parser.append(bytes)
        while let event = parser.next() {
            record(bytes, from: start, upTo: event.range.upperBound, &recorded, &run)
            handle(event, &run)
            guard !isAbandoned else { break }
            guard case .element(let element) = event.kind, element.is("proceed", NS.tls) else { continue }
            // TLS begins here, so what is still unread belongs to nobody.
            record(bytes, from: start, upTo: start + bytes.count, &recorded, &run)
            return refuse(parser.unread, &run)
        }
        record(bytes, from: start, upTo: start + bytes.count, &recorded, &run)
        self.stream?.recordedBytes = recorded
    }

    /// Bytes behind `<proceed/>` were said in the clear and must not pass for what is said inside TLS (RFC 6120 section
    /// 5.4.3.3).
    private mutating func refuse(_ unread: ArraySlice<UInt8>, _ run: inout ReplayRun) {
        guard unread.contains(where: { !$0.isXMLWhitespace }) else { return }
        differ("recorded: <proceed/> and TLS / now: \(unread.count) bytes in the clear behind <proceed/>", &run)
        abandon("this connection is not replayed any further", &run)
    }

    /// Records those of `bytes`, which begin at `start` of the stream, that are not yet recorded.
    private func record(
        _ bytes: [UInt8],
        from start: Int,
        upTo end: Int,
        _ recorded: inout Int,
        _ run: inout ReplayRun
    ) {
        let from = max(recorded - start, 0)
        let to = min(end - start, bytes.count)
        guard from < to else { return }
        run.actions.append(.record(number, Array(bytes[from..<to])))
        recorded = start + to
    }

    private mutating func handle(_ event: StreamEvent, _ run: inout ReplayRun) {
        let kind: RecordedPacket.Kind
        switch event.kind {
        case .header(let element): kind = .header(element)
        case .element(let element): kind = .element(element)
        case .end: kind = .end
        case .oversized: kind = .oversized
        case .whitespace: return
        case .strayText:
            let text = String(decoding: event.bytes.prefix(80), as: UTF8.self).quoted()
            differ("text between packets: \(text)", &run)
            return countUnexpected(&run)
        case .failure(let error):
            differ("what the server sends is no XMPP stream any more: \(error.reason.shown())", &run)
            return abandon("this connection is not replayed any further", &run)
        }
        let packet = RecordedPacket(
            number: nextNumber(),
            direction: .serverToClient,
            kind: kind,
            bytes: event.bytes
        )
        arrived(Arrival(packet: packet), &run)
    }

    private mutating func arrived(_ arrival: Arrival, _ run: inout ReplayRun) {
        keep(arrival.packet, &run)
        if let element = arrival.packet.element, element.name == "iq", element.isAnswer {
            run.lastAnswers[number] = element["id"]
        }
        if isTaken(bySTARTTLS: arrival.packet, &run) || isTaken(byLogin: arrival.packet, &run) {
            return run.madeHeadway()
        }
        if isTaken(byStranger: arrival.packet, &run) { return run.madeHeadway() }
        arrivals.append(arrival)
        if isExpected(arrival.packet, run) { return run.madeHeadway() }
        if run.isScript {
            // Stanzas wait until the script speaks of them; the rest is taken as it comes.
            if arrival.packet.element?.namespace != NS.client { arrivals.removeAll { $0 == arrival } }
        } else {
            tellUnlessAwaited(arrival, &run)
        }
        countUnexpected(&run)
    }

    /// A server that speaks without end does not keep a replay running.
    mutating func countUnexpected(_ run: inout ReplayRun) {
        guard run.isTooMuch(afterUnexpected: 1), !isAbandoned else { return }
        let reason = "the server says more than \(ReplayRun.unexpectedLimit) things that are not in the recording"
        run.summary.failure = run.summary.failure ?? reason
        abandon(reason, &run)
        // It would go on speaking.
        close()
        run.actions.append(.close(number, isReset: false))
    }

    /// Keeps what a packet tells of the stream.
    private mutating func keep(_ packet: RecordedPacket, _ run: inout ReplayRun) {
        if let header = packet.header {
            stream?.header = header
            // Before XMPP 1.0 there were no features.
            if header["version"] == nil { stream?.awaitsFeatures = false }
        }
        if packet.kind == .end { serverHasEnded = true }
        guard let element = packet.element else { return }
        count(received: element)
        keepCounts(&run)
        if element.is("proceed", NS.tls) { stream?.serverAgreedToTLS = true }
        if element.is("features", NS.streams) {
            stream?.features = element
            stream?.awaitsFeatures = false
        }
    }

    /// Something that no step expects is told at once, or with the packet in whose place it may have come.
    private mutating func tellUnlessAwaited(_ arrival: Arrival, _ run: inout ReplayRun) {
        if answeredQuietly(arrival.packet, &run) {
            arrivals.removeAll { $0 == arrival }
            return
        }
        if let last = arrivals.indices.last { arrivals[last].isUnexpected = true }
        if !isAwaiting(run) { tellUnexpected(&run) }
    }

    /// True while the step that is to be done next waits for a packet on this connection.
    private func isAwaiting(_ run: ReplayRun) -> Bool {
        guard run.cursor < run.steps.count, run.steps[run.cursor].connection == number,
            case .packet(let packet) = run.steps[run.cursor].event
        else { return false }
        return packet.direction == .serverToClient
    }

    /// Tells of everything that came and was expected by nothing.
    mutating func tellUnexpected(_ run: inout ReplayRun) {
        for arrival in arrivals where arrival.isUnexpected && !isIgnored(arrival.packet, run) {
            // How a server takes what comes behind the end of a stream is a matter of chance.
            if hasSentEnd {
                note("\(arrival.packet.name) came behind the client's end of the stream", &run)
            } else {
                differ(
                    "\(arrival.packet.name): recorded: nothing / now: \(arrival.packet.summary)",
                    of: .unexpected(arrival.packet),
                    &run
                )
            }
        }
        arrivals.removeAll(where: \.isUnexpected)
    }

    /// Tells at the end of what was kept for a step that then took something else.
    mutating func tellRest(_ run: inout ReplayRun) {
        if !run.isScript, !isAbandoned, run.summary.failure == nil {
            for index in arrivals.indices where arrivals[index].packet.element?.namespace == NS.client {
                arrivals[index].isUnexpected = true
            }
        }
        tellUnexpected(&run)
    }

    /// What a client answers or passes over without being told to: requests that were not recorded, a missing recording of
    /// the server's header and features.
    private mutating func answeredQuietly(_ packet: RecordedPacket, _ run: inout ReplayRun) -> Bool {
        if packet.header != nil || packet.element?.is("features", NS.streams) == true {
            note("\(packet.summary) of the server is not in the recording", &run)
            return true
        }
        if packet.kind == .end { return hasSentEnd }
        guard let element = packet.element else { return false }
        if element.isAcknowledgement, element.name == "a" { return true }
        if element.isAcknowledgement {
            answer("<a xmlns='\(XMLText.escaped(element.namespace))' h='\(counts?.received ?? 0)'/>", &run)
            return true
        }
        if element.name == "iq", ["get", "set"].contains(element["type"]), let id = element["id"] {
            let to = element["from"].map { " to='\(XMLText.escaped($0))'" } ?? ""
            let error = "<error type='cancel'><service-unavailable xmlns='\(NS.stanzaErrors)'/></error>"
            answer("<iq type='error' id='\(XMLText.escaped(id))'\(to)>\(error)</iq>", &run)
        }
        return false
    }
}

extension RecordedPacket {
    /// The packet in a few words, safe for a terminal.
    var summary: String {
        switch kind {
        case .header: "the stream header"
        case .element(let element): element.summary
        case .end: String(decoding: bytes, as: UTF8.self).shown(limit: 60)
        case .oversized: "a packet too large to be read"
        }
    }
}
