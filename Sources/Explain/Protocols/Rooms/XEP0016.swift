import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Privacy lists (XEP-0016).
    static let privacy: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0016", "Privacy Lists", [NS.privacy])
        entry.codes = [.privacyRequest, .privacyRules]
        entry.topic = { _ in "privacy lists (XEP-0016)" }
        entry.teller = { StatelessTeller(body: tellPrivacy) }
        return entry
    }()
}

private func tellPrivacy(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    switch place {
    case .request where iq["type"] == "get":
        let speaker = scene.speaker(of: iq, in: packet).start
        let lists = query.children.filter { $0.name == "list" }.map(name)
        let what = lists.isEmpty ? "which privacy lists there are" : "what stands in the privacy list \(lists.listed())"
        return Telling("\(speaker) asks \(what)\(scene.cite("XEP-0016")).")
    case .request:
        if packet.direction == .serverToClient { return tellPush(query, iq, packet, scene) }
        var telling = tellSet(query, iq, packet, &scene)
        telling?.findings += flaws(query)
        return telling
    case .answer(let request):
        let asked = request?.element.child("query", NS.privacy)
        if iq["type"] == "error" { return tellRefusal(asked ?? query, request, iq, packet, scene) }
        return tellResult(iq, asked, request, packet, scene)
    case .nonza, .message, .presence: return nil
    }
}

private func tellSet(_ query: Element, _ iq: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    let speaker = scene.speaker(of: iq, in: packet).start
    guard let child = query.firstChild else { return nil }
    switch (child.name, child["name"]) {
    case ("active", nil):
        return Telling("\(speaker) uses no privacy list for this session any more\(scene.cite("XEP-0016")).")
    case ("active", _):
        return Telling("\(speaker) uses the privacy list \(name(child)) for this session\(scene.cite("XEP-0016")).")
    case ("default", nil):
        return Telling(
            "\(speaker) wants no privacy list to be the default of the account any more\(scene.cite("XEP-0016"))."
        )
    case ("default", _):
        return Telling(
            "\(speaker) makes the privacy list \(name(child)) the default of the account\(scene.cite("XEP-0016"))."
        )
    case ("list", _):
        let items = child.children.filter { $0.name == "item" }
        if items.isEmpty {
            return Telling("\(speaker) deletes the privacy list \(name(child))\(scene.cite("XEP-0016")).")
        }
        return Telling("\(speaker) stores the privacy list \(name(child))\(scene.cite("XEP-0016")): \(rules(items)).")
    default: return nil
    }
}

/// What the server must refuse with bad-request.
private func flaws(_ query: Element) -> [Finding] {
    if query.childCount > 1 {
        return [
            Finding(
                .privacyRequest,
                "a request may hold only one <active/>, <default/> or <list/>; the server must refuse this one with bad-request (XEP-0016 section 2.1)."
            )
        ]
    }
    let items = query.child("list")?.children.filter { $0.name == "item" } ?? []
    let orders = items.map { $0["order"].flatMap { UInt32($0) } }
    if orders.contains(nil) {
        return [Finding(.privacyRules, "a rule has no number as its order, which it must have (XEP-0016 section 2.1).")]
    }
    if Set(orders).count != orders.count {
        return [
            Finding(
                .privacyRules,
                "two rules have the same order; the server must refuse that with bad-request (XEP-0016 section 2.1)."
            )
        ]
    }
    guard let item = items.first(where: { !["allow", "deny"].contains($0["action"]) }) else { return [] }
    let action = item["action"].map { "the action \($0.quoted(limit: 20))" } ?? "no action"
    return [Finding(.privacyRules, "a rule has \(action); it must be allow or deny (XEP-0016 section 2.1).")]
}

extension FindingCode {
    static let privacyRequest = warning(
        "privacy.request",
        "XEP-0016 section 2.1",
        "One request is about one list, or about which one is active or the default. The server refuses one that holds several of these."
    )
    static let privacyRules = warning(
        "privacy.rules",
        "XEP-0016 section 2.1",
        "Rules are gone through by their order, which must be a whole number that no other rule of the list has, and either allow or deny."
    )
}

private func tellPush(_ query: Element, _ iq: Element, _ packet: Packet, _ scene: Scene) -> Telling? {
    guard let list = query.child("list") else { return nil }
    return Telling(
        "\(scene.speaker(of: iq, in: packet).start) tells \(scene.addressee(of: iq, in: packet).name) that the privacy list \(name(list)) was changed."
    )
}

private func tellResult(_ iq: Element, _ asked: Element?, _ request: Request?, _ packet: Packet, _ scene: Scene)
    -> Telling?
{
    if let own = iq.child("query", NS.privacy) {
        let lists = own.children.filter { $0.name == "list" }
        if let list = asked?.child("list") ?? lists.first(where: { $0.childCount > 0 }) {
            let items = (lists.first { $0["name"] == list["name"] } ?? list).children.filter { $0.name == "item" }
            let says = items.isEmpty ? "is empty" : "says: \(rules(items))"
            return Telling("The privacy list \(name(list)) \(says).")
        }
        if lists.isEmpty { return Telling("There are no privacy lists.") }
        let active = own.child("active")?["name"].map { "; active is \($0.quoted(limit: 40))" } ?? ""
        let standard = own.child("default")?["name"].map { "; the default is \($0.quoted(limit: 40))" } ?? ""
        let verb = lists.count == 1 ? "is" : "are"
        return Telling(
            "There \(verb) \(counted(lists.count, "privacy list")): \(People.firstOnes(lists.map(name)))\(active)\(standard)."
        )
    }
    guard let request, request.element["type"] == "set", let child = asked?.firstChild else { return nil }
    if packet.direction == .clientToServer {
        return Telling("\(scene.speaker(of: iq, in: packet).start) acknowledges that.")
    }
    switch (child.name, child["name"]) {
    case ("active", nil): return Telling("No privacy list is active in this session now.")
    case ("active", _): return Telling("The privacy list \(name(child)) is active in this session now.")
    case ("default", nil): return Telling("The account has no default privacy list now.")
    case ("default", _): return Telling("The privacy list \(name(child)) is the default now.")
    default: return Telling("The privacy list \(name(child)) is \(child.childCount == 0 ? "deleted" : "stored").")
    }
}

/// What an error means for the request (XEP-0016 sections 2.3 to 2.10).
private func tellRefusal(_ asked: Element, _ request: Request?, _ iq: Element, _ packet: Packet, _ scene: Scene)
    -> Telling?
{
    let child = asked.firstChild
    let list = child?["name"].map { "the privacy list \($0.quoted(limit: 40))" } ?? "the privacy lists"
    let isGet = request?.element["type"] == "get"
    let does =
        request == nil
        ? "refuses the request about \(list)" : isGet ? "does not give \(list)" : "changes nothing about \(list)"
    let isRemoval = child?.name == "list" && child?.childCount == 0
    return People.refusal(iq, packet, scene, does: does, noun: "the request about \(list)") { condition in
        switch condition {
        case .itemNotFound?: "there is no such list"
        case .badRequest? where isGet: "more than one list was asked for"
        case .conflict? where isRemoval: "another session of the account uses it"
        case .conflict? where child?.name == "default": "another session of the account uses the default list"
        default: nil
        }
    }
}

// MARK: Words

private func name(_ list: Element) -> String { list["name"]?.quoted(limit: 40) ?? "without a name" }

/// The first rules in their order.
private func rules(_ items: [Element]) -> String {
    let ordered = items.sorted { (Int($0["order"] ?? "") ?? 0) < (Int($1["order"] ?? "") ?? 0) }
    let told = ordered.prefix(3).enumerated().map { index, item -> String in
        let kinds = kinds.filter { item.child($0.name) != nil }.map(\.words)
        let whom = matching(item)
        let what: String
        switch (kinds.isEmpty, whom) {
        case (true, nil): what = index == 0 ? "everything" : "everything else"
        case (true, let whom?): what = "everything from and to \(whom)"
        case (false, let whom): what = kinds.map { "\($0) \(whom ?? "everybody")" }.listed()
        }
        switch item["action"] {
        case "allow"?: return "let through \(what)"
        case "deny"?: return "stop \(what)"
        case .some, nil: return "an unknown action for \(what)"
        }
    }
    return told.joined(separator: ", then ") + (items.count > 3 ? ", and \(counted(items.count - 3, "rule")) more" : "")
}

private let kinds: [(name: String, words: String)] = [
    ("message", "messages from"), ("iq", "requests from"), ("presence-in", "presence from"),
    ("presence-out", "the own presence to"),
]

/// Whom a rule is about; nil for everybody.
private func matching(_ item: Element) -> String? {
    let value = item["value"]?.nonEmpty
    switch item["type"] {
    case "jid"?: return People.address(value)
    case "group"?: return "contacts in the group \(value?.quoted(limit: 60) ?? "without a name")"
    case "subscription"?:
        return value == "none"
            ? "those without a subscription" : "those with the subscription \((value ?? "").quoted(limit: 20))"
    case nil: return nil
    case let other?: return "whom a rule of the type \(other.quoted(limit: 20)) means"
    }
}
