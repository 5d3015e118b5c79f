import Conversation
import XMLStream
import XMPP

extension ClientReplay {
    /// Waits for a stanza that is as the script writes it, whatever else comes before.
    mutating func perform(receiving written: Element, _ line: Int, _ connection: Int) -> Progress {
        guard let live = connections[connection] else { return .done }
        beginAwaiting()
        var nearest: (arrival: LiveConnection.Arrival, difference: Difference)?
        for arrival in live.arrivals {
            guard let element = arrival.packet.element else { continue }
            guard let difference = matcher.compare(written, element, expected: values.value) else {
                connections[connection]?.arrivals.removeAll { $0 == arrival }
                summary.asRecorded += 1
                return .done
            }
            if nearest == nil || element.name == written.name, nearest?.difference.path.contains("/") != true {
                nearest = (arrival, difference)
            }
        }
        let isOver = live.serverHasClosed || live.state == .closed
        guard isOver || isOutOfTime else { return .waiting }
        guard let nearest else {
            let now = isOver ? "the server closes the connection" : "nothing came"
            differ(connection, "line \(line) of the script: \(written.summary) / now: \(now)")
            return .done
        }
        connections[connection]?.arrivals.removeAll { $0 == nearest.arrival }
        let difference = nearest.difference
        differ(
            connection,
            "\(nearest.arrival.packet.name) is not as line \(line) of the script writes it: \(difference.path):"
                + " written: \(difference.recorded) / now: \(difference.now)"
        )
        return .done
    }

    /// The time that ran out for another step is not this one's.
    private mutating func beginAwaiting() {
        guard awaitedStep != cursor else { return }
        awaitedStep = cursor
        isOutOfTime = false
    }

    /// Nothing may come for a while.
    mutating func listen(_ line: Int, _ connection: Int) -> Progress {
        beginAwaiting()
        if let arrival = connections[connection]?.arrivals.first(where: { $0.packet.element?.namespace == NS.client }) {
            connections[connection]?.arrivals.removeAll { $0 == arrival }
            differ(
                connection,
                "line \(line) of the script: nothing comes / now: \(arrival.packet.name), \(arrival.packet.summary)"
            )
            return .done
        }
        return isOutOfTime || connections[connection]?.state == .closed ? .done : .listening
    }
}
