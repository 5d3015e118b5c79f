import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Taking messages back (XEP-0424), in its present and its older form.
    static let retraction: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0424", "Message Retraction", MessageNS.retraction)
        entry.codes = [.retractionForeign]
        entry.part = addRetraction
        return entry
    }()

    /// The older way to hang something on an earlier message (XEP-0422), which retractions and moderation used.
    static let fastening: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0422", "Message Fastening", [MessageNS.fastening])
        entry.part = addFastening
        entry.teller = { StatelessTeller(body: tellModeration) }
        return entry
    }()
}

private func addRetraction(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    switch element.name {
    case "retract":
        if let moderated = element.moderated { return parts.addModeration(moderated, in: element, scene) }
        parts.addRetraction(of: element["id"], &scene)
    case "retracted": parts.addTombstone(element, scene)
    default: parts.others.append(element)
    }
}

private func addFastening(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "apply-to" else {
        parts.others.append(element)
        return
    }
    if let moderated = element.moderated {
        parts.addModeration(moderated, in: element, scene)
    } else if element.firstChild(where: { MessageNS.retraction.contains($0.namespace) && $0.name == "retract" }) != nil
    {
        parts.addRetraction(of: element["id"], &scene)
    } else {
        let names = element.children.filter { $0.name != "external" }.prefix(2).map {
            "<\($0.name.shown(limit: 40))/> of \(protocolName($0.namespace))"
        }
        let what = names.isEmpty ? "something" : names.listed()
        let isCleared = element["clear"] == "true" || element["clear"] == "1"
        let (verb, to) = isCleared ? ("takes", "away from") : ("attaches", "to")
        parts.deeds.append(
            .init(rank: 6, verb: "\(verb) \(what) \(to) \(parts.meant(element["id"], scene))", reference: "XEP-0422")
        )
    }
}

extension Element {
    /// What says that a moderator did it (XEP-0425), in any of its versions.
    fileprivate var moderated: Element? {
        firstChild { MessageNS.moderation.contains($0.namespace) && $0.name == "moderated" }
    }
}

extension MessageParts {
    fileprivate mutating func addRetraction(of id: String?, _ scene: inout Scene) {
        isStopgap = true
        deeds.append(.init(rank: 1, verb: "takes back \(meantOwn(id, scene))", reference: "XEP-0424"))
        guard let foreign = foreign(id, scene) else { return }
        findings.append(
            Finding(
                .retractionForeign,
                "\(padded(foreign.packet)) was written by somebody else; only its author can take it back (XEP-0424 section 5)."
            )
        )
    }

    /// A room removes a message because a moderator wanted it.
    fileprivate mutating func addModeration(_ moderated: Element, in element: Element, _ scene: Scene) {
        isStopgap = true
        let by = moderated["by"] ?? ""
        let name =
            JID(by).resource.map { "The moderator \($0.quoted(limit: 60))" }
            ?? (by.isEmpty ? "A moderator" : "The moderator \(by.shown(limit: 100))")
        let reason = element.givenReason ?? moderated.givenReason ?? ""
        let room = message["from"].map { " from the room \(JID($0).bare.shown(limit: 100))" } ?? ""
        deeds.append(
            .init(
                rank: 1,
                verb: "removed \(meant(element["id"], scene))\(room)",
                tail: reason.isEmpty ? "" : ", for the reason \(reason.quoted(limit: 120))",
                subject: name,
                reference: "XEP-0425"
            )
        )
        guard packet.direction == .serverToClient, depth == 0, message["type"] == "groupchat",
            message["from"].map({ JID($0).resource }) != .some(nil)
        else { return }
        findings.append(
            Finding(
                .moderationSource,
                "it does not come from the room itself but from somebody in it, and must not be believed (XEP-0425 section 5)."
            )
        )
    }

    /// What an archive keeps in the place of a message that was taken back.
    fileprivate mutating func addTombstone(_ element: Element, _ scene: Scene) {
        let time = element["stamp"].map { ", at \(Say.time($0))" } ?? ""
        if let moderated = element.moderated {
            let by = moderated["by"].map { JID($0).resource?.quoted(limit: 60) ?? $0.shown(limit: 100) }
            let reason =
                (element.givenReason ?? moderated.givenReason).map { ", for the reason \($0.quoted(limit: 120))" } ?? ""
            whole =
                "A message of \(frame.lowercasedSubject) stood here; \(by.map { "the moderator \($0)" } ?? "a moderator") removed it\(time)\(reason)."
        } else {
            deeds.append(
                .init(
                    rank: 1,
                    verb: "has taken back the message that stood here",
                    tail: time,
                    subject: frame.subject,
                    reference: "XEP-0424"
                )
            )
        }
    }
}

extension MessageFrame {
    var lowercasedSubject: String {
        subject.hasPrefix("The ") ? "the " + subject.dropFirst(4) : subject == "Somebody" ? "somebody" : subject
    }
}

extension FindingCode {
    static let retractionForeign = warning(
        "message.retraction.foreign",
        "XEP-0424 section 5",
        "A message is taken back by somebody who did not write it. A client that accepts this lets others delete people's messages."
    )
}
