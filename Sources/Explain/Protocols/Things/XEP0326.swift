import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Things behind a concentrator (XEP-0326).
    static let concentrators: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0326", "Internet of Things - Concentrators", ["urn:xmpp:iot:concentrators"])
        entry.tells(tellConcentrator)
        return entry
    }()
}

/// `getAllDataSources` as words: `get all data sources`.
private func words(_ name: String) -> String {
    var text = ""
    for character in name.prefix(60) {
        if character.isUppercase, !text.isEmpty { text += " " }
        text += character.lowercased()
    }
    return text.shown(limit: 80)
}

private func wish(_ element: String, _ name: String) -> String {
    switch element {
    case "containsNode": "whether it has a node"
    case "containsNodes": "whether it has some nodes"
    case "subscribe": "to tell of every change"
    case "unsubscribe": "to tell of changes no longer"
    default: name.hasPrefix("get ") ? "for \(name.dropFirst(4))" : "to \(name)"
    }
}

/// What a concentrator tells of by itself.
private func news(_ element: Element) -> String? {
    switch element.name {
    case "nodeAdded": "a new node"
    case "nodeRemoved": "a node that is gone"
    case "nodeUpdated": "a node that was changed"
    case "nodeStatusChanged": "the new status of a node"
    case "nodeMovedUp": "a node that moved up"
    case "nodeMovedDown": "a node that moved down"
    case "queryProgress": "how far a query has come"
    default: nil
    }
}

private func tellConcentrator(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    let element = exchange.asked ?? exchange.element
    let name = words(element.name)
    let what = wish(element.name, name)
    let node =
        element["nodeId"]?.nonEmpty.map { " (node \($0.quoted(limit: 40)))" } ?? element["sourceId"]?.nonEmpty.map {
            " (source \($0.quoted(limit: 40)))"
        } ?? ""
    switch exchange.turn {
    case .get, .set:
        return Telling(
            "\(exchange.who) asks the concentrator \(exchange.whom) \(what)\(node)\(scene.cite("XEP-0326"))."
        )
    case .result:
        guard let answer = exchange.answer else {
            return exchange.asked.map { _ in Telling("\(exchange.who) has done what was asked for.") }
        }
        if let result = answer["result"], result != "OK" {
            return Telling(
                "\(exchange.who) answers that it failed: \(words(result))\(Say.quote(answer.child("error")?.text))."
                    .collapsingStops
            )
        }
        let count = answer.childCount
        return Telling(
            count == 0
                ? "\(exchange.who) has done it."
                : "\(exchange.who) answers with \(counted(count, "entry").replacingEntrys)."
        )
    case .refusal(let error): return exchange.refused("the request \(name)\(node)", error)
    case .message:
        return news(element).map {
            Telling("\(exchange.who) tells \(exchange.whom) of \($0)\(node)\(scene.cite("XEP-0326")).")
        }
    case .presence: return nil
    }
}

extension String {
    /// The plural of entry.
    fileprivate var replacingEntrys: String { hasSuffix("entrys") ? dropLast(2) + "ies" : self }
}
