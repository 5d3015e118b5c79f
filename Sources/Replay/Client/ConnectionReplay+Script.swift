import Conversation
import XMLStream
import XMPP

extension ConnectionReplay {
    /// Waits for a stanza that is as the script writes it, whatever else comes before.
    mutating func perform(receiving written: Element, _ line: Int, _ run: inout ReplayRun) -> ReplayProgress {
        run.beginAwaiting()
        let fitting = arrivals.first { arrival in
            arrival.packet.element.map { fits(written, $0, run) } == true
        }
        if let fitting {
            arrivals.removeAll { $0 == fitting }
            run.passed(number, .line(line, written))
            return .done
        }
        guard isOver || run.isOutOfTime else { return .waiting }
        guard let nearest = nearest(to: written, run) else {
            let nothing = arrivals.isEmpty ? "nothing came" : "nothing of the kind came"
            let now = isOver ? "the server closes the connection" : nothing
            differ("line \(line) of the script: \(written.summary) / now: \(now)", &run)
            return .done
        }
        arrivals.removeAll { $0 == nearest.arrival }
        tell(nearest.differences, of: nearest.arrival, line, &run)
        return .done
    }

    private func fits(_ written: Element, _ received: Element, _ run: ReplayRun) -> Bool {
        ScansionMatcher.fits(written, received, expected: run.values.value)
    }

    private mutating func tell(
        _ differences: [Difference],
        of arrival: Arrival,
        _ line: Int,
        _ run: inout ReplayRun
    ) {
        let shown = differences.prefix(3).map { "\($0.path): written: \($0.recorded) / now: \($0.now)" }
        let more = differences.count > 3 ? " and \(differences.count - 3) more" : ""
        differ(
            "\(arrival.packet.name) is not as line \(line) of the script writes it: "
                + shown.joined(separator: "; ") + more,
            &run
        )
    }

    /// The stanza that is most likely meant by what is written: of the same name, for an answer with the same id, and with the
    /// fewest differences. What a later line of the script writes is meant there.
    private func nearest(to written: Element, _ run: ReplayRun) -> (arrival: Arrival, differences: [Difference])? {
        let later = writtenLater(run)
        var found: (arrival: Arrival, rank: [Int], differences: [Difference])?
        for arrival in arrivals {
            guard let element = arrival.packet.element,
                !later.contains(where: { fits($0, element, run) })
            else { continue }
            let all = ScansionMatcher.differences(written, element, expected: run.values.value)
            let rank = [
                element.name == written.name ? 0 : 1, element["id"] == written["id"] ? 0 : 1, all.count,
            ]
            if found.map({ rank.lexicographicallyPrecedes($0.rank) }) ?? true { found = (arrival, rank, all) }
        }
        return found.map { ($0.arrival, $0.differences) }
    }

    /// What the rest of the script writes for this client to receive.
    private func writtenLater(_ run: ReplayRun) -> [Element] {
        run.steps.dropFirst(run.cursor + 1).compactMap { step in
            if step.connection == number, case .receives(let element, _) = step.event { element } else { nil }
        }
    }

    /// Nothing may come for a while.
    mutating func listen(_ line: Int, _ run: inout ReplayRun) -> ReplayProgress {
        run.beginAwaiting()
        if let arrival = arrivals.first(where: { $0.packet.element?.namespace == NS.client }) {
            arrivals.removeAll { $0 == arrival }
            let now = "\(arrival.packet.name), \(arrival.packet.summary)"
            differ("line \(line) of the script: nothing comes / now: \(now)", &run)
            return .done
        }
        return run.isOutOfTime || isClosed ? .done : .listening
    }

    /// True while what another client has said in the step before may still be on its way: until its request is answered, or
    /// the server has had a moment. A server reads its connections in any order.
    func letsPass(_ run: inout ReplayRun) -> Bool {
        guard run.isScript, run.cursor > 0 else { return false }
        let before = run.steps[run.cursor - 1]
        guard before.connection != number, case .packet(let packet) = before.event,
            packet.direction == .clientToServer
        else { return false }
        run.beginAwaiting()
        return !run.isOutOfTime && !run.isAnswered(packet, on: before.connection)
    }

    /// Waits until the server has answered the client's end of the stream: then it has taken all that the client said, and
    /// what another client does next comes after it.
    mutating func awaitAnswerToEnd(_ run: inout ReplayRun) -> ReplayProgress {
        run.beginAwaiting()
        guard isOver || serverHasEnded || run.isOutOfTime else { return .waiting }
        return closeOutput(&run)
    }

    /// Tells that the client of the script cannot do what a line says, for it has disconnected.
    mutating func tellAbsence(_ act: String, _ line: Int, _ run: inout ReplayRun) {
        differ("line \(line) of the script: \(act) / now: it has disconnected", &run)
    }

    /// Tells that a line of the script cannot be sent.
    mutating func tellUnsent(_ packet: RecordedPacket, _ run: inout ReplayRun) {
        guard run.isScript, let line = packet.number else { return }
        let now = isOver ? "the server closes the connection" : "nothing can be sent"
        differ("line \(line) of the script: \(packet.summary) is sent / now: \(now)", &run)
    }
}
