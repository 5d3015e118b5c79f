import XMLStream
import XMPP

/// Protocols of which stanzatap knows what their items say, and no more.
extension ProtocolEntry {
    /// Events in a calendar (XEP-0471).
    static let calendar: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0471", "Calendar Events", ["urn:xmpp:calendar-events:0"])
        entry.item = { payload, _ in
            guard payload.name == "event" else { return nil }
            var item = ItemTelling("calendar event", "XEP-0471")
            item.isOwn = false
            let start = payload.textOf("start").map { "from \(Say.time($0))" }
            let end = payload.textOf("end").map { "to \(Say.time($0))" }
            let span = [start, end].compactMap { $0 }.joined(separator: " ")
            let parts = [payload.quotedTextOf("name"), span.nonEmpty].compactMap { $0 }
            item.content = parts.isEmpty ? nil : parts.joined(separator: ", ")
            return item
        }
        return entry
    }()

    /// Items that only those can read who have the node's key (XEP-0473).
    static let encryptedItems: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0473", "OpenPGP for XMPP Pubsub", ["urn:xmpp:openpgp:pubsub:0"])
        entry.item = { payload, _ in
            guard payload.name == "encrypted" else { return nil }
            var item = ItemTelling("encrypted item", "XEP-0473")
            item.isOwn = false
            item.content =
                "only those can read it who have the key\(payload.given("key").map { " \($0.quoted(limit: 60))" } ?? "") of the node"
            return item
        }
        return entry
    }()

    /// With whom a server is connected (XEP-0485).
    static let serverInformation: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0485", "PubSub Server Information", ["urn:xmpp:serverinfo:0"])
        entry.item = { payload, _ in
            guard payload.name == "serverinfo" else { return nil }
            var item = ItemTelling("statement of federation", "XEP-0485")
            item.isOwn = false
            let domains = payload.children.filter { $0.name == "domain" }
            item.content =
                domains.isEmpty
                ? nil
                : domains.firstOnes { domain in
                    let peers = domain.child("federation")?.children.filter { $0.name == "remote-domain" }.count
                    let name = (domain.given("name") ?? "a domain without a name").shown(limit: 100)
                    return peers.map { "\(name), connected with \(counted($0, "other server"))" } ?? name
                }
            return item
        }
        return entry
    }()

    /// Contacts that the server cannot read (XEP-0510).
    static let contactMetadata: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0510", "End-to-End Encrypted Contacts Metadata", ["urn:xmpp:contacts:0"])
        entry.item = { payload, id in
            guard payload.name == "contact" || payload.name == "group" else { return nil }
            var item = ItemTelling(payload.name == "contact" ? "contact" : "group of contacts", "XEP-0510")
            item.isOwn = false
            let name = payload.given("name")?.quoted(limit: 80)
            item.content =
                [name, payload.textOf("identity")?.shown(limit: 100)].compactMap { $0 }.joined(separator: ", ").nonEmpty
            return item
        }
        return entry
    }()

    /// An identity that does not depend on a server (XEP-0516).
    static let decentralizedID: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0516", "XMPP Decentralized ID", ["urn:xmpp:xid:0"])
        entry.item = { payload, _ in
            guard payload.name == "xid" else { return nil }
            var item = ItemTelling("decentralized ID", "XEP-0516")
            item.content = payload.text.trimmed.nonEmpty?.shown(limit: 100)
            return item
        }
        return entry
    }()
}

/// Certificates of a user's clients (XEP-0417).
func certificateItem(_ payload: Element, _ id: String?) -> ItemTelling? {
    var item = ItemTelling(
        payload.name == "x509-cert-chain" ? "certificate" : "statement about certificates",
        "XEP-0417"
    )
    item.isOwn = false
    item.content = payload.given("name").map { "of the client \($0.quoted(limit: 60))" }
    return item
}

/// A pack of stickers (XEP-0449).
func stickerItem(_ payload: Element, _ id: String?) -> ItemTelling? {
    guard payload.name == "pack" else { return nil }
    var item = ItemTelling("sticker pack", "XEP-0449")
    item.isOwn = false
    let count = payload.children.filter { $0.name == "item" }.count
    item.content = [payload.quotedTextOf("name"), counted(count, "sticker")].compactMap { $0 }.joined(separator: ", ")
    return item
}

/// A file that is shared by where it lies (XEP-0447, XEP-0498).
func sharedFileItem(_ payload: Element, _ id: String?) -> ItemTelling? {
    guard payload.name == "file-sharing" else { return nil }
    var item = ItemTelling("file", "XEP-0447")
    item.isOwn = false
    let file = payload.child("file")
    let facts = [file?.textOf("media-type")?.shown(limit: 60), byteCount(file?.textOf("size"))].compactMap { $0 }
    let parts = [file?.quotedTextOf("name"), facts.isEmpty ? nil : facts.joined(separator: ", ")].compactMap { $0 }
    item.content = parts.isEmpty ? nil : parts.joined(separator: ", ")
    return item
}

/// A form as an item (XEP-0346, and the settings of a channel of MIX): its questions, or its answers.
func formItem(_ payload: Element, _ id: String?) -> ItemTelling? {
    guard payload.name == "x" else { return nil }
    var item = ItemTelling("form", "")
    item.isOwn = false
    let form = DataForm(payload)
    let isAsking = form.type == "form"
    let fields = form.fields.filter {
        $0.name != "FORM_TYPE" && $0.type != "fixed" && !($0.name.isEmpty && $0.label == nil)
    }
    let words = fields.firstOnes { field in
        let name = (isAsking ? field.label ?? field.name : field.name).shown(limit: 40)
        let isSecret = field.type == "text-private" || SecretNames.isSecret(field.name)
        guard !isAsking, !isSecret, let value = field.values.first.flatMap(\.nonEmpty) else { return name }
        return "\(name) \(value.quoted(limit: 60))"
    }
    let title = form.title.flatMap(\.nonEmpty)?.quoted(limit: 60)
    let parts = [title, words.isEmpty ? nil : words].compactMap { $0 }
    item.content = parts.isEmpty ? nil : parts.joined(separator: ", with ")
    return item
}
