import Session
import XMLStream
import XMPP

/// What an account's archive is to keep (XEP-0441), in the namespaces of XEP-0313.
func tellPreferencesRequest(_ prefs: Element, _ iq: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let speaker = scene.speaker(of: iq, in: packet).start
    if iq["type"] == "get" { return Telling("\(speaker) asks which messages are archived\(scene.cite("XEP-0441")).") }
    return Telling("\(speaker) sets what is archived: \(kept(prefs))\(scene.cite("XEP-0441")).")
}

func tellPreferences(_ prefs: Element, _ iq: Element, _ request: Request, _ packet: Packet, _ scene: Scene) -> Telling?
{
    let isSet = request.element["type"] == "set"
    let speaker = scene.speaker(of: iq, in: packet).start
    if iq["type"] == "error" {
        guard let error = StanzaError(of: iq) else { return nil }
        let what = isSet ? "does not change what is archived" : "does not say what is archived"
        return Telling("\(speaker) \(what): \(error.told).\(error.says)".collapsingStops, error.findings)
    }
    let start = isSet ? "From now on \(scene.speaker(of: iq, in: packet).name) archives" : "\(speaker) archives"
    return Telling("\(start) \(kept(prefs)).")
}

private func kept(_ prefs: Element) -> String {
    var text =
        switch prefs["default"] {
        case "always"?: "all messages"
        case "never"?: "no messages"
        case "roster"?: "messages with contacts"
        case let other?: "messages by the default \(other.quoted(limit: 40))"
        case nil: "messages by a default that is not named"
        }
    for (name, word) in [("always", "always"), ("never", "never")] {
        let addresses =
            prefs.child(name)?.children.filter { $0.name == "jid" }.map { $0.text.trimmed.shown(limit: 100) } ?? []
        guard !addresses.isEmpty else { continue }
        let shown = addresses.count > 3 ? addresses.prefix(3) + ["\(addresses.count - 3) more"] : addresses
        text += ", \(text.utf8.contains(UInt8(ascii: ",")) ? "and" : "but") \(word) those with \(shown.listed())"
    }
    return text
}
