import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Which address the server sees the client at (XEP-0279).
    static let addressCheck: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0279", "Server IP Check", ["urn:xmpp:sic:1", "urn:xmpp:sic:0"])
        entry.tells(tellAddressCheck)
        return entry
    }()
}

private func tellAddressCheck(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .get, .set:
        return Telling("\(exchange.who) asks at which address \(exchange.whom) sees it\(scene.cite("XEP-0279")).")
    case .result:
        guard let answer = exchange.answer else { return nil }
        let ip = (answer.child("ip")?.text ?? answer.text).trimmed.nonEmpty?.shown(limit: 60)
        let port = answer.child("port")?.text.trimmed.nonEmpty.map { ", port \($0.shown(limit: 10))" } ?? ""
        return Telling("\(exchange.who) sees \(exchange.whom) at \(ip ?? "an address that it does not tell")\(port).")
    case .refusal(let error): return exchange.refused("to tell the address", error)
    case .message, .presence: return nil
    }
}
