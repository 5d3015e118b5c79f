import Session
import XMLStream
import XMPP

/// What the protocols of things have in common (XEP-0323 to XEP-0326).
enum ThingsWords {
    /// `getAllDataSources` as words: `get all data sources`.
    static func words(_ name: String) -> String {
        var text = ""
        for character in name.prefix(60) {
            if character.isUppercase, !text.isEmpty { text += " " }
            text += character.lowercased()
        }
        return text.shown(limit: 80)
    }

    /// Why something failed, by the code of the answer.
    static func result(_ code: String) -> String {
        switch code {
        case "FormError": "the form is not filled in as it must be"
        case "InsufficientPrivileges": "whoever asks may not do that"
        case "NotFound": "there is no such thing"
        default: words(code)
        }
    }

    /// ` at the node "a"`, ` at the nodes "a" and "b"`; empty for none.
    static func nodes(_ element: Element) -> String {
        let nodes = element.children.filter { $0.name == "node" }.compactMap {
            $0["nodeId"]?.nonEmpty?.quoted(limit: 40)
        }
        return nodes.isEmpty ? "" : " at the node\(nodes.count == 1 ? "" : "s") \(Say.some(nodes))"
    }

    /// What values or parameters are named: `"Energy" and "Power"`; empty for none.
    static func fields(_ element: Element) -> String {
        let names = element.children.filter { ["field", "parameter"].contains($0.name) }.compactMap {
            $0["name"]?.nonEmpty?.quoted(limit: 40)
        }
        return names.isEmpty ? "" : Say.some(names)
    }

    /// To what a right or a deed is limited: `, but only "Energy" at the node "a"`; empty for no limit.
    static func only(_ element: Element) -> String {
        let part = "\(fields(element))\(nodes(element))".trimmed
        return part.isEmpty ? "" : ", but only \(part)"
    }

    /// An answer of type error that has its reason in the payload and not in `<error/>`; nil for any other.
    static func refusal(_ place: Place, _ packet: Packet, _ scene: Scene) -> Telling? {
        guard case .answer = place, let iq = packet.element, iq["type"] == "error", StanzaError(of: iq) == nil,
            let payload = iq.firstChild()
        else { return nil }
        let code = (payload["result"] ?? payload["responseCode"]).flatMap { $0 == "OK" ? nil : result($0) }
        let faults = payload.children.filter { $0.name == "error" }.map { fault in
            (fault["var"]?.nonEmpty.map { "\($0.shown(limit: 40)): " } ?? "") + fault.text.trimmed.quoted(limit: 100)
        }
        let why = [code].compactMap { $0 } + faults.prefix(3)
        if why.isEmpty { return nil }
        let speaker = scene.speaker(of: iq, in: packet).start
        return Telling(
            "\(speaker) refuses that: \(why.joined(separator: "; ")).".collapsingStops,
            [StanzaError.missingFinding]
        )
    }
}

extension ProtocolEntry {
    /// Tells its stanzas by that function, and refusals in the way of these protocols.
    mutating func tellsThings(_ body: @escaping @Sendable (Exchange, inout Scene) -> Telling?) {
        teller = {
            StatelessTeller { element, place, packet, scene in
                ThingsWords.refusal(place, packet, scene)
                    ?? Exchange(element, place, packet, scene).flatMap { body($0, &scene) }
            }
        }
    }
}
