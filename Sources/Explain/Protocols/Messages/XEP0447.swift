import XMLStream
import XMPP

extension ProtocolEntry {
    /// Files that lie somewhere (XEP-0447, XEP-0448).
    static let fileSharing: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0447", "Stateless file sharing", [MessageNS.fileSharing])
        entry.part = addFile
        return entry
    }()

    /// Stickers (XEP-0449).
    static let stickers: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0449", "Stickers", ["urn:xmpp:stickers:0"])
        entry.part = { element, parts, scene in
            guard element.name == "sticker" else { return parts.others.append(element) }
            let pack = element["pack"]?.nonEmpty.map { " of the pack \($0.shown(limit: 60))" } ?? ""
            parts.remarks.append("It is a sticker\(pack)\(scene.cite("XEP-0449")).")
        }
        return entry
    }()
}

private func addFile(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    switch element.name {
    case "file-sharing":
        let file = SharedFile(element)
        let isRepeated = parts.message.child("body", parts.message.namespace)?.text.trimmed == file.url
        if isRepeated { (parts.isStopgap, parts.isTextTold) = (true, true) }
        parts.deeds.append(
            .init(rank: 5, verb: "shares \(file.name)", tail: file.details, reference: "XEP-0447")
        )
    case "sources":
        let file = SharedFile(sources: element)
        let id = element["id"] ?? parts.message.child("attach-to")?["id"]
        let whose = id == nil ? "a file" : "the file of \(parts.meant(id, scene))"
        parts.deeds.append(
            .init(rank: 2, verb: "names another place of \(whose)", tail: file.details, reference: "XEP-0447")
        )
    default: parts.others.append(element)
    }
}

/// A file that a message speaks of.
struct SharedFile {
    private var file: Element?
    /// Where it lies, if at an address of HTTP.
    private(set) var url: String?
    private var isEncrypted = false
    private var isOffered = false

    /// - Parameter element: `<file-sharing/>` or `<media-sharing/>`.
    init(_ element: Element) {
        file = element.child("file")
        if let sources = element.child("sources") { read(sources) }
    }

    init(sources: Element) { read(sources) }

    private mutating func read(_ sources: Element) {
        for source in sources.children.prefix(10) {
            switch source.name {
            case "url-data": url = url ?? source["target"]
            case "reference" where source["uri"]?.hasPrefix("http") == true: url = url ?? source["uri"]
            case "encrypted":
                isEncrypted = true
                if let inner = source.child("sources") { read(inner) }
            case "jinglepub", "reference": isOffered = true
            default: break
            }
        }
    }

    /// `the file "a.jpg"`.
    var name: String {
        file?.child("name")?.text.trimmed.nonEmpty.map { "the file \($0.quoted(limit: 80))" } ?? "a file"
    }

    /// What is known of it, to stand behind: `: image/jpeg, 3,032,449 bytes, at https://…`.
    var details: String {
        let all = [facts, source].flatMap { $0 }
        return all.isEmpty ? "" : ": \(all.joined(separator: ", "))"
    }

    private var facts: [String] {
        guard let file else { return [] }
        var facts: [String] = []
        if let type = file.child("media-type")?.text.trimmed.nonEmpty { facts.append(type.shown(limit: 60)) }
        if let size = file.child("size").flatMap({ Int($0.text.trimmed) }) {
            facts.append("\(inThousands(size)) \(size == 1 ? "byte" : "bytes")")
        }
        if let width = file.child("width")?.text.trimmed.nonEmpty,
            let height = file.child("height")?.text.trimmed.nonEmpty
        {
            facts.append("\(width.shown(limit: 10)) × \(height.shown(limit: 10))")
        } else if let both = (file.child("dimensions") ?? file.child("dimension"))?.text.trimmed.nonEmpty {
            facts.append(both.shown(limit: 20))
        }
        if let length = file.child("length").flatMap({ Int($0.text.trimmed) }) {
            facts.append("\(length / 1000) s long")
        }
        if let text = file.child("desc")?.text.trimmed.nonEmpty {
            facts.append("described as \(text.quoted(limit: 80))")
        }
        return facts
    }

    /// Where it is to be had.
    private var source: [String] {
        var source = isEncrypted ? ["encrypted by a key that is in the message"] : []
        if let url { source.append("at \(url.shown(limit: 150))") }
        if url == nil, isOffered { source.append("to be had from the sender by Jingle") }
        return source
    }
}
