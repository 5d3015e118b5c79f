import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// A name for a room that nobody has (XEP-0307).
    static let uniqueRoomNames: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0307",
            "Unique Room Names for Multi-User Chat",
            ["http://jabber.org/protocol/muc#unique"]
        )
        entry.tells(tellUniqueName)
        return entry
    }()
}

private func tellUniqueName(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .get, .set:
        return Telling(
            "\(exchange.who) asks \(exchange.whom) for the name of a room that does not exist yet\(scene.cite("XEP-0307"))."
        )
    case .result:
        guard let answer = exchange.answer else { return nil }
        return Telling("\(exchange.who) gives the name \(Say.value(answer.text, or: "(an empty one)")) for a new room.")
    case .refusal(let error): return exchange.refused("a name for a new room", error)
    case .message, .presence: return nil
    }
}
