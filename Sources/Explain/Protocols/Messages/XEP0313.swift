import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Archives of messages (XEP-0313), their pages (XEP-0059) and preferences (XEP-0441).
    static let archive: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0313",
            "Message Archive Management",
            [MessageNS.archive, "urn:xmpp:mam:1", "urn:xmpp:mam:0", "urn:xmpp:mam:tmp"]
        )
        entry.codes = [.archiveForged]
        entry.part = addArchived
        entry.teller = { StatelessTeller(body: tellArchive) }
        return entry
    }()
}

private func tellArchive(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    switch place {
    case .request:
        switch (element.name, iq["type"]) {
        case ("query", "get"?) where element.childCount == 0:
            let archive = scene.archiveName(iq["to"], own: "its archive")
            return Telling(
                "\(scene.speaker(of: iq, in: packet).start) asks by which fields \(archive) can be searched\(scene.cite("XEP-0313"))."
            )
        case ("query", _): return tellQuery(element, iq, packet, &scene)
        case ("metadata", "get"?):
            let archive = scene.archiveName(iq["to"], own: "its archive")
            return Telling(
                "\(scene.speaker(of: iq, in: packet).start) asks from when to when \(archive) reaches\(scene.cite("XEP-0313"))."
            )
        case ("prefs", _): return tellPreferencesRequest(element, iq, packet, &scene)
        default: return nil
        }
    case .answer(let request):
        guard let request else { return nil }
        return tellArchiveAnswer(element, iq, request, packet, &scene)
    case .nonza, .message, .presence: return nil
    }
}

// MARK: Asking

private func tellQuery(_ query: Element, _ iq: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
    let page = ResultPage(query.child("set", MessageNS.resultSets))
    let archive = scene.archiveKey(iq["to"])
    let earlier = scene.archives.before(page, in: archive)
    let own = packet.direction == .clientToServer && scene.streamKind == .client ? "its archive" : "the archive"
    let name = scene.archiveName(iq["to"], own: own)
    let story: Int
    if let earlier, earlier.hasMore, scene.stories[earlier.story] != nil {
        story = earlier.story
        scene.stories.goOn(story, packet, isRequest: true)
    } else {
        let subject = scene.archiveName(iq["to"], own: "the account's archive")
        story = scene.stories.begin(.archiveQuery, subject, packet, isRequest: true)
    }
    scene.archives.begin(
        .init(packet: packet.number, archive: archive, queryID: query["queryid"], page: page, story: story)
    )
    let wanted = ArchiveFilter(query).wanted(page, earlier)
    let speaker = scene.speaker(of: iq, in: packet).start
    return Telling("\(speaker) asks \(name) for \(wanted)\(scene.cite("XEP-0313")).".collapsingStops)
}

/// What a query asks for, by its form (XEP-0313 section 4.1).
private struct ArchiveFilter {
    private var clauses: [String] = []
    private var ids: [String] = []
    private var behind = ""

    init(_ query: Element) {
        let node = query["node"].map { " of the node \($0.quoted(limit: 80))" }
        if let node { clauses.append(node) }
        let fields = query.child("x", NS.dataForms)?.children.filter { $0.name == "field" } ?? []
        for field in fields.prefix(20) { read(field) }
        // In the first version they stood alone.
        for child in query.children.prefix(8) where child.namespace == query.namespace {
            read(child.name, [child.text])
        }
        if query.child("flip-page") != nil { behind = ", the newest first within the page" }
    }

    private mutating func read(_ field: Element) {
        let values = field.children.filter { $0.name == "value" }.map(\.text)
        guard let name = field["var"]?.nonEmpty else {
            clauses.append(" by a field without a name")
            return
        }
        read(name, values)
    }

    private mutating func read(_ name: String, _ values: [String]) {
        guard let value = values.first?.trimmed, !value.isEmpty else { return }
        switch name {
        case "FORM_TYPE", "set", "x", "flip-page": break
        case "with": clauses.append(" with \(value.shown(limit: 100))")
        case "start": clauses.append(" since \(Say.time(value))")
        case "end": clauses.append(" until \(Say.time(value))")
        case "after-id": clauses.append(" after the message \(value.shown(limit: 60))")
        case "before-id":
            clauses.append("\(clauses.isEmpty ? "" : " and") before the message \(value.shown(limit: 60))")
        case "ids": ids = values.map { $0.trimmed.shown(limit: 60) }
        case "include-groupchat":
            clauses.append(value == "true" || value == "1" ? ", those of rooms too" : ", without those of rooms")
        default: clauses.append(" with \(name.quoted(limit: 60)) \(value.quoted(limit: 60))")
        }
    }

    /// What is wanted, for the end of a sentence.
    func wanted(_ page: ResultPage, _ earlier: ArchiveQueries.Query?) -> String {
        if !ids.isEmpty {
            let shown = ids.prefix(3).map { $0 } + (ids.count > 3 ? ["\(ids.count - 3) more"] : [])
            return "\(ids.count == 1 ? "the message" : "the messages") \(shown.listed())"
        }
        let filters = clauses.joined()
        let count = page.max.map { "\($0) " } ?? ""
        let messages = page.max == 1 ? "message" : "messages"
        if page.max == 0 { return "the number of messages\(filters), and none of them" }
        if let before = page.before {
            if before.isEmpty { return "the \(count)latest \(messages)\(filters)\(behind)" }
            let known = earlier?.ended.map { " (the first one of \(padded($0)))" } ?? ""
            return "the \(count)\(messages)\(filters) before \(before.shown(limit: 60))\(known)\(behind)"
        }
        if let after = page.after, !after.isEmpty {
            let known = earlier?.ended.map { " (the last one of \(padded($0)))" } ?? ""
            return "the next \(count)\(messages)\(filters), after \(after.shown(limit: 60))\(known)\(behind)"
        }
        let first = page.index.map { ", from number \($0 + 1) on" } ?? ""
        let limit = page.max.map { $0 == 1 ? ", the first of them" : ", the first \($0) of them" } ?? ""
        let all = limit.isEmpty && first.isEmpty ? "all " : ""
        return
            "\(all)messages\(filters)\(first)\(first.isEmpty ? limit : page.max.map { ", \($0) of them" } ?? "")\(behind)"
    }
}

// MARK: Answers

private func tellArchiveAnswer(
    _ element: Element,
    _ iq: Element,
    _ request: Request,
    _ packet: Packet,
    _ scene: inout Scene
) -> Telling? {
    let asked = request.element.firstChild()
    let isError = iq["type"] == "error"
    guard isError || iq["type"] == "result" else { return nil }
    switch asked?.name {
    case "query"? where request.element["type"] == "set" || asked?.childCount ?? 0 > 0:
        return isError ? tellQueryRefused(iq, request, packet, &scene) : tellPage(element, iq, request, packet, &scene)
    case "query"?:
        guard !isError, let form = element.child("x", NS.dataForms) else { return nil }
        let names = form.children.filter { $0.name == "field" && $0["var"] != "FORM_TYPE" }.compactMap {
            $0["var"]?.shown(limit: 40)
        }
        let archive = capitalized(scene.archiveName(request.element["to"], own: "the archive"))
        let shown = names.count > 8 ? names.prefix(7) + ["\(names.count - 7) more"] : names
        return names.isEmpty ? nil : Telling("\(archive) can be searched by \(shown.listed()).")
    case "metadata"?: return isError ? nil : tellMetadata(element, request, scene)
    case "prefs"?: return tellPreferences(element, iq, request, packet, scene)
    default: return nil
    }
}

private func tellMetadata(_ element: Element, _ request: Request, _ scene: Scene) -> Telling? {
    let archive = capitalized(scene.archiveName(request.element["to"], own: "the archive"))
    guard let start = element.child("start"), let end = element.child("end") else {
        return element.name == "metadata" ? Telling("\(archive) is empty.") : nil
    }
    let shown = [start, end].map { edge in
        let id = edge["id"].map { " (\($0.shown(limit: 60)))" } ?? ""
        return "\(edge["timestamp"].map { Say.time($0) } ?? "an unknown time")\(id)"
    }
    return Telling("\(archive) reaches from \(shown[0]) to \(shown[1]).")
}

private func tellQueryRefused(_ iq: Element, _ request: Request, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    let story = scene.stories.take(request: request)
    guard let error = StanzaError(of: iq) else { return nil }
    if let story { scene.stories.settle(story, .failed(error.cause), packet) }
    let archive = capitalized(scene.archiveName(request.element["to"], own: "the archive"))
    let page = ResultPage(request.element.firstChild()?.child("set", MessageNS.resultSets))
    let anchor = page.after?.nonEmpty ?? page.before?.nonEmpty
    if error.known == .itemNotFound, let anchor {
        return Telling(
            "\(archive) does not know the message \(anchor.shown(limit: 60)) that \(padded(request.number)) wants to go on from (\(error.name)): it may have been deleted.\(error.says) The query can be made by time instead.",
            error.findings
        )
    }
    return Telling(
        "\(archive) does not answer the query of \(padded(request.number)): \(error.told).\(error.says)"
            .collapsingStops,
        error.findings
    )
}

private func tellPage(_ fin: Element, _ iq: Element, _ request: Request, _ packet: Packet, _ scene: inout Scene)
    -> Telling?
{
    let story = scene.stories.take(request: request)
    let isFin = fin.name == "fin" || (fin.name == "query" && iq.childCount > 0)
    let part = ResultPart(isFin ? fin.child("set", MessageNS.resultSets) : nil)
    let isComplete = ["true", "1"].contains(fin["complete"])
    let query = scene.archives.query(ofPacket: request.number)
    // The oldest version said nothing of the end there.
    let isKnown = isFin && (iq.childCount > 0)
    let hasMore = isKnown && !isComplete && part.last != nil
    scene.archives.end(request.number, by: packet.number, first: part.first, last: part.last, hasMore: hasMore)
    if let story {
        if hasMore { scene.stories.goOn(story, packet) } else { scene.stories.settle(story, .succeeded, packet) }
    }
    let archive = capitalized(scene.archiveName(request.element["to"], own: "the archive"))
    guard isKnown else { return Telling("\(archive) has answered the query of \(padded(request.number)).") }
    let page = query?.page ?? ResultPage(request.element.firstChild()?.child("set", MessageNS.resultSets))
    var text = "\(archive) \(told(part, page, query, isComplete))."
    if ["false", "0"].contains(fin["stable"]) { text += " The result may change between pages." }
    return Telling(text)
}

/// What came and what there is more, a clause.
private func told(_ part: ResultPart, _ page: ResultPage, _ query: ArchiveQueries.Query?, _ isComplete: Bool) -> String
{
    if page.max == 0 {
        return part.count.map { "has \(counted($0, "such message"))" } ?? "does not say how many messages it has"
    }
    guard let last = part.last, let first = part.first else {
        let all = part.count.map { $0 > 0 ? " (of \(counted($0, "message")))" : "" } ?? ""
        if let after = page.after?.nonEmpty {
            return "has nothing after \(after.shown(limit: 60))\(all): the client is up to date"
        }
        if let before = page.before?.nonEmpty { return "has nothing before \(before.shown(limit: 60))\(all)" }
        return "has no such messages"
    }
    let sent = query?.results ?? 0
    let range = first == last ? "\(first.shown(limit: 60))" : "\(first.shown(limit: 60)) to \(last.shown(limit: 60))"
    var clause: String
    switch (sent, part.count) {
    case (0, let count?): clause = "has sent the messages \(range), of \(count)"
    case (0, nil): clause = "has sent the messages \(range)"
    case (let sent, let count?) where count >= sent:
        clause = "has sent \(sent) of \(counted(count, "message")) (\(range))"
    case (let sent, _): clause = "has sent \(counted(sent, "message")) (\(range))"
    }
    if let index = part.index, let max = page.max, max > 0, index > 0, index % max == 0 {
        clause += ", page \(index / max + 1)"
    }
    if isComplete { return clause + (page.isBackwards ? "; there are none before" : "; there are no more") }
    let edge = page.isBackwards ? "before \(first.shown(limit: 60))" : "after \(last.shown(limit: 60))"
    return clause + "; there are more, to be asked for \(edge)"
}

extension FindingCode {
    static let archiveForged = warning(
        "archive.result.forged",
        "XEP-0313 section 8.2",
        "What looks like an archived message comes from somebody whom nobody asked. A client that shows it lets anybody invent messages of others."
    )
}
