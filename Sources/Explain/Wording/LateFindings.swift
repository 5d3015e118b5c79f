import Session
import XMLStream
import XMPP

/// What only the end tells of an earlier packet.
public struct LateRemark: Sendable, Equatable {
    public let number: Int
    public let direction: Direction
    public let element: Element
    public let finding: Finding
}

extension Scene {
    /// Requests that nobody answered, and streams that ended by an error.
    func lateFindings(unanswered: [Request]) -> [LateRemark] {
        let errors = streamErrors.filter { !$0.isExpected }.compactMap { error -> LateRemark? in
            guard let element = error.packet.element else { return nil }
            let text = lowercasedStart(told(error).joined(separator: " "))
            return LateRemark(
                number: error.packet.number,
                direction: error.packet.direction,
                element: element,
                finding: Finding(.streamError, text.collapsingStops)
            )
        }
        return (errors + proven(unanswered).compactMap(silence)).sorted { $0.number < $1.number }
    }

    /// Who asks and hangs up is owed no answer, so the other side must have gone on.
    private func silence(after request: Request) -> LateRemark? {
        guard let last = counts.last[request.direction.opposite], last.number > request.number else { return nil }
        if let asked = request.time, let time = last.time {
            if time < asked || time - asked < Self.patience { return nil }
        } else if last.number < request.number + Self.packetsOfPatience {
            return nil
        }
        let other = carrier(request.direction.opposite.sender).name
        let text =
            "no answer to this request was seen, though \(other) still sent stanzas up to \(padded(last.number)); each request must be answered."
        return LateRemark(
            number: request.number,
            direction: request.direction,
            element: request.element,
            finding: Finding(.unanswered, text)
        )
    }

    /// Nanoseconds after which an answer may be expected to have come; some are waited for from another server.
    private static var patience: UInt64 { 5_000_000_000 }

    /// The same in packets, where no times are known.
    private static var packetsOfPatience: Int { 10 }
}
