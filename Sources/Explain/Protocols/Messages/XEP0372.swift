import XMLStream
import XMPP

extension ProtocolEntry {
    /// Mentions, and other things that a text refers to (XEP-0372), files among them (XEP-0385).
    static let references: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0372", "References", ["urn:xmpp:reference:0", "urn:xmpp:reference:1"])
        entry.part = addReference
        return entry
    }()

    /// Files as first shared in messages (XEP-0385).
    static let mediaSharing: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0385", "Stateless Inline Media Sharing", ["urn:xmpp:sims:1"])
        entry.part = { element, parts, scene in
            guard element.name == "media-sharing" else { return parts.others.append(element) }
            parts.addMedia(element, &scene)
        }
        return entry
    }()

    /// Messages that belong to an earlier one (XEP-0367).
    static let attaching: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0367",
            "Message Attaching",
            ["urn:xmpp:message-attaching:1", "urn:xmpp:message-attaching:0"]
        )
        entry.part = { element, parts, scene in
            guard element.name == "attach-to" else { return parts.others.append(element) }
            // Sources of a file name it themselves.
            guard parts.message.child("sources", MessageNS.fileSharing) == nil else { return }
            parts.deeds.append(
                .init(rank: 6, verb: "adds to \(parts.meant(element["id"], scene))", glue: "", reference: "XEP-0367")
            )
        }
        return entry
    }()
}

private func addReference(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "reference" else {
        parts.others.append(element)
        return
    }
    if let media = element.child("media-sharing") { return parts.addMedia(media, &scene) }
    guard let uri = element["uri"]?.nonEmpty else { return }
    let what: String
    switch element["type"] {
    case "mention"?: what = "It mentions \(mentioned(uri).shown(limit: 100))"
    default:
        let anchor = element["anchor"]?.nonEmpty.map { ", for what stands at \($0.shown(limit: 100))" } ?? ""
        what = "It refers to \(uri.shown(limit: 150))\(anchor)"
    }
    guard parts.remarks.filter({ $0.hasPrefix("It mentions") || $0.hasPrefix("It refers") }).count < 3 else { return }
    parts.remarks.append("\(what)\(scene.cite("XEP-0372")).")
}

/// The address in a link of XMPP (RFC 5122).
private func mentioned(_ uri: String) -> String {
    uri.hasPrefix("xmpp:") ? String(uri.dropFirst(5).prefix { $0 != "?" }) : uri
}

extension MessageParts {
    fileprivate mutating func addMedia(_ media: Element, _ scene: inout Scene) {
        // What is shared in the newer way too is told by that.
        guard message.child("file-sharing", MessageNS.fileSharing) == nil else { return }
        let file = SharedFile(media)
        remarks.append("It shares \(file.name)\(file.details)\(scene.cite("XEP-0385")).")
    }
}
