import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Links to files (XEP-0066).
    static let outOfBand: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0066", "Out of Band Data", [NS.outOfBand])
        entry.part = addLink
        return entry
    }()

    /// Files that are offered by a link, and the answer when they were fetched (XEP-0066 section 2).
    static let outOfBandRequest: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0066", "Out of Band Data", ["jabber:iq:oob"])
        entry.teller = { StatelessTeller(body: tellLink) }
        return entry
    }()

    /// Small data that is sent along (XEP-0231).
    static let bitsOfBinary: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0231", "Bits of Binary", ["urn:xmpp:bob"])
        entry.part = { element, parts, scene in
            guard element.name == "data" else { return parts.others.append(element) }
            parts.remarks.append("With it comes \(toldData(element))\(scene.cite("XEP-0231")).")
        }
        entry.teller = { StatelessTeller(body: tellData) }
        return entry
    }()
}

private func addLink(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard let url = element.child("url")?.text.trimmed, !url.isEmpty else { return }
    let desc = element.child("desc")?.text.trimmed.nonEmpty.map { " (\($0.quoted(limit: 80)))" } ?? ""
    let body = parts.message.child("body", parts.message.namespace)?.text.trimmed
    // What is shared in a better way says it itself.
    if parts.message.firstChild(where: { $0.namespace == MessageNS.fileSharing }) != nil {
        if body == url { (parts.isStopgap, parts.isTextTold) = (true, true) }
        return
    }
    let shown = url.shown(limit: 150)
    if body == nil || body == url {
        (parts.isStopgap, parts.isTextTold) = (true, true)
        parts.deeds.append(
            .init(rank: 5, verb: "sends a file by its link", tail: ": \(shown)\(desc)", reference: "XEP-0066")
        )
    } else {
        parts.remarks.append("With it comes the link \(shown)\(desc)\(scene.cite("XEP-0066")).")
    }
}

private func tellLink(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let speaker = scene.speaker(of: iq, in: packet).start
    switch place {
    case .request:
        guard iq["type"] == "set", let url = query.child("url")?.text.trimmed, !url.isEmpty else { return nil }
        let desc = query.child("desc")?.text.trimmed.nonEmpty.map { " (\($0.quoted(limit: 80)))" } ?? ""
        let whom = scene.addressee(of: iq, in: packet).name
        return Telling(
            "\(speaker) offers \(whom) a file to fetch from \(url.shown(limit: 150))\(desc)\(scene.cite("XEP-0066"))."
        )
    case .answer(let request):
        guard let request, let url = request.element.firstChild()?.child("url")?.text.trimmed, !url.isEmpty else {
            return nil
        }
        let file = "the file of \(padded(request.number)), \(url.shown(limit: 150))"
        if iq["type"] == "result" { return Telling("\(speaker) has fetched \(file).") }
        guard let error = StanzaError(of: iq) else { return nil }
        let why: String =
            switch error.known {
            case .itemNotFound?: "it was not found there (\(error.name))"
            case .notAcceptable?: "it does not want it (\(error.name))"
            default: error.told
            }
        return Telling("\(speaker) has not fetched \(file): \(why).\(error.says)".collapsingStops, error.findings)
    case .nonza, .message, .presence: return nil
    }
}

private func tellData(_ data: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, data.name == "data" else { return nil }
    let speaker = scene.speaker(of: iq, in: packet).start
    let cid = data["cid"].map { " with the content id \($0.shown(limit: 80))" } ?? ""
    switch place {
    case .request:
        guard iq["type"] == "get" else { return nil }
        let whom = scene.addressee(of: iq, in: packet).name
        return Telling("\(speaker) asks \(whom) for the data\(cid)\(scene.cite("XEP-0231")).")
    case .answer(let request):
        guard let request else { return nil }
        if iq["type"] == "result" {
            return Telling("\(speaker) gives \(toldData(data)), as \(padded(request.number)) asked.")
        }
        guard let error = StanzaError(of: iq) else { return nil }
        return Telling(
            "\(speaker) does not give the data\(cid): \(error.told).\(error.says)".collapsingStops,
            error.findings
        )
    case .nonza, .message, .presence: return nil
    }
}

/// `data of the type image/png, 331 bytes (sha1+8f35…)`.
private func toldData(_ data: Element) -> String {
    let type = data["type"]?.nonEmpty.map { " of the type \($0.shown(limit: 60))" } ?? ""
    let (size, cid) = (Say.decodedSize(data.text), data["cid"]?.nonEmpty.map { " (\($0.shown(limit: 80)))" } ?? "")
    let age = data["max-age"].flatMap { Int($0) }
    let keep = age.map { $0 == 0 ? ", not to be kept" : ", to be kept for \(inThousands($0)) s at most" } ?? ""
    return "data\(type), \(inThousands(size)) \(size == 1 ? "byte" : "bytes")\(cid)\(keep)"
}
