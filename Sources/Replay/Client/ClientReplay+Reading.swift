import Conversation
import XMLStream
import XMPP

extension ClientReplay {
    /// Cuts what came into packets; each is recorded before anything is told of it.
    mutating func read(_ bytes: [UInt8], _ connection: Int) {
        guard let live = connections[connection] else { return }
        // Nobody looks any more; a parser would only keep what comes.
        if live.isAbandoned { return actions.append(.record(connection, bytes)) }
        let parser = live.parser
        let start = connections[connection]?.fedBytes ?? 0
        connections[connection]?.fedBytes += bytes.count
        parser.append(bytes)
        while let event = parser.next() {
            record(upTo: event.range.upperBound, bytes, start, connection)
            handle(event, connection)
            guard case .element(let element) = event.kind, element.is("proceed", NS.tls) else { continue }
            // TLS begins here, so what is still unread belongs to nobody.
            record(upTo: start + bytes.count, bytes, start, connection)
            return refuse(parser.unread, connection)
        }
        record(upTo: start + bytes.count, bytes, start, connection)
    }

    /// Bytes behind `<proceed/>` were said in the clear and must not pass for what is said inside TLS (RFC 6120 section
    /// 5.4.3.3).
    private mutating func refuse(_ unread: ArraySlice<UInt8>, _ connection: Int) {
        guard unread.contains(where: { !$0.isXMLWhitespace }) else { return }
        differ(connection, "recorded: <proceed/> and TLS / now: \(unread.count) bytes in the clear behind <proceed/>")
        abandon(connection, "this connection is not replayed any further")
    }

    /// Records those of `bytes`, which begin at `start` of the stream, that are not yet recorded.
    private mutating func record(upTo end: Int, _ bytes: [UInt8], _ start: Int, _ connection: Int) {
        let from = max((connections[connection]?.recordedBytes ?? 0) - start, 0)
        let to = min(end - start, bytes.count)
        guard from < to else { return }
        actions.append(.record(connection, Array(bytes[from..<to])))
        connections[connection]?.recordedBytes = start + to
    }

    private mutating func handle(_ event: StreamEvent, _ connection: Int) {
        let kind: RecordedPacket.Kind
        switch event.kind {
        case .header(let element): kind = .header(element)
        case .element(let element): kind = .element(element)
        case .end: kind = .end
        case .oversized: kind = .oversized
        case .whitespace: return
        case .strayText:
            return differ(
                connection,
                "text between packets: \(String(decoding: event.bytes.prefix(80), as: UTF8.self).quoted())"
            )
        case .failure(let error):
            differ(connection, "what the server sends is no XMPP stream any more: \(error.reason.shown())")
            return abandon(connection, "this connection is not replayed any further")
        }
        guard let number = connections[connection]?.nextNumber() else { return }
        let packet = RecordedPacket(number: number, direction: .serverToClient, kind: kind, bytes: event.bytes)
        arrived(LiveConnection.Arrival(packet: packet), connection)
    }

    private mutating func arrived(_ arrival: LiveConnection.Arrival, _ connection: Int) {
        if let header = arrival.packet.header {
            connections[connection]?.header = header
            // Before XMPP 1.0 there were no features.
            if header["version"] == nil { connections[connection]?.awaitsFeatures = false }
        }
        if let element = arrival.packet.element {
            connections[connection]?.count(element)
            if element.is("features", NS.streams) {
                connections[connection]?.features = element
                connections[connection]?.awaitsFeatures = false
            }
        }
        if isTaken(byDetour: arrival.packet, connection) || isTaken(byLogin: arrival.packet, connection) {
            return madeHeadway()
        }
        connections[connection]?.arrivals.append(arrival)
        if isExpected(arrival.packet, connection) {
            madeHeadway()
        } else if isScript {
            // Stanzas wait until the script speaks of them; the rest is taken as it comes.
            if arrival.packet.element?.namespace != NS.client {
                connections[connection]?.arrivals.removeAll { $0 == arrival }
            }
        } else {
            tellUnlessAwaited(arrival, connection)
        }
    }

    /// Something that no step expects is told at once, or with the packet in whose place it may have come.
    private mutating func tellUnlessAwaited(_ arrival: LiveConnection.Arrival, _ connection: Int) {
        if answeredQuietly(arrival.packet, connection) {
            connections[connection]?.arrivals.removeAll { $0 == arrival }
            return
        }
        let last = (connections[connection]?.arrivals.count ?? 1) - 1
        connections[connection]?.arrivals[last].isUnexpected = true
        if !isAwaiting(connection) { tellUnexpected(connection) }
    }

    /// True while the step that is to be done next waits for a packet on that connection.
    private func isAwaiting(_ connection: Int) -> Bool {
        guard cursor < steps.count, steps[cursor].connection == connection else { return false }
        if case .packet(let packet) = steps[cursor].event { return packet.direction == .serverToClient }
        return false
    }

    /// Tells of everything that came and was expected by nothing.
    mutating func tellUnexpected(_ connection: Int) {
        for arrival in connections[connection]?.arrivals ?? [] where arrival.isUnexpected {
            // How a server takes what comes behind the end of a stream is a matter of chance.
            if connections[connection]?.hasSentEnd == true {
                actions.append(.note(connection, "\(arrival.packet.name) came behind the client's end of the stream"))
                continue
            }
            differ(connection, "\(arrival.packet.name): recorded: nothing / now: \(arrival.packet.summary)")
        }
        connections[connection]?.arrivals.removeAll(where: \.isUnexpected)
    }

    /// What a client answers or passes over without being told to: requests that were not recorded, a missing recording of
    /// the server's header and features.
    private mutating func answeredQuietly(_ packet: RecordedPacket, _ connection: Int) -> Bool {
        if packet.header != nil || packet.element?.is("features", NS.streams) == true {
            actions.append(.note(connection, "\(packet.summary) of the server is not in the recording"))
            return true
        }
        if packet.kind == .end { return connections[connection]?.hasSentEnd == true }
        guard let element = packet.element else { return false }
        if element.isAcknowledgement, element.name == "a" { return true }
        if element.isAcknowledgement {
            let count = connections[connection]?.countedStanzas ?? 0
            send("<a xmlns='\(element.namespace)' h='\(count)'/>", connection)
            return true
        }
        if element.name == "iq", ["get", "set"].contains(element["type"]), let id = element["id"] {
            let to = element["from"].map { " to='\(XMLText.escaped($0))'" } ?? ""
            let error = "<error type='cancel'><service-unavailable xmlns='\(NS.stanzaErrors)'/></error>"
            send("<iq type='error' id='\(XMLText.escaped(id))'\(to)>\(error)</iq>", connection)
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
