import XMLStream
import XMPP

/// The contents of a Jingle session in words: what it is about, and which way it takes.
struct JingleContent {
    static let rtp = "urn:xmpp:jingle:apps:rtp:1"

    let element: Element
    let description: Element?
    let transport: Element?
    let security: Element?

    init(_ content: Element) {
        element = content
        description = content.child("description")
        transport = content.child("transport")
        security = content.child("security")
    }

    static func all(in jingle: Element) -> [JingleContent] {
        jingle.children.filter { $0.name == "content" }.map(JingleContent.init)
    }

    /// True if it is about a file (XEP-0234).
    var file: Element? {
        guard let description, description.namespace.hasPrefix("urn:xmpp:jingle:apps:file-transfer:") else {
            return nil
        }
        // Older versions wrap it.
        return description.child("file") ?? description.firstChild?.child("file") ?? description
    }

    var media: String? {
        guard let description, description.namespace.hasPrefix("urn:xmpp:jingle:apps:rtp:") else { return nil }
        return description["media"]?.nonEmpty
    }

    /// `the content "voice"`.
    var name: String {
        element["name"]?.nonEmpty.map { "the content \($0.quoted(limit: 40))" } ?? "a content without a name"
    }

    // MARK: What it is about

    /// `audio by opus or PCMA`, `the file "x" (23 bytes)`; by its name if it has no description.
    var subject: String {
        guard let description else { return name }
        if let file { return Self.told(file: file) }
        switch description.namespace {
        case Self.rtp, "urn:xmpp:jingle:apps:rtp:0":
            return (media?.shown(limit: 20) ?? "media of an unnamed kind") + codecs + categories
        case "urn:xmpp:jingle:apps:xmlstream:0": return "an XML stream from client to client"
        case "urn:xmpp:jingle:apps:rtt-sync:0", "urn:xmpp:jingle:apps:out-of-band:0":
            return Say.title(description.namespace)
        default: return "\(name) of \(Self.title(description.namespace))"
        }
    }

    /// A part of Jingle by its title; what is Jingle's own only by its beginning, by its namespace.
    private static func title(_ namespace: String) -> String {
        FeatureWords.words(for: namespace) == nil && ProtocolRegistry.lookUp(namespace)?.specification == "XEP-0166"
            ? "the namespace \(namespace.quoted(limit: 100))" : Say.title(namespace)
    }

    private static let helpers: Set<String> = [
        "rtx", "red", "ulpfec", "flexfec", "flexfec-03", "telephone-event", "cn",
    ]

    private var codecs: String {
        var names: [String] = []
        for payload in description?.children ?? [] where payload.name == "payload-type" {
            let name =
                payload["name"]?.nonEmpty?.shown(limit: 30)
                ?? payload["id"].map { "payload type \($0.shown(limit: 10))" }
            // What only protects, repeats or dials is no choice of a codec.
            let isHelper = name.map { Self.helpers.contains($0.lowercased()) } ?? false
            if let name, !isHelper, !names.contains(name), names.count < 100 { names.append(name) }
        }
        if names.isEmpty { return "" }
        return " by "
            + (names.count <= 4
                ? names.listed("or") : "\(names.prefix(3).joined(separator: ", ")) or \(names.count - 3) more")
    }

    static func told(file: Element) -> String {
        let name = file.child("name")?.text.trimmed.nonEmpty ?? file["name"]?.nonEmpty
        let size = Say.bytes(file.child("size")?.text ?? file["size"])
        let type = (file.child("media-type")?.text.trimmed.nonEmpty)?.shown(limit: 60)
        let facts = [size, type].compactMap { $0 }
        let hash = file.child("hash").flatMap { Self.hash($0) }
        var text: String
        if let name {
            text = "the file \(name.quoted(limit: 100))"
        } else if let hash {
            text = "the file with the \(hash)"
        } else {
            text = "a file"
        }
        if !facts.isEmpty { text += " (\(facts.joined(separator: ", ")))" }
        if let range = file.child("range"), let part = Self.part(range) { text += ", \(part)" }
        return text
    }

    private static func part(_ range: Element) -> String? {
        let offset = range["offset"].flatMap { $0 == "0" ? nil : Say.bytes($0) }
        let length = Say.bytes(range["length"])
        switch (offset, length) {
        case (nil, nil): return nil
        case (let offset?, nil): return "from byte \(offset.replacingWord) on"
        case (nil, let length?): return "the first \(length)"
        case (let offset?, let length?): return "\(length) from byte \(offset.replacingWord) on"
        }
    }

    /// `SHA-256 2fd4e1c6…` (XEP-0300).
    static func hash(_ hash: Element) -> String? {
        guard let value = hash.text.trimmed.nonEmpty else { return nil }
        let algorithm = hash["algo"]?.nonEmpty?.uppercased().shown(limit: 20) ?? "hash"
        return "\(algorithm) \(value.shown(limit: 12))"
    }

    // MARK: Which way it takes

    /// `ICE`; nil without a transport.
    var way: String? { transport.map { Self.way($0) } }

    static func way(_ transport: Element) -> String {
        switch transport.namespace {
        case "urn:xmpp:jingle:transports:ice-udp:1", "urn:xmpp:jingle:transports:ice:0",
            "urn:xmpp:jingle:transports:ice-udp:0":
            return transport.children.contains { $0.namespace == "urn:xmpp:jingle:transports:dtls-sctp:1" }
                ? "a WebRTC data channel through ICE" : "ICE"
        case "urn:xmpp:jingle:transports:webrtc-datachannel:0", "urn:xmpp:jingle:transports:webrtc-datachannel:1":
            return "a WebRTC data channel"
        case "urn:xmpp:jingle:transports:raw-udp:1", "urn:xmpp:jingle:transports:raw-udp:0": return "plain UDP"
        case "urn:xmpp:jingle:transports:s5b:1", "urn:xmpp:jingle:transports:s5b:0": return "SOCKS5 bytestreams"
        case "urn:xmpp:jingle:transports:ibb:1", "urn:xmpp:jingle:transports:ibb:0":
            let block = Say.bytes(transport["block-size"]).map { " in blocks of \($0)" } ?? ""
            return "in-band bytestreams\(block)"
        case "urn:xmpp:jingle:transports:http:0": return "a download by HTTP"
        case "urn:xmpp:jingle:transports:http:upload:0": return "an upload by HTTP"
        default: return title(transport.namespace)
        }
    }

    var isEncryptedByDTLS: Bool { transport?.child("fingerprint") != nil }

    /// How it is protected, a clause behind a comma; nil if nothing is said of that.
    var protection: String? {
        if let security {
            switch security.namespace {
            case "urn:xmpp:jingle:jet:0": return "encrypted from end to end (JET)"
            case "urn:xmpp:jingle:security:xtls:0": return "encrypted from end to end by TLS"
            default: return "protected by \(Self.title(security.namespace))"
            }
        }
        if isEncryptedByDTLS { return "encrypted by DTLS" }
        guard let encryption = description?.child("encryption") else { return nil }
        if encryption.children.contains(where: { $0.name == "zrtp-hash" }) { return "encrypted by ZRTP" }
        return encryption.child("crypto") == nil ? nil : "encrypted by SRTP, whose keys stand in the packet (SDES)"
    }

    var candidates: [Element] { (transport?.children ?? []).filter { $0.name == "candidate" } }

    /// Who sends, where that is not both; `who` is the speaker.
    var direction: String? {
        // Of a file it goes without saying.
        guard file == nil, let senders = element["senders"] else { return nil }
        switch senders {
        case "initiator": return "only the initiator sends"
        case "responder": return "only the responder sends"
        case "none": return "nobody sends for now"
        default: return nil
        }
    }

    /// All contents together: `audio by opus and video by VP8 over ICE, encrypted by DTLS`.
    static func told(_ contents: [JingleContent]) -> String {
        if contents.isEmpty { return "nothing at all" }
        let ways = contents.compactMap(\.way)
        let isSameWay = ways.count == contents.count && ways.allSatisfy { $0 == ways[0] }
        let parts = contents.map { content in
            content.subject + (isSameWay ? "" : content.way.map { " over \($0)" } ?? "")
                + (content.direction.map { " (\($0))" } ?? "")
        }
        var text = Say.some(parts)
        if isSameWay { text += " over \(ways[0])" }
        if let protection = contents.lazy.compactMap(\.protection).first { text += ", \(protection)" }
        let count = contents.reduce(0) { $0 + $1.candidates.count }
        if count > 0 {
            text +=
                count == 1 ? "; one address to be tried comes with it" : "; \(count) addresses to be tried come with it"
        }
        return text
    }

    // MARK: Addresses

    /// `192.0.2.7, UDP port 40001 (its own, "host")`.
    static func told(_ candidate: Element) -> String {
        if let uri = candidate["uri"]?.nonEmpty { return uri.shown(limit: 200) }
        let host = (candidate["ip"] ?? candidate["host"])?.nonEmpty?.shown(limit: 60) ?? "an address that is missing"
        let transport = candidate["protocol"]?.nonEmpty.map { "\($0.uppercased().shown(limit: 10)) " } ?? ""
        let port = candidate["port"]?.nonEmpty.map { ", \(transport)port \($0.shown(limit: 10))" } ?? ""
        return "\(host)\(port)\(kind(candidate).map { " (\($0))" } ?? "")"
    }

    private static func kind(_ candidate: Element) -> String? {
        switch candidate["type"] {
        case "host"?: return "its own, \"host\""
        case "srflx"?: return "as a STUN server sees it, \"srflx\""
        case "prflx"?: return "as the other side sees it, \"prflx\""
        case "relay"?: return "of a TURN relay, \"relay\""
        case "direct"?: return "its own, \"direct\""
        case "assisted"?: return "through a NAT, \"assisted\""
        case "tunnel"?: return "through a tunnel, \"tunnel\""
        case "proxy"?: return candidate["jid"].map { "of the proxy \($0.shown(limit: 60))" } ?? "of a proxy"
        case let type?: return type.nonEmpty?.shown(limit: 20)
        case nil: return nil
        }
    }
}

extension String {
    /// `270,336 bytes` as a place: `270,336`.
    fileprivate var replacingWord: String {
        hasSuffix(" bytes") ? String(dropLast(6)) : hasSuffix(" byte") ? String(dropLast(5)) : self
    }

}
