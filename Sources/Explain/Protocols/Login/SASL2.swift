import XMLStream
import XMPP

/// Sentences and findings about what travels with a login by SASL2.
struct InlineAccount {
    var sentences: [String] = []
    var findings: [Finding] = []
}

// MARK: What the server offers

/// The feature of SASL2, as a clause.
func toldAuthenticationFeature(_ feature: Element) -> String {
    let inline = inlineFeatures(feature)
    let upgrades = SASLUpgrade.names(in: feature)
    return "logging in by SASL2 with \(listedMechanisms(feature))"
        + (inline.isEmpty ? "" : ", and in the same step \(inline.listed())")
        + (upgrades.isEmpty ? "" : ", and storing the password also for \(upgrades.listed("or")) (XEP-0480)")
}

/// What can be asked for in the same step as the login, clauses (XEP-0388 section 3.1).
private func inlineFeatures(_ authentication: Element) -> [String] {
    (authentication.child("inline", NS.sasl2)?.children ?? []).prefix(20).map { feature in
        switch (feature.namespace, feature.name) {
        case (NS.bind2, "bind"), (NS.olderBind2, "bind"):
            let parts = feature.child("inline")?.children ?? feature.children
            let names = parts.prefix(20).compactMap { $0["var"] }
            return "binding a resource" + (names.isEmpty ? "" : " (with \(names.map(inlineName).listed()))")
        case (NS.streamManagement3, "sm"), (NS.streamManagement3, "resume"): return "resuming a session"
        case (NS.fast, "fast"):
            let names = feature.children.prefix(20).filter { $0.name == "mechanism" }.map { $0.text.shown(limit: 40) }
            return "FAST (XEP-0484) with \(names.isEmpty ? "no mechanism" : names.listed("or"))"
        default: return inlineName(feature.namespace)
        }
    }
}

private func inlineName(_ namespace: String) -> String {
    switch namespace {
    case NS.streamManagement3: "stream management (XEP-0198)"
    case NS.clientState: "client state indication (XEP-0352)"
    default: protocolName(namespace)
    }
}

// MARK: What the client asks for

/// The parts of `<authenticate/>` beside the mechanism's data.
func tellInlineRequests(_ authenticate: Element) -> InlineAccount {
    var account = InlineAccount()
    for request in authenticate.children.prefix(30) {
        switch (request.namespace, request.name) {
        case (NS.sasl2, "initial-response"): continue
        case (NS.sasl2, "user-agent"): tellUserAgent(request, &account)
        case (NS.bind2, "bind"), (NS.olderBind2, "bind"): account.sentences.append(boundRequest(request))
        case (SASLUpgrade.namespace, "upgrade"): continue
        case (InstantResumption.namespace, "inst-resume"):
            account.sentences.append(
                "It asks to resume an earlier session at once, in the place of a whole login (XEP-0397)."
            )
        case (NS.streamManagement3, "resume"):
            let handled =
                request["h"] == nil ? "" : ", having received \(StreamManagementTeller.shownCount(request)) of it"
            account.sentences.append("It asks to resume an earlier session in the same step\(handled).")
        case (NS.fast, "request-token"):
            let mechanism = request["mechanism"]?.shown(limit: 40) ?? "an unnamed mechanism"
            account.sentences.append(
                "It asks for a token with which it can log in by \(mechanism) next time (FAST, XEP-0484)."
            )
        case (NS.fast, "fast"): tellFast(request, &account)
        default:
            account.sentences.append(
                "In the same step it sends <\(request.name.shown(limit: 60))/>: \(protocolName(request.namespace))."
            )
        }
    }
    let upgrades = SASLUpgrade.names(in: authenticate)
    if !upgrades.isEmpty {
        account.sentences.append(
            "It offers to have its password stored also for \(upgrades.listed("and")), which is done by tasks of its own (XEP-0480)."
        )
    }
    return account
}

private func tellUserAgent(_ agent: Element, _ account: inout InlineAccount) {
    let software = agent.child("software")?.text
    let device = agent.child("device")?.text
    var sentence =
        software.map { "The client calls itself \($0.quoted(limit: 60))" } ?? "The client does not name its software"
    if let device { sentence += " on \(device.quoted(limit: 60))" }
    guard let id = agent["id"] else {
        account.sentences.append(sentence + ".")
        return
    }
    account.sentences.append(sentence + ", installation \(id.shown(limit: 40)).")
    if !isRandomUUID(id) {
        account.findings.append(
            Finding(
                .userAgentID,
                "the id of the user agent must be a random UUID, of version 4 (XEP-0388 section 2.3)."
            )
        )
    }
}

private func isRandomUUID(_ text: String) -> Bool {
    let groups = text.prefix(40).split(separator: "-", omittingEmptySubsequences: false)
    return groups.map(\.utf8.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(\.isHexDigit) }
        && groups[2].first == "4"
}

private func boundRequest(_ bind: Element) -> String {
    let tag = bind.child("tag", bind.namespace).map { ", with the tag \($0.text.quoted(limit: 60))" } ?? ""
    let others = bind.children.prefix(20).filter { $0.namespace != bind.namespace }.map { request in
        switch (request.namespace, request.name) {
        case (NS.streamManagement3, "enable"):
            ["true", "1"].contains(request["resume"]) ? "stream management with resumption" : "stream management"
        case (NS.clientState, "active"): "that somebody is looking at the client"
        case (NS.clientState, "inactive"): "that nobody is looking at the client"
        default: protocolName(request.namespace)
        }
    }
    let also = others.isEmpty ? "" : "; with it \(others.count == 1 ? "goes" : "go") \(others.listed())"
    return "In the same step it binds a resource (Bind 2, XEP-0386)\(tag)\(also)."
}

private func tellFast(_ fast: Element, _ account: inout InlineAccount) {
    if let count = fast["count"] {
        account.sentences.append("It is use \(count.shown(limit: 20)) of the token.")
    } else {
        account.sentences.append("It logs in by FAST.")
    }
    if ["true", "1"].contains(fast["invalidate"]) {
        account.sentences.append("The server shall forget the token afterwards.")
    }
    if ["true", "1"].contains(fast["tls-0rtt"]) {
        account.sentences.append("It was sent with the first data of TLS (0-RTT).")
    }
}

// MARK: What the server answers

/// The parts of `<success/>` beside the mechanism's data.
func tellInlineAnswers(_ success: Element, _ scene: Scene) -> InlineAccount {
    var account = InlineAccount()
    for answer in success.children.prefix(30) {
        switch (answer.namespace, answer.name) {
        case (NS.sasl2, "additional-data"): continue
        // The examples of XEP-0484 have another name for it.
        case (NS.sasl2, "authorization-identifier"), (NS.sasl2, "authorization-identity"): continue
        case (NS.bind2, "bound"), (NS.olderBind2, "bound"): tellBound(answer, &account)
        case (InstantResumption.namespace, "inst-resumed"):
            account.sentences.append(
                "The earlier session is resumed at once, and a new token for the next time comes with it (XEP-0397)."
            )
        case (InstantResumption.namespace, "inst-resume-failed"):
            account.sentences.append("The earlier session cannot be resumed at once (XEP-0397).")
        case (NS.streamManagement3, "resumed"):
            let handled =
                answer["h"] == nil ? "" : "; it had received \(StreamManagementTeller.shownCount(answer)) of it"
            account.sentences.append("The earlier session is resumed\(handled).\(scene.lostBeforeResumption)")
        case (NS.streamManagement3, "failed"):
            let reason =
                answer.children.first.map {
                    StanzaErrorCondition(rawValue: $0.name) == .itemNotFound
                        ? "it is over or unknown (item-not-found)" : $0.name.shown(limit: 60)
                } ?? "no reason is given"
            account.sentences.append("The earlier session cannot be resumed: \(reason).\(scene.lostBeforeResumption)")
        case (NS.fast, "token"):
            let expiry = answer["expiry"].map { ", valid until \(Say.time($0))" } ?? ""
            account.sentences.append("It gives the client a token for its next login (FAST, XEP-0484)\(expiry).")
            if !scene.encryption.isEncrypted {
                account.findings.append(Finding(.tokenInClear, "the token crosses the network unencrypted."))
            }
        default:
            account.sentences.append(
                "With it comes <\(answer.name.shown(limit: 60))/>: \(protocolName(answer.namespace))."
            )
        }
    }
    return account
}

private func tellBound(_ bound: Element, _ account: inout InlineAccount) {
    let parts = bound.children.prefix(20).map { part in
        switch (part.namespace, part.name) {
        case (NS.streamManagement3, "enabled"):
            return part["id"] != nil && ["true", "1"].contains(part["resume"])
                ? "stream management is on and can resume" : "stream management is on"
        case (NS.streamManagement3, "failed"):
            return "stream management is refused (\(part.children.first?.name.shown(limit: 60) ?? "no reason given"))"
        case (_, "latest-id"): return "the newest message in the archive is \(part.text.trimmed.shown(limit: 40))"
        case (_, "metadata") where part.namespace.hasPrefix("urn:xmpp:mam:"):
            return "it tells the extent of the archive"
        default: return "<\(part.name.shown(limit: 60))/> of \(protocolName(part.namespace))"
        }
    }
    account.sentences.append("A resource is bound\(parts.isEmpty ? "" : "; \(parts.listed())").")
    if let location = bound.child("enabled", NS.streamManagement3)?["location"] {
        account.findings.append(
            Finding(.resumeElsewhere, "the client shall resume at \(location.quoted()), past stanzatap.")
        )
    }
}

// MARK: Further steps

/// `<continue/>`: the login is right so far, but the server wants something more.
func tellContinue(_ element: Element) -> Telling {
    let tasks = (element.child("tasks", NS.sasl2)?.children ?? []).prefix(20).map { $0.text.quoted(limit: 60) }
    let text = element.child("text")?.text ?? ""
    let wanted =
        tasks.isEmpty
        ? "it names no task" : tasks.count == 1 ? "the task \(tasks[0])" : "one of the tasks \(tasks.listed("or"))"
    let says = text.isEmpty ? "" : " It says: \(text.quoted())."
    return Telling(
        "The server accepts the login so far, but wants another step before it is complete (XEP-0388): \(wanted).\(says)"
            .collapsingStops,
        tasks.isEmpty ? [Finding(.taskMissing, "without a task, the client cannot go on.")] : []
    )
}

/// `<next/>` and `<task-data/>`: a task of `<continue/>` is done.
func tellTask(_ element: Element, _ sender: Party) -> Telling {
    if let upgrade = SASLUpgrade.told(element) { return Telling("\(sender.start) \(upgrade).") }
    let content = element.children.prefix(10).map { protocolName($0.namespace) }
    let with = content.isEmpty ? "" : ", with data of \(content.listed())"
    if element.name == "next" {
        let task = element["task"]?.quoted(limit: 60) ?? "that it does not name"
        return Telling("\(sender.start) goes on with the task \(task)\(with).")
    }
    return Telling("\(sender.start) goes on with the task\(with.isEmpty ? ", without data" : with).")
}
