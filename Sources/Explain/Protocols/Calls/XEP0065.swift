import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Direct connections by SOCKS5, or through a proxy (XEP-0065).
    static let socksBytestreams: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0065", "SOCKS5 Bytestreams", ["http://jabber.org/protocol/bytestreams"])
        entry.volatile = [.attribute("sid", of: "query", "http://jabber.org/protocol/bytestreams")]
        entry.codes = [.bytestreamHost]
        entry.tells(tellBytestream)
        return entry
    }()
}

private func id(_ query: Element?) -> String {
    query?["sid"]?.nonEmpty.map { "the bytestream \($0.shown(limit: 60))" } ?? "a bytestream without an id"
}

private func host(_ host: Element) -> String {
    let place = host["host"]?.nonEmpty?.shown(limit: 60) ?? "an address that is missing"
    let isV6 = place.utf8.contains(UInt8(ascii: ":"))
    let port = host["port"]?.nonEmpty.map { ":\($0.shown(limit: 10))" } ?? ""
    let owner = host["jid"]?.nonEmpty.map { " (\($0.shown(limit: 80)))" } ?? ""
    return "\(isV6 ? "[\(place)]" : place)\(port)\(owner)"
}

extension FindingCode {
    static let bytestreamHost = warning(
        "bytestream.host.missing",
        "XEP-0065 section 5.3.1",
        "The receiver connects to one of the addresses that the offer names. An offer without any leads nowhere."
    )
}

private func tellBytestream(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let query = exchange.element
    switch exchange.turn {
    case .get:
        return Telling(
            "\(exchange.who) asks \(exchange.whom) at which address it passes on bytestreams\(scene.cite("XEP-0065"))."
        )
    case .set:
        if let target = query.child("activate")?.text.trimmed.nonEmpty {
            return Telling(
                "\(exchange.who) asks the proxy \(exchange.whom) to switch \(id(query)) through to \(target.shown(limit: 100))\(scene.cite("XEP-0065"))."
            )
        }
        let hosts = query.children.filter { $0.name == "streamhost" }.map(host)
        let kind = query["mode"] == "udp" ? " by UDP" : ""
        let at = hosts.isEmpty ? "names no address for it" : "can be reached for it at \(Say.some(hosts))"
        return Telling(
            "\(exchange.who) offers \(exchange.whom) \(id(query))\(kind) and \(at)\(scene.cite("XEP-0065")).",
            hosts.isEmpty
                ? [
                    Finding(
                        .bytestreamHost,
                        "an offer must hold at least one <streamhost/> to connect to (XEP-0065 section 5.3.1)."
                    )
                ] : []
        )
    case .result: return tellAnswer(exchange)
    case .refusal(let error): return tellRefused(error, exchange)
    case .message:
        return query.name == "udpsuccess"
            ? Telling("\(exchange.who) has received the first packet by UDP of the bytestream: the way is open.") : nil
    case .presence: return nil
    }
}

private func tellAnswer(_ exchange: Exchange) -> Telling? {
    if let used = exchange.answer?.child("streamhost-used") {
        let which = used["jid"]?.nonEmpty.map { "at \($0.shown(limit: 100))" } ?? "at an address that it does not name"
        return Telling("\(exchange.who) has connected \(id(exchange.asked ?? exchange.answer)) \(which).")
    }
    let hosts = (exchange.answer?.children ?? []).filter { $0.name == "streamhost" }.map(host)
    if !hosts.isEmpty { return Telling("\(exchange.who) passes on bytestreams at \(Say.some(hosts)).") }
    guard let asked = exchange.asked else { return nil }
    if asked.child("activate") != nil {
        return Telling("\(exchange.who) has switched \(id(asked)) through: bytes can flow now.")
    }
    return Telling("\(exchange.who) answers, but names no address.")
}

private func tellRefused(_ error: StanzaError, _ exchange: Exchange) -> Telling {
    guard let asked = exchange.asked else { return exchange.refused("the bytestream", error) }
    if asked.child("activate") != nil { return exchange.refused("to switch \(id(asked)) through", error) }
    if asked.child("streamhost") == nil { return exchange.refused("to pass on bytestreams", error) }
    switch error.known {
    case .itemNotFound?:
        return exchange.refused(id(asked), error, why: "it could not connect to any of the addresses (\(error.name))")
    case .notAcceptable?: return exchange.refused(id(asked), error, why: "it does not want it (\(error.name))")
    default: return exchange.refused(id(asked), error)
    }
}
