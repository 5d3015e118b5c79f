import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// SOAP carried by stanzas (XEP-0072), in both of its versions.
    static let soap: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0072",
            "SOAP Over XMPP",
            ["http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/"]
        )
        entry.tells(tellSOAP)
        return entry
    }()
}

private func tellSOAP(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let envelope = exchange.answer ?? exchange.element
    let content = envelope.child("Body")?.firstChild()
    let name = content.map { "<\($0.name.shown(limit: 60))/>" } ?? "an empty body"
    switch exchange.turn {
    case .set, .get:
        return Telling("\(exchange.who) sends \(exchange.whom) a SOAP request: \(name)\(scene.cite("XEP-0072")).")
    case .message:
        return Telling("\(exchange.who) sends \(exchange.whom) a SOAP message: \(name)\(scene.cite("XEP-0072")).")
    case .result:
        guard exchange.answer != nil else { return nil }
        return Telling("\(exchange.who) answers the SOAP request: \(name)\(scene.cite("XEP-0072")).")
    case .refusal(let error):
        let fault = exchange.stanza.child("Envelope")?.child("Body")?.child("Fault")
        let why = (fault?.child("Reason")?.child("Text") ?? fault?.child("faultstring"))?.text
        let code = (fault?.child("Code")?.child("Value") ?? fault?.child("faultcode"))?.text.trimmed.nonEmpty
        let says = Say.quote(why, " The SOAP fault\(code.map { " \($0.shown(limit: 40))" } ?? "") says: ")
        return exchange.refused("the SOAP request", error, remedy: says.isEmpty ? "" : says + ".")
    case .presence: return nil
    }
}
