import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Offering a file in the way from before Jingle (XEP-0095, XEP-0096).
    static let streamInitiation: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0096",
            "SI File Transfer",
            ["http://jabber.org/protocol/si", "http://jabber.org/protocol/si/profile/file-transfer"]
        )
        entry.conditions = [
            "no-valid-streams": "none of the offered ways of transport is supported there",
            "bad-profile": "what is offered is of a kind that is not supported there",
        ]
        entry.tells(tellStreamInitiation)
        return entry
    }()
}

private func file(_ si: Element?) -> String {
    if let tree = si?.child("tree") {
        let name = tree.child("directory")?["name"]?.nonEmpty.map { " \($0.quoted(limit: 80))" } ?? ""
        let facts = [tree["numfiles"]?.nonEmpty.map { "\(Say.number($0)) files" }, Say.bytes(tree["size"])].compactMap {
            $0
        }
        return "the folder\(name)\(facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")"
    }
    guard let file = si?.child("file") else {
        let profile = si?["profile"]?.nonEmpty.map { " of the profile \($0.quoted(limit: 100))" } ?? ""
        return "a stream\(profile)"
    }
    let facts = [Say.bytes(file["size"]), si?["mime-type"]?.nonEmpty?.shown(limit: 60)].compactMap { $0 }
    let name = file["name"]?.nonEmpty.map { "the file \($0.quoted(limit: 100))" } ?? "a file without a name"
    return name + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
}

private func ways(_ si: Element?, offered: Bool) -> [String] {
    let form = si?.child("feature")?.child("x", NS.dataForms)
    let field = form?.children.first { $0["var"] == "stream-method" }
    let values = (field?.children ?? []).compactMap { part -> String? in
        part.name == "option" ? part.child("value")?.text : !offered && part.name == "value" ? part.text : nil
    }
    return values.map(\.trimmed).filter { !$0.isEmpty }.map { way in
        switch way {
        case "http://jabber.org/protocol/bytestreams": "SOCKS5 bytestreams"
        case "http://jabber.org/protocol/ibb": "in-band bytestreams"
        case "jabber:iq:oob": "a download by HTTP"
        default: protocolName(way)
        }
    }
}

private func tellStreamInitiation(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .set, .get:
        guard exchange.element.name == "si" else { return nil }
        let name = exchange.element.child("file")?["name"]?.nonEmpty
        _ = scene.stories.begin(.fileTransfer, name?.quoted(limit: 100) ?? "a file", exchange.packet, isRequest: true)
        let ways = ways(exchange.element, offered: true)
        let over = ways.isEmpty ? "" : " over \(ways.count > 4 ? Say.some(ways) : ways.listed("or"))"
        let says = Say.quote(exchange.element.child("file")?.child("desc")?.text, " It says: ")
        return Telling(
            "\(exchange.who) offers \(exchange.whom) \(file(exchange.element))\(over)\(scene.cite("XEP-0096")).\(says.isEmpty ? "" : says + ".")"
                .collapsingStops
        )
    case .result:
        guard exchange.answer?.name == "si" || exchange.asked?.name == "si" else { return nil }
        if let story = scene.stories.take(request: exchange.request) {
            scene.stories.settle(story, .succeeded, exchange.packet)
        }
        let way = ways(exchange.answer, offered: false).first.map { ", to come over \($0)" } ?? ""
        return Telling("\(exchange.who) accepts \(exchange.asked.map { file($0) } ?? "the file")\(way).")
    case .refusal(let error):
        if let story = scene.stories.take(request: exchange.request) {
            scene.stories.settle(story, .failed(error.cause), exchange.packet)
        }
        let what = exchange.asked?.name == "si" ? file(exchange.asked) : "the file"
        if error.known == .forbidden, error.special == nil {
            return exchange.refused(what, error, why: "it was declined (\(error.name))")
        }
        return exchange.refused(what, error)
    case .message, .presence: return nil
    }
}
