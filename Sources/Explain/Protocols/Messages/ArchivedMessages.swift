import Session
import XMLStream
import XMPP

/// A message out of an archive, or the end of a page in the oldest versions (XEP-0313).
func addArchived(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    switch element.name {
    case "result": addResult(element, &parts, &scene)
    case "fin":
        let isComplete = ["true", "1"].contains(element["complete"])
        parts.deeds.append(
            .init(
                rank: 0,
                verb: "ends its answer out of the archive\(isComplete ? "; there is no more" : "")",
                subject: parts.frame.subject,
                reference: "XEP-0313"
            )
        )
    case "archived":
        guard let id = element["id"], !id.isEmpty else { return }
        parts.remarks.append("Its id in the archive is \(id.shown(limit: 60)).")
    default: parts.others.append(element)
    }
}

private func addResult(_ result: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    let address = parts.packet.direction == .serverToClient ? parts.message["from"] : parts.message["to"]
    let key = scene.archiveKey(address)
    let query = scene.archives.count(result["queryid"], from: key)
    let isForged = query == nil && isForged(key, parts, scene)
    let forwarded = result.child("forwarded", MessageNS.forward)
    let time = forwarded?.child("delay", NS.delay)?["stamp"].map { ", of \(Say.time($0))" } ?? ""
    let archiveID = isForged ? nil : result["id"] ?? ""
    let told: String
    if let inner = forwarded?.forwardedMessage, parts.depth < 2 {
        told = scene.tellCopy(inner, delay: nil, archiveID, &parts)
    } else {
        told = "something that is no message."
    }
    let reference = scene.cite("XEP-0313")
    if isForged {
        parts.whole =
            "\(parts.frame.subject) sends what looks like a message out of an archive\(time)\(reference): \(told.asClause)"
        parts.findings.append(
            Finding(
                .archiveForged,
                "it comes from an archive that was not asked on this connection, so the client must ignore it: anybody can invent such a message (XEP-0313 section 8.2)."
            )
        )
        return
    }
    let name = scene.archiveName(address, own: "the archive")
    let place = query.map { " (\(ordinal($0.results)) for \(padded($0.packet)))" } ?? ""
    parts.whole = "From \(name)\(place)\(time)\(reference): \(told.asClause)"
}

/// True if nobody asked that archive, where all that was asked could be seen.
private func isForged(_ archive: String, _ parts: MessageParts, _ scene: Scene) -> Bool {
    scene.streamKind == .client && parts.packet.direction == .serverToClient && parts.depth == 0 && !archive.isEmpty
        && scene.bareJID != nil && !scene.beginsInMiddle && !scene.account.isResumed
        && !scene.archives.hasAsked(archive)
}

private func ordinal(_ number: Int) -> String {
    switch (number % 10, number % 100) {
    case (1, let rest) where rest != 11: "\(number)st"
    case (2, let rest) where rest != 12: "\(number)nd"
    case (3, let rest) where rest != 13: "\(number)rd"
    default: "\(number)th"
    }
}
