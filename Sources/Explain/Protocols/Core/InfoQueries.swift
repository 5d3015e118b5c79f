import Session
import XMLStream
import XMPP

/// Requests and answers in general words (RFC 6120 section 8.2.3): for protocols that nobody else tells.

/// A request: who asks whom, and what about.
func tellRequest(_ iq: Element, _ payload: Element?, _ packet: Packet, _ scene: Scene) -> Telling {
    let speaker = scene.speaker(of: iq, in: packet).start
    let addressee = scene.addressee(of: iq, in: packet).name
    guard let payload else { return Telling("\(speaker) sends \(addressee) a request without content.") }
    let own = ownTopic(payload)
    if iq["type"] == "get" {
        return Telling("\(speaker) asks \(addressee) for \(own ?? elementOfProtocol(payload, withParts: true)).")
    }
    if let own {
        return Telling("\(speaker) sends \(addressee) a request about \(own): \(element(payload, withParts: true)).")
    }
    return Telling("\(speaker) sends \(addressee) the request \(elementOfProtocol(payload, withParts: true)).")
}

/// An answer in general words.
func tellAnswer(_ iq: Element, _ payload: Element?, _ packet: Packet, _ scene: Scene) -> Telling {
    let speaker = scene.speaker(of: iq, in: packet)
    let asked = packet.answers?.element
    switch iq["type"] {
    case "result":
        guard let asked else { return answerToUnknown(speaker, payload) }
        if let payload { return Telling("\(speaker.start) answers with \(topic(payload)).") }
        let request = request(about: asked.firstChild())
        return Telling(
            asked["type"] == "set"
                ? "\(speaker.start) acknowledges \(request): there was no error."
                : "\(speaker.start) answers \(request) without content."
        )
    case "error":
        guard let error = StanzaError(of: iq) else { return tellMissingError(speaker) }
        let subject = asked?.firstChild() ?? payload
        // The error bears the address that was asked, but a server on the way made it (RFC 6120 section 8.3.1).
        let isLost = packet.direction == .serverToClient && speaker.role != .server && error.isOfDelivery
        let start =
            isLost
            ? "\(capitalized(request(about: subject))) could not be delivered to \(speaker.name)"
            : "\(speaker.start) refuses\(subject == nil ? "" : " " + request(about: subject))"
        return Telling("\(start): \(error.told).\(error.says)".collapsingStops, error.findings)
    default:
        let type = iq["type"].map { "of the type \($0.quoted(limit: 40))" } ?? "without a type"
        let content = payload.map { ", with \(topic($0))" } ?? ""
        return Telling(
            "\(speaker.start) sends an iq \(type)\(content).",
            [Finding(.iqType, "an iq must be of type get, set, result or error (RFC 6120 section 8.2.3).")]
        )
    }
}

/// A request by its payload, for the middle of a sentence.
private func request(about payload: Element?) -> String {
    guard let payload else { return "the request" }
    return ownTopic(payload).map { "the request about \($0)" } ?? "the request \(topic(payload))"
}

private func answerToUnknown(_ speaker: Party, _ payload: Element?) -> Telling {
    let content = payload.map { "with \(topic($0))" } ?? "without content"
    return Telling("\(speaker.start) sends an answer \(content), to a request that is not in the recording.")
}

/// An error answer that says nothing at all.
func tellMissingError(_ speaker: Party) -> Telling {
    Telling("\(speaker.start) refuses without giving any reason.", [StanzaError.missingFinding])
}

/// An answer that bears the id of a request which went to somebody else.
func tellForeignAnswer(_ iq: Element, _ payload: Element?, _ packet: Packet, _ scene: Scene) -> Telling {
    let speaker = scene.speaker(of: iq, in: packet)
    guard let request = packet.claims else { return tellAnswer(iq, payload, packet, scene) }
    let asked = scene.party(of: packet.direction == .serverToClient ? request.element["to"] : request.element["from"])
    let content = payload.map { ", with \(topic($0))" } ?? ""
    let number = padded(request.number)
    return Telling(
        "\(speaker.start) sends an answer with the id of \(number)\(content).",
        [
            Finding(
                .answerFromElsewhere,
                "\(number) \(packet.direction == .serverToClient ? "went to" : "came from") \(asked.name), so this is no answer to it; who takes it for one can be fooled by anybody "
                    + "(RFC 6120 section 8.1.2.1)."
            )
        ]
    )
}

/// What a payload is, for the middle of a sentence: `a vCard (XEP-0054)`, `<query/> of Software Version (XEP-0092)`.
func topic(_ payload: Element) -> String { ownTopic(payload) ?? elementOfProtocol(payload, withParts: false) }

/// What its protocol calls the payload; nil if that has no words for it.
private func ownTopic(_ payload: Element) -> String? {
    ProtocolTable.row(of: payload.namespace).flatMap { ProtocolTable.entries[$0].topic?(payload) }
}

private func elementOfProtocol(_ payload: Element, withParts: Bool) -> String {
    let element = element(payload, withParts: withParts)
    if NS.stanzas.contains(payload.namespace) { return "\(element) without a namespace of its own" }
    if payload.namespace.isEmpty { return "\(element) without a namespace" }
    return "\(element) of \(protocolName(payload.namespace))"
}

/// The element by its name, and those in it, of many only the first ones.
private func element(_ payload: Element, withParts: Bool) -> String {
    let name = "<\(payload.name.shown(limit: 60))/>"
    let children = withParts ? payload.children : []
    if children.isEmpty { return name }
    let parts = children.prefix(children.count == 3 ? 3 : 2).map { "<\($0.name.shown(limit: 60))/>" }
    return "\(name) with \((children.count > 3 ? parts + ["others"] : parts).listed())"
}

/// The title of a payload's protocol, for the subject of a single request.
func title(of payload: Element?) -> String {
    guard let payload else { return "" }
    return ProtocolTable.title(of: payload.namespace) ?? ProtocolRegistry.lookUp(payload.namespace)?.title
        ?? payload.name.shown(limit: 60)
}

/// What is odd about the form of any iq.
func iqFindings(_ iq: Element, _ payload: Element?, _ packet: Packet, _ scene: Scene) -> [Finding] {
    var findings: [Finding] = []
    let isRequest = ["get", "set"].contains(iq["type"])
    if iq["id"]?.nonEmpty == nil {
        let why = isRequest ? "its answer cannot be told from others" : "nobody can know for certain what it answers"
        let what = iq["id"] == nil ? "the iq has no id" : "the id of the iq is empty"
        findings.append(Finding(.iqID, "\(what), so \(why) (RFC 6120 section 8.1.3)."))
    } else if let finding = unexpected(iq, packet, scene) {
        findings.append(finding)
    }
    if let first = packet.reuses {
        findings.append(
            Finding(
                .reusedID,
                "\(padded(first.number)), which is not answered yet, has the same id; which of the two an answer belongs to "
                    + "cannot be known (RFC 6120 section 8.1.3)."
            )
        )
    }
    guard isRequest else { return findings }
    if let payload { findings += pageFindings(payload) }
    if iq.childCount != 1 {
        findings.append(
            Finding(
                .iqContent,
                "an iq of type \(iq["type"] ?? "") has exactly one child (RFC 6120 section 8.2.3), this one has \(iq.childCount)."
            )
        )
    }
    if let payload, NS.stanzas.contains(payload.namespace) {
        findings.append(
            Finding(
                .payloadNamespace,
                "<\(payload.name.shown(limit: 60))/> is in the namespace of the stream itself, \(payload.namespace): its own xmlns is "
                    + "missing, so nobody can know what it means (RFC 6120 section 8.4)."
            )
        )
    }
    return findings
}

/// An answer that no request awaits. In a resumed session it may be one to a request of the connection before.
private func unexpected(_ iq: Element, _ packet: Packet, _ scene: Scene) -> Finding? {
    let waiting = "no request with the id \((iq["id"] ?? "").quoted(limit: 60)) is waiting for an answer"
    if let number = packet.pairing.answersAgain {
        return Finding(.unexpectedAnswer, "\(waiting); \(padded(number)) was answered already.")
    }
    guard packet.isUnrequested, !scene.account.isResumed else { return nil }
    return Finding(.unaskedAnswer, waiting + ".")
}

/// How many entries a page shall have (XEP-0059).
private func pageFindings(_ payload: Element) -> [Finding] {
    guard let max = payload.child("set", MessageNS.resultSets)?.child("max")?.text.trimmed.nonEmpty, Int(max) == nil
    else { return [] }
    return [
        Finding(.pageSize, "<max/> is \(max.quoted(limit: 40)), but it must be a whole number (XEP-0059 section 8).")
    ]
}

extension FindingCode {
    static let pageSize = warning(
        "rsm.max",
        "XEP-0059 section 8",
        "How many entries a page shall have must be a whole number. Whoever is asked may refuse, or send as many as it likes."
    )
    static let iqType = warning(
        "iq.type",
        "RFC 6120 section 8.2.3",
        "An iq must have the type get, set, result or error; a server answers anything else with an error."
    )
    static let iqID = warning(
        "iq.id.missing",
        "RFC 6120 section 8.1.3",
        "Every iq must have an id. Without one its answer can only be guessed, and some servers refuse it."
    )
    static let unexpectedAnswer = warning(
        "iq.answer.unexpected",
        "RFC 6120 section 8.2.3",
        "A request was answered once more. The second answer is doubled or late, or somebody tries to slip it in; it must be passed over."
    )
    static let unaskedAnswer = warning(
        "iq.answer.unasked",
        "RFC 6120 section 8.2.3",
        "An answer bears an id that no request on this connection is known to have had. Its id was changed or made up, so the request that it belongs to stays unanswered, or somebody tries to slip something in. An answer must have the id of its request, letter by letter."
    )
    static let answerFromElsewhere = warning(
        "iq.answer.wrong-sender",
        "RFC 6120 section 8.1.2.1",
        "An answer bears the id of an open request but comes from somebody who was not asked. A client must compare the address too, or anybody who guesses ids can answer in the place of others."
    )
    static let reusedID = warning(
        "iq.id.reused",
        "RFC 6120 section 8.1.3",
        "A request bears the id of another one to the same address that is not answered yet. Their answers cannot be told apart."
    )
    static let iqContent = warning(
        "iq.content",
        "RFC 6120 section 8.2.3",
        "A request must have exactly one child element, which says what is asked."
    )
    static let payloadNamespace = warning(
        "iq.payload.namespace",
        "RFC 6120 section 8.4",
        "The child of an iq is in the namespace of the stream. Its xmlns was lost, often by a library that builds elements without one."
    )

    static let infoQueries: [FindingCode] = [
        pageSize, iqType, iqID, unexpectedAnswer, unaskedAnswer, answerFromElsewhere, reusedID, iqContent,
        payloadNamespace,
    ]
}
