import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// What an account stores at its server for its own clients (XEP-0049).
    static let privateStorage: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0049", "Private XML Storage", ["jabber:iq:private"])
        entry.teller = { StatelessTeller(body: tellPrivateStorage) }
        return entry
    }()

    /// Notes on contacts (XEP-0145).
    static let annotations: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0145", "Annotations", ["storage:rosternotes"])
        entry.secrets = [.text("note", "storage:rosternotes")]
        entry.inner = .told(by: "XEP-0049")
        return entry
    }()
}

private func tellPrivateStorage(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, query.name == "query" else { return nil }
    let speaker = scene.speaker(of: iq, in: packet).start
    switch place {
    case .request:
        guard let stored = query.firstChild() else {
            return Telling("\(speaker) asks for private data without saying which\(scene.cite("XEP-0049")).")
        }
        if iq["type"] == "get" {
            return Telling(
                "\(speaker) asks for its \(storedName(stored)) in the private storage\(scene.cite("XEP-0049"))."
            )
        }
        return Telling(
            "\(speaker) stores its \(storedName(stored)) in the private storage, in the place of what was there: \(storedContent(stored))\(scene.cite("XEP-0049"))."
                .collapsingStops
        )
    case .answer(let request):
        guard let asked = (request?.element.firstChild() ?? query).firstChild() else {
            return tellRefusedStorage(iq, packet, scene)
        }
        let name = storedName(asked)
        if iq["type"] == "error" {
            return tellRefusedStorage(name, isSet: request?.element["type"] == "set", iq, packet, scene)
        }
        if request?.element["type"] == "set" {
            return Telling("The \(name) \(isPlural(asked) ? "are" : "is") stored\(scene.cite("XEP-0049")).")
        }
        guard let stored = query.firstChild(), stored.namespace == asked.namespace else { return nil }
        return Telling("The private storage holds \(storedContent(stored))\(scene.cite("XEP-0049")).".collapsingStops)
    case .message, .presence, .nonza: return nil
    }
}

private func tellRefusedStorage(_ name: String, isSet: Bool, _ iq: Element, _ packet: Packet, _ scene: Scene) -> Telling
{
    let speaker = scene.speaker(of: iq, in: packet)
    guard let error = StanzaError(of: iq) else { return tellMissingError(speaker) }
    let what = isSet ? "does not store the \(name)" : "does not give the \(name)"
    return Telling("\(speaker.start) \(what): \(error.told).\(error.says)".collapsingStops, error.findings)
}

/// An answer to a request that did not say what it is about.
private func tellRefusedStorage(_ iq: Element, _ packet: Packet, _ scene: Scene) -> Telling? {
    guard iq["type"] == "error" else { return nil }
    return tellRefusedStorage("private data", isSet: false, iq, packet, scene)
}

private func isPlural(_ stored: Element) -> Bool {
    ["storage:bookmarks", "storage:rosternotes", "storage:metacontacts"].contains(stored.namespace)
}

private func storedName(_ stored: Element) -> String {
    switch stored.namespace {
    case "storage:bookmarks": "bookmarks"
    case "storage:rosternotes": "notes on contacts"
    case "storage:metacontacts": "metacontacts"
    case "roster:delimiter": "delimiter of nested groups"
    default: "data <\(stored.name.shown(limit: 60))/> of \(protocolName(stored.namespace))"
    }
}

/// What is stored, to stand behind a colon.
private func storedContent(_ stored: Element) -> String {
    switch stored.namespace {
    case "storage:bookmarks":
        let list = bookmarkList(stored)
        return list == "none" ? "no bookmarks" : list
    case "storage:rosternotes":
        let notes = stored.children.filter { $0.name == "note" }
        if notes.isEmpty { return "no notes" }
        return
            "\(counted(notes.count, "note")), on \(notes.firstOnes { ($0.given("jid") ?? "nobody").shown(limit: 100) })"
    case "storage:metacontacts": return metacontacts(stored)
    case "roster:delimiter": return stored.text.trimmed.nonEmpty?.quoted(limit: 20) ?? "no delimiter of nested groups"
    default:
        let count = stored.childCount
        if count == 0 { return stored.text.trimmed.isEmpty ? "nothing under that name" : "a text" }
        return "\(counted(count, "element")), \(stored.children.firstOnes { "<\($0.name.shown(limit: 40))/>" })"
    }
}

/// Which addresses belong to one person (XEP-0209).
private func metacontacts(_ stored: Element) -> String {
    let entries = stored.children.filter { $0.name == "meta" }
    if entries.isEmpty { return "no metacontacts" }
    let people = Set(entries.prefix(1000).compactMap { $0["tag"] }).count
    let addresses = entries.count == 1 ? "1 address" : "\(entries.count) addresses"
    return
        "\(counted(people, "metacontact")) with \(addresses), \(entries.firstOnes { ($0.given("jid") ?? "nobody").shown(limit: 100) })"
}
