import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Stream management (XEP-0198): acknowledgements and resumption.
    static let streamManagement: ProtocolEntry = {
        let both = [NS.streamManagement3, NS.streamManagement2]
        var entry = ProtocolEntry("XEP-0198", "stream management", both)
        entry.codes = [
            .handledTooMuch, .handledFell, .handledMissing, .managementTwice, .resumeAfterBind, .resumeElsewhere,
        ]
        // Whoever has the id of a session can take it over.
        entry.secrets = both.flatMap { [.attribute("previd", of: nil, $0), .attribute("id", of: "enabled", $0)] }
        entry.volatile = both.flatMap {
            [.attribute("previd", of: nil, $0), .attribute("id", of: nil, $0), .attribute("location", of: nil, $0)]
        }
        entry.conditions = ["handled-count-too-high": "more stanzas were acknowledged than were sent"]
        entry.feature = { feature in
            guard feature.name == "sm" else { return nil }
            return .clause(
                feature.namespace == NS.streamManagement3
                    ? "stream management (XEP-0198)" : "stream management in its older version 2 (XEP-0198)"
            )
        }
        entry.teller = { StreamManagementTeller() }
        entry.isReferee = true
        return entry
    }()
}

/// Follows both counters as stanzatap sees them. It counts what passes, so it is a referee.
struct StreamManagementTeller: Teller {
    /// What was counted in one direction since stream management was turned on there.
    private struct Count {
        var sent: UInt32 = 0
        /// The numbers of the packets that are not acknowledged yet, the latest ones.
        var outstanding: [Int] = []
        /// What was acknowledged last, and by which packet.
        var acknowledged: (h: UInt32, packet: Int)?
    }

    private var counts: [Direction: Count] = [:]
    /// The packets that turned it on and asked to resume.
    private var enabled: Int?
    private var asked: Int?
    private var resumption: Int?

    private static let kept = 512

    // MARK: Counting

    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding] {
        guard let element = packet.element else { return [] }
        // Where nothing is counted, only a login that turns it on matters.
        if counts.isEmpty, element.namespace != NS.sasl2 { return [] }
        if ["iq", "message", "presence"].contains(element.name), NS.stanzas.contains(element.namespace) {
            count(packet)
        } else if element.is("success", NS.sasl2),
            element.child("bound", NS.bind2)?.child("enabled", NS.streamManagement3) != nil
        {
            // A login by SASL2 may turn it on in the same step (XEP-0386, XEP-0198 section 8).
            counts = [.clientToServer: Count(), .serverToClient: Count()]
            enabled = packet.number
        }
        return []
    }

    private mutating func count(_ packet: Packet) {
        guard counts[packet.direction] != nil else { return }
        counts[packet.direction]?.sent &+= 1
        counts[packet.direction]?.outstanding.append(packet.number)
        if (counts[packet.direction]?.outstanding.count ?? 0) > 2 * Self.kept {
            counts[packet.direction]?.outstanding.removeFirst(Self.kept)
        }
    }

    // MARK: Telling

    mutating func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? {
        guard place == .nonza else { return nil }
        let sender = scene.sender(of: packet)
        switch (element.name, packet.direction) {
        case ("enable", .clientToServer): return enable(element, packet)
        case ("enabled", .serverToClient): return enabled(element, packet, scene)
        case ("r", _): return Telling("\(sender.start) asks how many stanzas have arrived.")
        case ("a", _): return acknowledged(element, sender, packet)
        case ("resume", .clientToServer): return resume(element, packet, &scene)
        case ("resumed", .serverToClient): return resumed(element, packet, &scene)
        case ("failed", .serverToClient): return failed(element, packet, &scene)
        default: return nil
        }
    }

    private mutating func enable(_ element: Element, _ packet: Packet) -> Telling {
        var findings: [Finding] = []
        if let enabled {
            findings.append(
                Finding(
                    .managementTwice,
                    "it is on since \(padded(enabled)) already; turning it on twice is an error (XEP-0198 section 3)."
                )
            )
        } else {
            counts[.clientToServer] = Count()
        }
        asked = packet.number
        let resume = ["true", "1"].contains(element["resume"]) ? ", so that a broken connection can be resumed" : ""
        return Telling("The client asks to turn on stream management\(resume) (XEP-0198).", findings)
    }

    private mutating func enabled(_ element: Element, _ packet: Packet, _ scene: Scene) -> Telling {
        counts[.serverToClient] = Count()
        if counts[.clientToServer] == nil, !scene.beginsInMiddle { counts[.clientToServer] = Count() }
        enabled = packet.number
        let canResume = element["id"] != nil && ["true", "1"].contains(element["resume"])
        var resume = canResume ? " and lets the client resume after a break" : ""
        if let seconds = element["max"].flatMap({ Int($0) }), canResume { resume += ", within \(seconds) s" }
        return Telling("The server turns on stream management\(resume).", resumeFindings(element["location"]))
    }

    private func resumeFindings(_ location: String?) -> [Finding] {
        guard let location else { return [] }
        return [Finding(.resumeElsewhere, "the client shall resume at \(location.quoted()), past stanzatap.")]
    }

    private func shownCount(_ element: Element) -> String {
        guard let h = element["h"] else { return "an unnamed number of stanzas" }
        return h == "1" ? "1 stanza" : "\(h.shown(limit: 20)) stanzas"
    }

    private mutating func acknowledged(_ element: Element, _ sender: Party, _ packet: Packet) -> Telling {
        let other = packet.direction.opposite
        guard let h = element["h"].flatMap({ UInt32($0) }) else {
            let what = element["h"] == nil ? "there is no h=" : "h= is no number"
            return Telling(
                "\(sender.start) acknowledges without saying how many stanzas it has received.",
                [Finding(.handledMissing, "\(what), which must tell how many were received (XEP-0198 section 4).")]
            )
        }
        var telling = Telling("\(sender.start) has received \(shownCount(element)).")
        guard let count = counts[other] else { return telling }
        if h > count.sent, h - count.sent < UInt32.max / 2 {
            // What was not read may have been sent.
            guard packet.otherDirectionIsReadable, !packet.beginsInMiddle else { return telling }
            let sent =
                switch count.sent {
                case 0: "none was sent"
                case 1: "only 1 was sent"
                default: "only \(count.sent) were sent"
                }
            telling.findings.append(
                Finding(
                    .handledTooMuch,
                    "it acknowledges \(shownCount(element)), but \(sent) since stream management began."
                )
            )
        } else if let last = count.acknowledged, h < last.h, last.h - h < UInt32.max / 2 {
            telling.findings.append(
                Finding(
                    .handledFell,
                    "it acknowledged \(last.h) in \(padded(last.packet)) already; the count never goes back (XEP-0198 section 4)."
                )
            )
        } else {
            telling.text += outstanding(h, count)
            counts[other]?.outstanding.removeFirst(max(0, count.outstanding.count - Int(count.sent &- h)))
        }
        counts[other]?.acknowledged = (h, packet.number)
        return telling
    }

    private func outstanding(_ h: UInt32, _ count: Count) -> String {
        let open = count.outstanding.suffix(Int(min(count.sent &- h, UInt32(Self.kept))))
        if open.isEmpty { return "" }
        let numbers = open.prefix(4).map(padded)
        let more = open.count > 4 ? " and others" : ""
        return " Not acknowledged yet: \(more.isEmpty ? numbers.listed() : numbers.joined(separator: ", ") + more)."
    }

    // MARK: Resuming

    private mutating func resume(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        resumption = scene.stories.begin(.resumption, "", packet)
        var findings: [Finding] = []
        if scene.account.boundJID != nil {
            findings.append(
                Finding(
                    .resumeAfterBind,
                    "the client has bound a resource already; it must resume in the place of binding (XEP-0198 section 5)."
                )
            )
        }
        if element["h"] == nil {
            findings.append(
                Finding(.handledMissing, "there is no h=, which must tell how many were received (XEP-0198 section 5).")
            )
        }
        let had = element["h"] == nil ? "" : ", having received \(shownCount(element)) of it"
        return Telling("The client asks to resume an earlier session\(had).", findings)
    }

    private mutating func resumed(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        // What was counted before is in another recording.
        counts = [:]
        enabled = packet.number
        scene.account.isResumed = true
        if let resumption { scene.stories.settle(resumption, .succeeded, packet) }
        resumption = nil
        let had = element["h"] == nil ? "" : "; it had received \(shownCount(element)) of it"
        let missing =
            element["h"] == nil
            ? [Finding(.handledMissing, "there is no h=, which must tell how many were received (XEP-0198 section 5).")]
            : []
        return Telling("The server resumes the earlier session\(had).", missing)
    }

    private mutating func failed(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        let inner = element.child("error", element.namespace) ?? element
        let condition =
            inner.children.first { $0.namespace == NS.stanzaErrors && $0.name != "text" } ?? inner.children.first
        let known = condition.flatMap { StanzaErrorCondition(rawValue: $0.name) }
        let name = condition.map { " (\($0.name.shown(limit: 60)))" } ?? ""
        let text = inner.child("text")?.text.trimmed ?? ""
        let says = text.isEmpty ? "" : " It says: \(text.quoted())."
        guard let story = resumption else {
            let why = enabled != nil && asked ?? 0 > enabled ?? 0 ? "it is on already" : reason(known, scene)
            if enabled == nil { counts = [:] }
            // What it answers may have been asked before the recording.
            let what = asked == nil ? "stream management, or to resume a session" : "stream management"
            return Telling("The server refuses \(what): \(why)\(name).\(says)".collapsingStops)
        }
        resumption = nil
        let why = resumptionReason(known, scene)
        scene.stories.settle(story, .failed(Cause(why: "\(why)\(name)", remedy: "")), packet)
        let handled = element["h"] == nil ? "" : " Of what the client sent then, \(shownCount(element)) had arrived."
        let next = scene.account.boundJID == nil ? " The client has to bind a resource anew." : ""
        return Telling(
            "The server does not resume the earlier session: \(why)\(name).\(handled)\(next)\(says)".collapsingStops
        )
    }

    private func reason(_ condition: StanzaErrorCondition?, _ scene: Scene) -> String {
        guard let condition else { return "it gives no reason that is known" }
        if condition != .unexpectedRequest { return condition.meaning }
        return scene.account.boundJID == nil
            ? "it was asked at the wrong time, for example before a resource was bound"
            : "it was asked at the wrong time"
    }

    private func resumptionReason(_ condition: StanzaErrorCondition?, _ scene: Scene) -> String {
        guard let condition else { return "it gives no reason that is known" }
        switch condition {
        case .itemNotFound: return "the session is over or unknown"
        case .unexpectedRequest:
            return scene.account.boundJID != nil
                ? "the client asked after it had bound a resource" : "it was asked at the wrong time"
        case .badRequest, .conflict, .featureNotImplemented, .forbidden, .gone, .internalServerError, .jidMalformed,
            .notAcceptable, .notAllowed, .notAuthorized, .paymentRequired, .policyViolation, .recipientUnavailable,
            .redirect,
            .registrationRequired, .remoteServerNotFound, .remoteServerTimeout, .resourceConstraint,
            .serviceUnavailable,
            .subscriptionRequired, .undefinedCondition:
            return condition.meaning
        }
    }
}

extension FindingCode {
    static let handledTooMuch = warning(
        "sm.handled.too-high",
        "XEP-0198 section 4",
        "More stanzas are acknowledged than were sent. The other side must end the stream; one of the two counts what does not count, such as nonzas."
    )
    static let handledFell = warning(
        "sm.handled.fell",
        "XEP-0198 section 4",
        "The number of acknowledged stanzas went down, which it never may within a session."
    )
    static let handledMissing = warning(
        "sm.handled.missing",
        "XEP-0198 section 4",
        "An acknowledgement must tell in h= how many stanzas were received."
    )
    static let managementTwice = warning(
        "sm.enabled.twice",
        "XEP-0198 section 3",
        "Stream management was turned on although it is on; the server must refuse with unexpected-request."
    )
    static let resumeAfterBind = warning(
        "sm.resume.after-bind",
        "XEP-0198 section 5",
        "A session is resumed in the place of binding a resource; behind it the server refuses."
    )
    static let resumeElsewhere = note(
        "sm.resume.elsewhere",
        "XEP-0198 section 3",
        "The server names another address for resuming. What is said there does not go through stanzatap."
    )
}
