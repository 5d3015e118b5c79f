import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Events that a device logs elsewhere (XEP-0337).
    static let eventLog: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0337", "Event Logging over XMPP", ["urn:xmpp:eventlog"])
        entry.tells(tellEventLog)
        return entry
    }()
}

private func tellEventLog(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard case .message = exchange.turn, exchange.element.name == "log" else { return nil }
    let log = exchange.element
    let kind = [log["type"], log["level"]].compactMap { $0?.nonEmpty?.lowercased().shown(limit: 20) }
    let about = [log["object"], log["subject"]].compactMap { $0?.nonEmpty?.quoted(limit: 40) }
    let more = exchange.stanza.children.count { $0.is("log", log.namespace) } - 1
    let time = log["timestamp"]?.nonEmpty.map { " of \(Say.time($0))" } ?? ""
    let others = more > 0 ? " \(more == 1 ? "One more event comes" : "\(more) more events come") with it." : ""
    return Telling(
        "\(exchange.who) logs at \(exchange.whom) an event\(kind.isEmpty ? "" : " (\(kind.joined(separator: ", ")))")\(time)\(Say.quote(log.child("message")?.text))\(about.isEmpty ? "" : ", about \(about.listed())")\(scene.cite("XEP-0337")).\(others)"
            .collapsingStops
    )
}
