import Conversation
import XMLStream
import XMPP

extension ConnectionReplay {
    /// Waits for a stanza that is as the script writes it, whatever else comes before.
    mutating func perform(receiving written: Element, _ line: Int, _ run: inout ReplayRun) -> ReplayProgress {
        run.beginAwaiting()
        var nearest: (arrival: Arrival, difference: Difference)?
        for arrival in arrivals {
            guard let element = arrival.packet.element else { continue }
            guard let difference = run.matcher.compare(written, element, expected: run.values.value) else {
                arrivals.removeAll { $0 == arrival }
                run.summary.asRecorded += 1
                return .done
            }
            if nearest == nil || element.name == written.name, nearest?.difference.path.contains("/") != true {
                nearest = (arrival, difference)
            }
        }
        guard isOver || run.isOutOfTime else { return .waiting }
        guard let nearest else {
            let now = isOver ? "the server closes the connection" : "nothing came"
            differ("line \(line) of the script: \(written.summary) / now: \(now)", &run)
            return .done
        }
        arrivals.removeAll { $0 == nearest.arrival }
        let difference = nearest.difference
        differ(
            "\(nearest.arrival.packet.name) is not as line \(line) of the script writes it: \(difference.path):"
                + " written: \(difference.recorded) / now: \(difference.now)",
            &run
        )
        return .done
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
}
