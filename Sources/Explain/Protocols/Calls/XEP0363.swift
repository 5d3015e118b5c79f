import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Uploading files by HTTP (XEP-0363), in its present and its older namespace.
    static let upload: ProtocolEntry = {
        let both = ["urn:xmpp:http:upload:0", "urn:xmpp:http:upload"]
        var entry = ProtocolEntry("XEP-0363", "HTTP File Upload", both)
        entry.codes = [.uploadInsecure, .uploadIncomplete, .uploadHeader]
        entry.secrets = [
            .attribute("url", of: "put", both[0]), .attribute("url", of: "get", both[0]), .text("header", both[0]),
            .text("put", both[1]), .text("get", both[1]),
        ]
        entry.volatile = [
            .attribute("url", of: "put", both[0]), .attribute("url", of: "get", both[0]), .text("header", both[0]),
            .text("put", both[1]), .text("get", both[1]),
        ]
        entry.conditions = [
            "file-too-large": "the file is larger than the server allows",
            "retry": "the quota is used up for now",
        ]
        entry.tells(tellUpload)
        return entry
    }()
}

private func tellUpload(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    switch exchange.turn {
    case .get, .set: return tellWish(exchange, &scene)
    case .result: return tellSlot(exchange, &scene)
    case .refusal(let error): return tellRefused(error, exchange, &scene)
    case .message, .presence: return nil
    }
}

/// The file of a request, whose parts are attributes, or children in the older namespace.
private struct UploadFile {
    let name: String?
    let size: String?
    let type: String?

    init(_ request: Element?) {
        func part(_ name: String) -> String? { (request?[name] ?? request?.child(name)?.text)?.trimmed.nonEmpty }
        (name, size, type) = (part("filename"), part("size"), part("content-type"))
    }

    var shownName: String { Say.value(name, or: "a file without a name", limit: 120) }
    var facts: String {
        let facts = [Say.bytes(size), type?.shown(limit: 60)].compactMap { $0 }
        return facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
    }
}

private func tellWish(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard exchange.element.name == "request" else { return nil }
    let file = UploadFile(exchange.element)
    _ = scene.stories.begin(.upload, file.shownName, exchange.packet, isRequest: true)
    let purpose =
        exchange.element.children.first { $0.namespace == "urn:xmpp:http:upload:purpose:0" }.map(purpose) ?? ""
    return Telling(
        "\(exchange.who) wants to upload \(file.shownName)\(file.facts)\(purpose) and asks \(exchange.whom) where\(scene.cite("XEP-0363")).",
        incomplete(file)
    )
}

private func purpose(_ element: Element) -> String {
    switch element.name {
    case "message": return " for a message"
    case "profile": return " for a profile or an avatar"
    case "permanent": return " for good"
    case "ephemeral":
        return element["expire-before"]?.nonEmpty.map { " for a while, until \(Say.time($0)) at most" }
            ?? " for a while"
    default: return ""
    }
}

private func tellSlot(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
    guard let slot = exchange.answer, slot.name == "slot" else { return nil }
    let story = scene.stories.take(request: exchange.request)
    let file = exchange.asked.map { UploadFile($0).shownName } ?? "a file"
    let (put, get) = (slot.child("put"), slot.child("get"))
    guard let up = address(put) else {
        if let story {
            scene.stories.settle(story, .failed(Cause(why: "the place has no address", remedy: "")), exchange.packet)
        }
        return Telling("\(exchange.who) gives a place for \(file), but no address to upload it to.")
    }
    if let story { scene.stories.settle(story, .succeeded, exchange.packet) }
    let headers = (put?.children ?? []).filter { $0.name == "header" }.compactMap { $0["name"]?.shown(limit: 40) }

    let with = headers.isEmpty ? "" : " (with the header\(headers.count == 1 ? "" : "s") \(Say.some(headers)))"
    let down = address(get).map { ", and others download it from \($0.shown(limit: 300))" } ?? ""
    let addresses = [up] + [address(get)].compactMap { $0 }
    let findings =
        addresses.contains { !$0.lowercased().hasPrefix("https:") }
        ? [
            Finding(
                .uploadInsecure,
                "the file would go without encryption; both addresses must be of HTTPS (XEP-0363 section 4)."
            )
        ]
        : []
    return Telling(
        "\(exchange.who) gives a place for \(file): it is uploaded to \(up.shown(limit: 300))\(with)\(down). The upload itself goes by HTTP, past this connection.",
        findings + unknownHeaders(put)
    )
}

private func address(_ element: Element?) -> String? { (element?["url"] ?? element?.text)?.trimmed.nonEmpty }

private func tellRefused(_ error: StanzaError, _ exchange: Exchange, _ scene: inout Scene) -> Telling {
    let file = UploadFile(exchange.asked)
    let name = exchange.asked == nil ? "the file" : file.shownName
    let (text, cause) = refusal(error, exchange, name, file)
    if let story = scene.stories.take(request: exchange.request) {
        scene.stories.settle(story, .failed(cause), exchange.packet)
    }
    guard let text else { return exchange.refused("the upload of \(name)", error) }
    return Telling("\(text)\(error.says)".collapsingStops, error.findings)
}

/// What the protocol's own conditions say (XEP-0363 section 5); no text if there is none.
private func refusal(_ error: StanzaError, _ exchange: Exchange, _ name: String, _ file: UploadFile) -> (String?, Cause)
{
    let speaker = exchange.speaker
    switch error.special?.name {
    case "file-too-large"?:
        let limit = Say.bytes(error.special?.child("max-file-size")?.text)
        let most =
            limit.map {
                ": \(speaker.name) takes at most \($0)\(file.size.map { ", the file has \(Say.number($0))" } ?? "")"
            } ?? " for \(speaker.name)"
        return (
            "\(capitalized(name)) is too large\(most) (\(error.name)).",
            Cause(
                why: "the file is too large\(limit.map { ", at most \($0) are taken" } ?? "") (\(error.name))",
                remedy: ""
            )
        )
    case "retry"?:
        let from = error.special?["stamp"]?.nonEmpty.map { "only from \(Say.time($0)) on" } ?? "only later"
        return (
            "\(speaker.start) takes \(name) \(from): a quota is used up (\(error.name)).",
            Cause(why: "a quota is used up for now (\(error.name))", remedy: "")
        )
    default: return (nil, error.cause)
    }
}

/// What a request must have (XEP-0363 section 4).
private func incomplete(_ file: UploadFile) -> [Finding] {
    let missing = [file.name == nil ? "filename" : nil, Say.bytes(file.size) == nil ? "size" : nil].compactMap { $0 }
    if missing.isEmpty { return [] }
    return [
        Finding(
            .uploadIncomplete,
            "the request lacks its \(missing.listed()), which it must have (XEP-0363 section 4)."
        )
    ]
}

/// Headers that the client must not pass on (XEP-0363 section 4).
private func unknownHeaders(_ put: Element?) -> [Finding] {
    let allowed = ["authorization", "cookie", "expires"]
    let names = (put?.children ?? []).filter { $0.name == "header" }.compactMap { $0["name"]?.nonEmpty }
    let others = names.filter { !allowed.contains($0.lowercased()) }.map { $0.quoted(limit: 40) }
    if others.isEmpty { return [] }
    return [
        Finding(
            .uploadHeader,
            "the client must not send the header\(others.count == 1 ? "" : "s") \(Say.some(others)), only Authorization, Cookie and Expires (XEP-0363 section 4)."
        )
    ]
}

extension FindingCode {
    static let uploadIncomplete = warning(
        "upload.request.incomplete",
        "XEP-0363 section 4",
        "Whoever asks for a place for an upload must name the file and its size in bytes, or the service cannot decide."
    )
    static let uploadHeader = note(
        "upload.header.unknown",
        "XEP-0363 section 4",
        "Besides the place a service may name headers for the upload: Authorization, Cookie and Expires. Others must not be sent, for they could change what the upload does."
    )
    static let uploadInsecure = warning(
        "upload.address.insecure",
        "XEP-0363 section 4",
        "A place for an upload has an address that is not of HTTPS. The file, and whatever stands in the headers, would go over the network for all to read."
    )
}
