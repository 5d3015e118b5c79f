import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Calls and files between clients (XEP-0166).
    static let jingle: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0166",
            "Jingle",
            [
                "urn:xmpp:jingle:1", "urn:xmpp:jingle:errors:1", "urn:xmpp:jingle:0",
                "urn:xmpp:jingle:apps:rtp:errors:1",
                "urn:xmpp:jingle:apps:file-transfer:errors:0", "urn:xmpp:jingle:apps:rtp:1",
                "urn:xmpp:jingle:transfer:0",
            ]
        )
        entry.codes = [.sessionOver, .srtpKeyShown, .jingleAttribute]
        entry.conditions = [
            "out-of-order": "the request does not fit what was agreed so far",
            "tie-break": "both sides asked for the same at once",
            "unknown-session": "there is no such session",
            "unsupported-info": "that information is not understood",
            "security-required": "it must be encrypted",
            "invalid-crypto": "the encryption that is offered is not valid",
            "crypto-required": "it must be encrypted",
            "file-not-available": "the file is not to be had",
            "file-too-large": "the file is too large",
            "transferred": "the call was handed on to somebody else",
        ]
        entry.secrets = [.attribute("key-params", of: "crypto", "urn:xmpp:jingle:apps:rtp:1")]
        entry.volatile = [.attribute("sid", of: "jingle", "urn:xmpp:jingle:1")]
        entry.tells(tellJingle)
        return entry
    }()
}

private func tellJingle(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .set, .get: return exchange.element.name == "jingle" ? tellAction(exchange, &scene) : nil
    case .result: return tellReceived(exchange, &scene)
    case .refusal(let error): return tellRefused(error, exchange, &scene)
    case .message, .presence: return nil
    }
}

/// `the session call-1`.
private func session(_ jingle: Element) -> String {
    jingle["sid"]?.nonEmpty.map { "the session \($0.shown(limit: 60))" } ?? "a session without an id"
}

// MARK: Actions

private func tellAction(_ exchange: Exchange, _ scene: inout Scene) -> Telling {
    let jingle = exchange.element
    let contents = JingleContent.all(in: jingle)
    let action = jingle["action"] ?? ""
    if action == "session-initiate" {
        var offer = tellOffer(exchange, contents, &scene)
        offer.findings += attributeFindings(jingle)
        return offer
    }
    let call = jingle["sid"].flatMap { scene.calls[$0] }
    var telling: Telling
    switch action {
    case "session-accept": telling = Telling(accepting(exchange, contents, call, &scene))
    case "session-terminate": telling = Telling(ending(exchange, call, &scene))
    case "session-info":
        scene.goOn(call, exchange.packet, isRequest: true)
        telling = Telling(information(exchange, call) + scene.cite("XEP-0166") + ".")
    default:
        scene.goOn(call, exchange.packet, isRequest: true)
        telling = Telling(change(exchange, action, contents) + scene.cite("XEP-0166") + ".")
        telling.text += JingleReason(jingle.child("reason")).says
    }
    // Both may end it at the same time.
    if let end = call?.end, action != "session-terminate" {
        telling.findings.append(
            Finding(
                .sessionOver,
                "\(padded(end)) has ended that session; the other side will not know it (XEP-0166 section 6.7)."
            )
        )
    }
    telling.findings += keyFindings(contents) + attributeFindings(jingle)
    telling.text = telling.text.collapsingStops
    return telling
}

private func attributeFindings(_ jingle: Element) -> [Finding] {
    let missing = ["action", "sid"].filter { jingle[$0]?.nonEmpty == nil }
    if missing.isEmpty { return [] }
    return [
        Finding(.jingleAttribute, "<jingle/> lacks its \(missing.listed()), which it must have (XEP-0166 section 7.1).")
    ]
}

private func keyFindings(_ contents: [JingleContent]) -> [Finding] {
    let showsKeys = contents.contains { $0.description?.child("encryption")?.child("crypto")?["key-params"] != nil }
    if !showsKeys { return [] }
    return [
        Finding(
            .srtpKeyShown,
            "the keys of the media stand in the packet, so every server on the way can listen (XEP-0167 section 7); DTLS avoids that."
        )
    ]
}

private func tellOffer(_ exchange: Exchange, _ contents: [JingleContent], _ scene: inout Scene) -> Telling {
    let jingle = exchange.element
    let file = contents.lazy.compactMap(\.file).first
    var joined = ""
    if let id = jingle["sid"]?.nonEmpty {
        let known = scene.calls[id]
        if let known, known.end == nil, known.offer == nil, let proposal = known.proposal {
            joined = ", proposed in \(padded(proposal))"
        }
        let isMedia = contents.contains { $0.media != nil }
        var story: Int?
        if let known, known.end == nil, known.offer == nil, let open = known.story {
            story = open
            scene.stories.goOn(open, exchange.packet, isRequest: true)
        } else if file != nil || isMedia {
            let other = scene.other(in: exchange.stanza, exchange.packet).shortName
            let name = file?.child("name")?.text.trimmed.nonEmpty
            story = scene.stories.begin(
                file == nil ? .call : .fileTransfer,
                name?.quoted(limit: 100) ?? (file == nil ? other : "a file"),
                exchange.packet,
                isRequest: true
            )
        }
        var call =
            known?.end == nil ? known ?? CallBook.Call(id: id, story: story) : CallBook.Call(id: id, story: story)
        call.offer = exchange.packet.number
        call.isFile = file != nil
        call.isMedia = isMedia
        scene.calls.begin(call)
    }
    let isRequest = file != nil && contents.contains { $0.element["senders"] == "responder" }
    let what = JingleContent.told(contents)
    let verb = isRequest ? "asks \(exchange.whom) in" : "offers \(exchange.whom)"
    let joint = isRequest ? " for " : ": "
    let text =
        "\(exchange.who) \(verb) \(session(jingle))\(joined)\(joint)\(what)\(extras(jingle))\(scene.cite("XEP-0166"))."
    return Telling(text, keyFindings(contents))
}

/// What stands beside the contents of an offer.
private func extras(_ jingle: Element) -> String {
    var text = ""
    if let group = jingle.child("group"), group["semantics"] == "BUNDLE" { text += ", all of it on one port (BUNDLE)" }
    if let room = jingle.child("muji", "urn:xmpp:jingle:muji:0")?["room"]?.nonEmpty {
        text += ", for the conference in the room \(room.shown(limit: 100))"
    }
    if let transfer = jingle.child("transfer", "urn:xmpp:jingle:transfer:0") {
        text +=
            transfer["from"]?.nonEmpty.map { "; \($0.shown(limit: 100)) handed the call on" }
            ?? "; the call was handed on"
    }
    return text
}

private func accepting(_ exchange: Exchange, _ contents: [JingleContent], _ call: CallBook.Call?, _ scene: inout Scene)
    -> String
{
    scene.goOn(call, exchange.packet, isRequest: true)
    if let call {
        scene.calls.change(call.id) {
            $0.isAccepted = true
            $0.accepted = $0.accepted ?? exchange.packet.time
        }
    }
    let offer = call?.offer.map { " of \(padded($0))" } ?? ""
    let isMedia = contents.contains { $0.media != nil }
    let what: String
    if contents.contains(where: { $0.file != nil }) {
        what = "the offer\(offer)"
    } else {
        what = isMedia ? "the call\(offer)" : "\(session(exchange.element))\(offer)"
    }
    let told = contents.isEmpty ? "" : ": \(JingleContent.told(contents))"
    return "\(exchange.who) accepts \(what)\(told)\(scene.cite("XEP-0166"))."
}

private func ending(_ exchange: Exchange, _ call: CallBook.Call?, _ scene: inout Scene) -> String {
    let element = exchange.element.child("reason")
    let reason = JingleReason(element)
    let lasted = call?.isAccepted == true && call?.end == nil ? scene.duration(of: call, exchange.packet) : ""
    scene.end(call, element, exchange.packet, isRequest: true)
    let cite = scene.cite("XEP-0166")
    let it = call?.isMedia == true ? "the call" : "the session"
    let sid = exchange.element["sid"]?.nonEmpty.map { " \($0.shown(limit: 60))" } ?? ""
    if reason.name == nil { return "\(exchange.who) ends \(it)\(sid)\(lasted), and gives no reason\(cite)." }
    return "\(exchange.who) ends \(it)\(sid)\(lasted): \(reason.told)\(cite).\(reason.says)"
}

/// What happens to the contents of a session that is agreed upon, or is about to be.
private func change(_ exchange: Exchange, _ action: String, _ contents: [JingleContent]) -> String {
    let (who, session) = (exchange.who, session(exchange.element))
    let what = JingleContent.told(contents)
    let names = contents.isEmpty ? "nothing" : Say.some(contents.map(\.name))
    let why = exchange.element.child("reason").map { ": \(JingleReason($0).told)" } ?? ""
    switch action {
    case "content-add": return "\(who) wants to add to \(session): \(what)"
    case "content-accept": return "\(who) accepts what was to be added to \(session): \(what)"
    case "content-reject": return "\(who) rejects what was to be added to \(session), \(names)\(why)"
    case "content-remove": return "\(who) takes \(names) out of \(session)\(why)"
    case "content-modify": return "\(who) changes who sends in \(session): \(directions(contents))"
    case "description-info": return "\(who) gives hints for \(session): \(parameters(contents))"
    case "security-info": return "\(who) goes on setting up the encryption of \(session)"
    case "transport-info": return transport(exchange, contents)
    case "transport-replace": return "\(who) wants another way of transport for \(session): \(ways(contents))"
    case "transport-accept": return "\(who) accepts the other way of transport for \(session): \(ways(contents))"
    case "transport-reject": return "\(who) rejects the other way of transport for \(session)\(why)"
    case "source-add": return "\(who) adds media sources to \(session)"
    case "source-remove": return "\(who) takes media sources out of \(session)"
    case "": return "\(who) sends for \(session) a packet that names no action"
    default: return "\(who) sends for \(session) the unknown action \(action.quoted(limit: 40))"
    }
}

private func ways(_ contents: [JingleContent]) -> String {
    let ways = contents.compactMap(\.way)
    if ways.isEmpty { return "none is named" }
    let count = contents.reduce(0) { $0 + $1.candidates.count }
    return Say.some(ways)
        + (count == 0 ? "" : ", with \(count == 1 ? "one address" : "\(count) addresses") to be tried")
}

private func directions(_ contents: [JingleContent]) -> String {
    let told = contents.map { content -> String in
        switch content.element["senders"] {
        case "initiator"?: return "\(content.name) from the initiator only"
        case "responder"?: return "\(content.name) from the responder only"
        case "none"?: return "\(content.name) from nobody"
        case "both"?, nil: return "\(content.name) from both"
        case let other?: return "\(content.name) from \(other.quoted(limit: 20))"
        }
    }
    return told.isEmpty ? "of no content" : Say.some(told)
}

private func parameters(_ contents: [JingleContent]) -> String {
    let told = contents.map { content -> String in
        let payloads = (content.description?.children ?? []).filter { $0.name == "payload-type" }
        let values = payloads.flatMap(\.children).filter { $0.name == "parameter" }.compactMap { parameter in
            parameter["name"].map { "\($0.shown(limit: 30)) \((parameter["value"] ?? "").shown(limit: 30))" }
        }
        return content.subject + (values.isEmpty ? "" : " (\(Say.some(values)))")
    }
    return told.isEmpty ? "none" : Say.some(told)
}

private func transport(_ exchange: Exchange, _ contents: [JingleContent]) -> String {
    let (who, session) = (exchange.who, session(exchange.element))
    let candidates = contents.flatMap(\.candidates)
    let parts = contents.compactMap(\.transport).flatMap(\.children)
    if candidates.count == 1 {
        return "\(who) names an address where it can be reached for \(session): \(JingleContent.told(candidates[0]))"
    }
    if !candidates.isEmpty {
        return
            "\(who) names \(candidates.count) addresses where it can be reached for \(session): \(shortly(candidates))"
    }
    for part in parts {
        let id = part["cid"]?.nonEmpty.map { " \($0.shown(limit: 40))" } ?? ""
        switch part.name {
        case "candidate-used": return "\(who) has reached the other side's address\(id) for \(session)"
        case "candidate-error": return "\(who) could reach none of the other side's addresses for \(session)"
        case "activated": return "\(who) has switched through the proxy\(id) for \(session)"
        case "proxy-error": return "\(who) could not use the proxy for \(session)"
        case "remote-candidate":
            return "\(who) has chosen among the other side's addresses for \(session): \(JingleContent.told(part))"
        case "gathering-complete": return "\(who) has named all of its addresses for \(session)"
        case "completed": return "\(who) says that the upload for \(session) is complete"
        case "fingerprint":
            return "\(who) gives the fingerprint of its certificate for \(session), by which DTLS is checked"
        default: break
        }
    }
    let ways = contents.compactMap(\.way)
    return ways.isEmpty
        ? "\(who) sends for \(session) an empty word about transport"
        : "\(who) sends for \(session) the parameters of \(Say.some(ways)), without an address"
}

/// Many addresses by their kinds: `2 host, 1 relay`.
private func shortly(_ candidates: [Element]) -> String {
    Say.some(candidates.map { JingleContent.told($0) })
}

// MARK: Information

private func information(_ exchange: Exchange, _ call: CallBook.Call?) -> String {
    let (who, session) = (exchange.who, session(exchange.element))
    guard let info = exchange.element.firstChild() else {
        return "\(who) asks \(exchange.whom) whether \(session) still lives"
    }
    let which = info["name"]?.nonEmpty.map { " (the content \($0.quoted(limit: 40)))" } ?? ""
    switch info.name {
    case "active": return "\(who) is active again in \(session)"
    case "hold": return "\(who) puts \(session) on hold"
    case "unhold": return "\(who) takes \(session) off hold"
    case "mute": return "\(who) has muted its side of \(session)\(which)"
    case "unmute": return "\(who) is no longer muted in \(session)\(which)"
    case "ringing": return "\(who) is ringing for \(session); nobody has answered yet"
    case "received": return "\(who) has received the file of \(session)\(which)"
    case "checksum":
        let hash = (info.child("file") ?? info).children.lazy.compactMap { part -> String? in
            part.name == "hash" ? JingleContent.hash(part) : part.child("hash").flatMap(JingleContent.hash)
        }.first
        return "\(who) gives the checksum of the file of \(session)\(which)\(hash.map { ": \($0)" } ?? "")"
    case "transfer":
        return
            "\(who) asks \(exchange.whom) to go on with the call at \(info["to"]?.nonEmpty?.shown(limit: 100) ?? "an address that is missing") instead (\(session))"
    case "dtmf":
        return "\(who) presses the key \(info["code"]?.nonEmpty?.quoted(limit: 10) ?? "without a name") in \(session)"
    case "phone", "conference-info": return "\(who) tells \(exchange.whom) who takes part in \(session)"
    default:
        return
            "\(who) sends for \(session) the information <\(info.name.shown(limit: 40))/> of \(Say.title(info.namespace))"
    }
}

// MARK: Answers

private func tellReceived(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard let asked = exchange.asked, asked.name == "jingle", let number = exchange.number else { return nil }
    if let story = scene.stories.take(request: exchange.request) { scene.stories.goOn(story, exchange.packet) }
    let isPing = asked["action"] == "session-info" && asked.firstChild() == nil
    switch asked["action"] {
    case "session-initiate"?:
        return Telling("\(exchange.who) has received the offer of \(number); it has not accepted by that.")
    case "session-accept"?:
        return Telling("\(exchange.who) has received the acceptance of \(number): \(session(asked)) is on.")
    case "session-terminate"?: return Telling("\(exchange.who) has received that \(session(asked)) is over.")
    case "content-add"?, "transport-replace"?:
        return Telling("\(exchange.who) has received the wish of \(number); it has not agreed by that.")
    case "transport-info"?: return Telling("\(exchange.who) has received the news about transport of \(number).")
    case "session-info"? where isPing: return Telling("\(exchange.who) says that \(session(asked)) still lives.")
    default: return Telling("\(exchange.who) has received \(number), no more than that.")
    }
}

private func tellRefused(_ error: StanzaError, _ exchange: Exchange, _ scene: inout Scene) -> Telling {
    let asked = exchange.asked
    let action = asked?["action"] ?? ""
    let call = asked?["sid"].flatMap { scene.calls[$0] }
    if let story = scene.stories.take(request: exchange.request) {
        // Whom the offer did not reach, there is nothing to go on with.
        if action == "session-initiate", call?.end == nil {
            scene.stories.settle(story, .failed(error.cause), exchange.packet)
            if let call { scene.calls.change(call.id) { $0.end = exchange.packet.number } }
        } else {
            scene.stories.goOn(story, exchange.packet)
        }
    }
    guard let asked, asked.name == "jingle" else { return exchange.refused("what was asked about a session", error) }
    if error.special?.name == "unknown-session" {
        return Telling(
            "\(exchange.who) knows no session \(asked["sid"]?.shown(limit: 60) ?? "without an id") (\(error.name)).\(error.says)"
                .collapsingStops,
            error.findings
        )
    }
    let what: String
    switch action {
    case "session-initiate":
        what = "the offer of \(session(asked))"
        if error.known == .serviceUnavailable, exchange.speaker.role != .server {
            let why = "it does not know the caller, does not support Jingle, or is not online (\(error.name))"
            return exchange.refused(what, error, why: why)
        }
    case "session-accept": what = "the acceptance of \(session(asked))"
    case "session-terminate": what = "the end of \(session(asked))"
    case "": what = "the request about \(session(asked))"
    default: what = "the \(action.shown(limit: 40)) for \(session(asked))"
    }
    return exchange.refused(what, error)
}

extension FindingCode {
    static let sessionOver = note(
        "jingle.session.over",
        "XEP-0166 section 6.7",
        "Somebody speaks about a session that was ended before. The other side answers that it knows no such session."
    )
    static let jingleAttribute = warning(
        "jingle.attribute.missing",
        "XEP-0166 section 7.1",
        "A <jingle/> must say which session it is about and what it does there. Without that the other side must refuse it."
    )
    static let srtpKeyShown = note(
        "jingle.media.key",
        "XEP-0167 section 7",
        "The keys of the media are sent within the packet (SDES). Whoever runs a server on the way can decrypt the call; DTLS-SRTP (XEP-0320) does not have that weakness."
    )
}
