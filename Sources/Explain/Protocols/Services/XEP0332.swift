import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// HTTP carried by stanzas (XEP-0332).
    static let httpOverXMPP: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0332", "HTTP over XMPP transport", ["urn:xmpp:http"])
        entry.tells(tellHTTP)
        return entry
    }()
}

private func what(_ request: Element) -> String {
    let method = request["method"]?.nonEmpty?.shown(limit: 20) ?? "no method"
    return "\(method) \(request["resource"]?.nonEmpty?.shown(limit: 150) ?? "of nothing")"
}

private func header(_ name: String, _ element: Element) -> String? {
    let headers = element.child("headers")?.children ?? []
    return headers.first { $0["name"].map { isSameName($0, name[...]) } == true }?.text.trimmed.nonEmpty
}

private func body(_ element: Element) -> String? {
    guard let data = element.child("data")?.firstChild() else { return nil }
    let type = header("Content-Type", element)?.shown(limit: 60)
    let how: String
    switch data.name {
    case "text": how = counted(data.text.utf8.count, "byte")
    case "base64": how = counted(Say.decodedSize(data.text), "byte")
    case "xml": how = "XML"
    case "chunkedBase64": how = "to come in pieces"
    case "sipub", "jingle": how = "to come as a file"
    case "ibb": how = "to come by in-band bytestreams"
    default: how = data.name.shown(limit: 30)
    }
    return [type, how].compactMap { $0 }.joined(separator: ", ")
}

private func tellHTTP(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let cite = scene.cite("XEP-0332")
    switch exchange.turn {
    case .set, .get:
        guard exchange.element.name == "req" else { return nil }
        let body = body(exchange.element).map { ", with a body (\($0))" } ?? ""
        return Telling(
            "\(exchange.who) sends \(exchange.whom) an HTTP request through XMPP: \(what(exchange.element))\(body)\(cite)."
        )
    case .result:
        guard let answer = exchange.answer, answer.name == "resp" else { return nil }
        let status = answer["statusCode"]?.nonEmpty.map { "status \($0.shown(limit: 10))" } ?? "no status"
        let message = answer["statusMessage"]?.nonEmpty.map { " \($0.shown(limit: 60))" } ?? ""
        let asked = exchange.asked.map { " to \(what($0))" } ?? ""
        return Telling(
            "\(exchange.who) answers\(asked) with the HTTP \(status)\(message)\(body(answer).map { " and a body (\($0))" } ?? "")\(cite)."
        )
    case .refusal(let error):
        return exchange.refused("the HTTP request \(exchange.asked.map(what) ?? "")".trimmed, error)
    case .message:
        guard exchange.element.name == "chunk" else { return nil }
        let isLast = exchange.element["last"] == "true" || exchange.element["last"] == "1"
        let number = exchange.element["nr"]?.nonEmpty.map { " \($0.shown(limit: 10))" } ?? ""
        return Telling(
            "\(exchange.who) sends \(isLast ? "the last piece" : "piece")\(number) of an HTTP body: \(counted(Say.decodedSize(exchange.element.text), "byte"))."
        )
    case .presence: return nil
    }
}
