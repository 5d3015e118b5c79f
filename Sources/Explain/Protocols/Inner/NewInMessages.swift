import XMLStream
import XMPP

// What newer and odd protocols add to messages.

extension ProtocolEntry {
    /// Text that is shown as it is typed (XEP-0301).
    static let realTimeText: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0301", "In-Band Real Time Text", ["urn:xmpp:rtt:0"])
        entry.part = addRealTimeText
        return entry
    }()

    /// People and groups whom a text speaks to (XEP-0513).
    static let mentions: ProtocolEntry = {
        var entry = ProtocolEntry.told(
            "XEP-0513",
            "Explicit Mentions",
            ["urn:xmpp:mentions:0"],
            [
                Phrase(
                    element: "query",
                    get: "asks {whom} who may mention whom there",
                    set: "sets who may mention whom in {whom}",
                    answer: "tells who may mention whom there",
                    done: "The settings of mentions are stored.",
                    refused: "the settings of mentions"
                )
            ]
        )
        entry.part = addMention
        return entry
    }()

    /// The mark of what is meant to do harm (XEP-0076), a joke.
    static let evil: ProtocolEntry = {
        let sentence = "It says of itself that it is evil"
        var entry = remark("XEP-0076", "Malicious Stanzas", ["http://jabber.org/protocol/evil"]) { element, _ in
            element.name == "evil" ? sentence : nil
        }
        entry.inner = .sentence { $0.name == "evil" ? sentence : nil }
        return entry
    }()

    /// News of a widget that is shared in a chat (XEP-0491).
    static let widgets: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0491", "WebXDC", ["urn:xmpp:webxdc:0"])
        entry.part = { element, parts, _ in
            guard element.name == "x" else { return parts.others.append(element) }
            let news = ["document", "summary"].compactMap {
                element.child($0)?.text.trimmed.nonEmpty?.quoted(limit: 80)
            }
            parts.deeds.append(
                .init(
                    rank: 8,
                    verb: "passes on news of the widget of this thread",
                    tail: news.isEmpty ? "" : ": \(news.joined(separator: ", "))",
                    reference: "XEP-0491"
                )
            )
        }
        return entry
    }()

    /// Pictures in the place of signs (XEP-0514), which stand in the markup of a text.
    static let customEmoji = adds("XEP-0514", "Emoji Markup", ["urn:xmpp:markup:emoji:0"]) { element in
        element.name == "emoji" ? "Part of the text is to be shown as a picture, a custom emoji" : nil
    }

    /// Text in step with a call (XEP-0517), and what takes its place where the other side cannot do that.
    static let synchronizedText: ProtocolEntry = {
        var entry = remark(
            "XEP-0517",
            "Jingle Synchronized Real-Time Text",
            ["urn:xmpp:jingle:apps:rtt-sync:0"]
        ) { element, _ in
            guard element.name == "rtt-fallback" else { return nil }
            let session = element.given("sid").map { " \($0.shown(limit: 40))" } ?? ""
            let way = element.given("method").map { " (\($0.shown(limit: 20)))" } ?? ""
            return "The text of the call\(session) goes on in messages\(way), no longer in step with it"
        }
        entry.inner = .sentence { element in
            guard element.name == "rtt-sync" else { return nil }
            let isInStep = element["sync-mode"] == "media-clock"
            return "The text is \(textRole(element["role"]))\(isInStep ? ", shown in step with sound and picture" : "")"
        }
        return entry
    }()
}

private func textRole(_ role: String?) -> String {
    switch role {
    case "conversation"?: "part of the conversation"
    case "caption"?: "captions"
    case "transcript"?: "a transcript"
    case "translation"?: "a translation"
    case "interpreter"?: "an interpreter's"
    case let role?: "of the kind \(role.quoted(limit: 40))"
    case nil: "of no named kind"
    }
}

/// Edits of a text that is being typed. Without an event they go on with it (XEP-0301 section 4.2).
private func addRealTimeText(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "rtt" else { return parts.others.append(element) }
    let edits = element.children.filter { $0.name == "t" || $0.name == "e" }
    let typed = edits.filter { $0.name == "t" }.map(\.text).joined()
    let erases = edits.contains { $0.name == "e" }
    let verb: String
    switch element["event"] {
    case "new"?: verb = "begins to type, shown letter by letter"
    case "reset"?: verb = "sends what it has typed so far"
    case "init"?: verb = "will show its text as it is typed"
    case "cancel"?: verb = "no longer shows its text as it is typed"
    case "edit"?, nil:
        verb = !erases ? "goes on typing" : typed.isEmpty ? "erases some of what it typed" : "changes what it typed"
    case let event?: verb = "sends the unknown event \(event.quoted(limit: 20)) of real-time text"
    }
    let tail = typed.isEmpty ? "" : ": \(typed.quoted(limit: 60))"
    parts.deeds.append(.init(rank: 18, verb: verb, tail: tail, reference: "XEP-0301"))
}

private func addMention(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "mention" else { return parts.others.append(element) }
    guard parts.remarks.filter({ $0.hasPrefix("It mentions ") }).count < 2 else { return }
    var whom = mentioned(element)
    if element.child("noping") != nil { whom += ", who need not be notified" }
    if element.child("active") != nil { whom += ", as far as they are active" }
    let sentence = "It mentions \(whom)"
    if parts.remarks.contains(where: { $0.hasPrefix(sentence) }) { return }
    parts.remarks.append("\(sentence)\(scene.cite("XEP-0513")).")
}

/// Whom a mention means: one, or a group by its kind.
private func mentioned(_ mention: Element) -> String {
    let uri = mention.given("uri")?.shown(limit: 100)
    guard let kind = mention.given("mentions") else {
        if let jid = mention.given("jid") { return jid.shown(limit: 100) }
        return mention.given("occupantid").map { "the occupant with the id \($0.shown(limit: 20))" }
            ?? uri ?? "somebody without saying whom"
    }
    switch kind.hasPrefix("urn:xmpp:mentions:0#") ? String(kind.dropFirst(20)) : kind {
    case "channel": return "everybody in \(uri ?? "the room")"
    case "space": return "everybody in the space\(uri.map { " \($0)" } ?? "")"
    case "server": return "everybody of the server\(uri.map { " \($0)" } ?? "")"
    case "moderators": return "the moderators"
    case "participants": return "the participants"
    case "visitors": return "the visitors"
    case "owner": return "the owners"
    case "admin": return "the admins"
    case "member": return "the members"
    case "none": return "those without an affiliation"
    case "hats": return "those with the hat \(uri ?? "that it does not name")"
    default: return "a group of the kind \(kind.quoted(limit: 60))"
    }
}
