import Session
import XMLStream
import XMPP

/// Resuming a session on another connection (XEP-0198 section 5): what was lost, what is sent again, what arrives twice.
extension StreamManagementTeller {
    mutating func resume(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        let story = scene.stories.begin(.resumption, "", packet)
        let previd = element["previd"]
        resumption = Resumption(previd: previd, h: element["h"].flatMap { UInt32($0) }, story: story)
        var findings: [Finding] = []
        if scene.account.boundJID != nil {
            findings.append(
                Finding(
                    .resumeAfterBind,
                    "the client has bound a resource already; it must resume in the place of binding (XEP-0198 section 5)."
                )
            )
        }
        findings += Self.countFindings(element)
        let had = element["h"] == nil ? "" : ", having received \(Self.shownCount(element)) of it"
        return Telling("The client asks to resume \(named(previd))\(had).", findings)
    }

    mutating func resumed(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        let previd = resumption?.previd ?? element["previd"]
        let story = resumption?.story
        let (lost, findings) = goOn(element, packet, &scene)
        if let story { scene.stories.settle(story, .succeeded, packet) }
        let had = element["h"] == nil ? "" : "; it had received \(Self.shownCount(element)) of it"
        return Telling("The server resumes \(named(previd))\(had).\(lost)", findings)
    }

    private func named(_ previd: String?) -> String {
        previd?.nonEmpty.map { "the earlier session \($0.shown(limit: 40))" } ?? "an earlier session"
    }

    /// What is wrong with the form of `h=`.
    private static func countFindings(_ element: Element) -> [Finding] {
        guard let h = element["h"] else {
            return [
                Finding(.handledMissing, "there is no h=, which must tell how many were received (XEP-0198 section 5).")
            ]
        }
        return UInt32(h) == nil
            ? [
                Finding(
                    .handledMissing,
                    "h= is no number, which must tell how many were received (XEP-0198 section 5)."
                )
            ]
            : []
    }

    /// The session goes on here. Returns what did not arrive before, sentences; and what is odd.
    mutating func goOn(_ resumed: Element, _ packet: Packet, _ scene: inout Scene) -> (
        lost: String, findings: [Finding]
    ) {
        defer { resumption = nil }
        enabled = packet.number
        scene.account.isResumed = true
        var findings = Self.countFindings(resumed)
        guard let previd = resumption?.previd ?? resumed["previd"], let known = scene.memory.session(previd) else {
            // What was counted before is in another recording.
            session = nil
            return ("", findings)
        }
        session = known
        findings += ownerFindings(known, scene)
        scene.account.boundJID = scene.account.boundJID ?? known.address
        for (key, room) in known.rooms where scene.rooms[key] == nil { scene.rooms[key] = room }
        takeOver(known, &scene)
        let place = PacketPlace(connection: scene.connection, packet: packet.number)
        let handled: [(Direction, UInt32?)] = [
            (.clientToServer, resumed["h"].flatMap { UInt32($0) }), (.serverToClient, resumption?.h),
        ]
        var lost = ""
        for (direction, h) in handled {
            guard let h, let queue = known.queue(direction) else { continue }
            findings += countFindings(h, queue, direction, scene)
            lost += told(lost: queue.outstanding(behind: h), direction, scene)
            known.change(direction) { $0.resume(from: h, by: place) }
        }
        let isKnown = handled.allSatisfy { $0.1 != nil }
        return (lost.isEmpty && isKnown ? " Nothing was lost." : lost, findings)
    }

    /// Who is at both ends was said on the connection that broke.
    private func takeOver(_ known: ManagedSession, _ scene: inout Scene) {
        if known.connection != 0, let story = resumption?.story {
            scene.stories.change(story) { $0.story.subject = "of connection \(known.connection)" }
        }
        known.connection = scene.connection
        if let software = known.software {
            if scene.software.facts == nil { scene.software = software.client }
            if scene.serverSoftware.facts == nil { scene.serverSoftware = software.server }
        }
    }

    private func told(lost open: ArraySlice<SentStanza>, _ direction: Direction, _ scene: Scene) -> String {
        if open.isEmpty { return "" }
        let sender = scene.carrier(direction.sender).name
        let which = open.map(\.place).told(from: scene.connection)
        return open.count == 1
            ? " 1 stanza of \(sender) had not arrived, which it has to send again: \(which)."
            : " \(open.count) stanzas of \(sender) had not arrived, which it has to send again: \(which)."
    }

    /// Whose session it is must be whose login it is.
    private func ownerFindings(_ session: ManagedSession, _ scene: Scene) -> [Finding] {
        guard let owner = session.account, let now = scene.account.user.map({ _ in scene.bareJID ?? "" }),
            !now.isEmpty, owner.addressKey != now.addressKey
        else { return [] }
        return [
            Finding(
                .resumeOther,
                "the session belongs to \(owner.shown(limit: 100)), but the login is that of \(now.shown(limit: 100)) (XEP-0198 section 10)."
            )
        ]
    }

    private func countFindings(_ h: UInt32, _ queue: StanzaQueue, _ direction: Direction, _ scene: Scene) -> [Finding] {
        let who = scene.carrier(direction.receiver).name
        if queue.isTooHigh(h) {
            return [
                Finding(
                    .handledTooMuch,
                    "\(who) says that it had received \(h), but \(queue.sent == 1 ? "only 1 was" : "only \(queue.sent) were") sent on the connections of this recording (XEP-0198 section 5)."
                )
            ]
        }
        guard queue.falls(h), let last = queue.acknowledged else { return [] }
        return [
            Finding(
                .handledFell,
                "\(who) acknowledged \(last.h) in \(last.place.told(from: scene.connection)) already; the count never goes back, so \(counted(Int(last.h &- h), "stanza")) may arrive twice (XEP-0198 section 5)."
            )
        ]
    }

    // MARK: Refused

    mutating func refusedResumption(
        _ failure: ManagementFailure,
        _ element: Element,
        _ packet: Packet,
        _ scene: inout Scene
    ) -> Telling {
        let previd = resumption?.previd
        let why = failure.resumptionReason(scene)
        if let story = resumption?.story {
            scene.stories.settle(story, .failed(Cause(why: "\(why)\(failure.name)", remedy: "")), packet)
        }
        let lost = leaveFormer(element, scene)
        let handled =
            element["h"] == nil ? "" : " Of what the client sent then, \(Self.shownCount(element)) had arrived."
        let next = scene.account.boundJID == nil ? " The client has to bind a resource anew." : ""
        return Telling(
            "The server does not resume \(named(previd)): \(why)\(failure.name).\(handled)\(lost)\(next)\(failure.says)"
                .collapsingStops
        )
    }

    /// The server said `<failed/>`, alone or in a login. Returns what of the client's is known to be lost, sentences behind others.
    mutating func leaveFormer(_ failed: Element, _ scene: Scene) -> String {
        defer { resumption = nil }
        guard let known = resumption?.previd.flatMap({ scene.memory.session($0) }) else { return "" }
        former = known
        return leave(known, failed["h"].flatMap { UInt32($0) }, scene)
    }

    /// The session is over. What is known to have arrived must not be sent again.
    private func leave(_ session: ManagedSession, _ h: UInt32?, _ scene: Scene) -> String {
        guard let queue = session.queue(.clientToServer), let handled = h ?? queue.acknowledged?.h else { return "" }
        let open = queue.outstanding(behind: handled)
        session.change(.clientToServer) { $0.note(arrivedBefore: handled) }
        guard !open.isEmpty else { return "" }
        let which = open.map(\.place).told(from: scene.connection)
        return h == nil ? " Whether \(which) arrived is not known." : " \(capitalized(which)) did not."
    }

    // MARK: Sent again

    /// What is odd, or worth to know, about a stanza that was sent before the connection broke.
    func sentAgain(_ stanza: SentStanza, _ direction: Direction, _ scene: Scene) -> [Finding] {
        if let again = session?.takeLost(stanza, direction) {
            return [Finding(.sentAgain, "it is \(again.told(from: scene.connection)) again, which had not arrived.")]
        }
        guard stanza.isUnique else { return [] }
        let former = direction == .clientToServer ? former : nil
        guard let twice = session?.arrived(stanza, direction) ?? former?.arrived(stanza, direction) else { return [] }
        return [
            Finding(
                .sentTwice,
                "it is \(twice.told(from: scene.connection)) again, which \(scene.carrier(direction.receiver).name) has acknowledged, so it is delivered twice (XEP-0198 section 5)."
            )
        ]
    }
}

/// `<failed/>`: the condition and the text.
struct ManagementFailure {
    let condition: StanzaErrorCondition?
    /// ` (item-not-found)`, or nothing.
    let name: String
    /// What the server says of it, a sentence behind others; or nothing.
    let says: String

    init(_ element: Element) {
        // Some servers wrap it.
        let inner = element.child("error", element.namespace) ?? element
        let named =
            inner.children.first { $0.namespace == NS.stanzaErrors && $0.name != "text" } ?? inner.children.first
        condition = named.flatMap { StanzaErrorCondition(rawValue: $0.name) }
        name = named.map { " (\($0.name.shown(limit: 60)))" } ?? ""
        let text = inner.child("text")?.text.trimmed ?? ""
        says = text.isEmpty ? "" : " It says: \(text.quoted())."
    }

    func reason(_ scene: Scene) -> String {
        guard let condition else { return "it gives no reason that is known" }
        if condition != .unexpectedRequest { return condition.meaning }
        return scene.account.boundJID == nil
            ? "it was asked at the wrong time, for example before a resource was bound"
            : "it was asked at the wrong time"
    }

    func resumptionReason(_ scene: Scene) -> String {
        guard let condition else { return "it gives no reason that is known" }
        if condition == .itemNotFound { return "the session is over or unknown" }
        if condition == .unexpectedRequest {
            return scene.account.boundJID != nil
                ? "the client asked after it had bound a resource" : "it was asked at the wrong time"
        }
        return condition.meaning
    }
}

extension FindingCode {
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
    static let resumeOther = warning(
        "sm.resume.other-account",
        "XEP-0198 section 10",
        "A session is resumed by another account than the one that began it. The server must refuse that."
    )
    static let sentAgain = note(
        "sm.sent-again",
        "XEP-0198 section 5",
        "The stanza was sent on the connection that broke, and had not arrived; after resuming it is sent again, as it must be."
    )
    static let sentTwice = warning(
        "sm.sent-twice",
        "XEP-0198 section 5",
        "The stanza is sent again although the other side has acknowledged it, so it is delivered twice. Whoever sends again must leave out what h= of <resumed/>, <failed/> or the last <a/> counts."
    )
}
