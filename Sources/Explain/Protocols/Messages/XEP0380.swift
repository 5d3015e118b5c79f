import XMLStream
import XMPP

extension ProtocolEntry {
    /// By what a message is encrypted (XEP-0380).
    static let encryptionName: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0380", "Explicit Message Encryption", ["urn:xmpp:eme:0"])
        entry.codes = [.fileKeyInClear]
        entry.part = addEncryptionName
        return entry
    }()
}

/// It only repeats what the encrypted element says, or names what nobody else can tell.
private func addEncryptionName(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "encryption" else { return }
    let namespace = element["namespace"] ?? ""
    let isHere = parts.message.firstChild { $0.namespace == namespace } != nil
    // The element itself says it better, whether it stands before or behind.
    if isHere, ProtocolTable.part(of: namespace) != nil { return }
    let known: String? =
        switch namespace {
        case "urn:xmpp:otr:0": "OTR"
        case "jabber:x:encrypted": "old OpenPGP, XEP-0027"
        case "urn:xmpp:openpgp:0": "OpenPGP"
        case "eu.siacs.conversations.axolotl", "urn:xmpp:omemo:2", "urn:xmpp:omemo:1": "OMEMO"
        default: nil
        }
    let name =
        known ?? element["name"]?.nonEmpty?.shown(limit: 60) ?? (namespace.isEmpty ? nil : namespace.shown(limit: 100))
    guard parts.encryption == nil else { return }
    parts.encryption = .init(name: name ?? "by something that is not named", reference: "XEP-0380")
    // What is encrypted may stand in the body itself, as with OTR.
    parts.isStopgap = true
    if !isHere, namespace != "urn:xmpp:otr:0" {
        parts.encryption?.sentences = " The encrypted content itself is not in it."
    }
}

/// What the text itself shows to be encrypted: OTR, and links to encrypted files (XEP-0454).
func noteTextualEncryption(_ parts: inout MessageParts, _ scene: Scene) {
    guard let body = parts.message.child("body", parts.message.namespace)?.text, let first = body.utf8.first,
        first == UInt8(ascii: "?") || first == UInt8(ascii: "a")
    else { return }
    if body.hasPrefix("?OTR") {
        (parts.isStopgap, parts.isTextTold) = (true, true)
        if body.hasPrefix("?OTR:") || body.hasPrefix("?OTR,") || body.hasPrefix("?OTR|") {
            parts.encryption = .init(name: "OTR")
        } else if body.hasPrefix("?OTR Error") {
            parts.encryption = nil
            let said = String(body.dropFirst(10)).trimmed
            parts.deeds.append(.init(rank: 1, verb: "reports an error of OTR", tail: ": \(said.quoted(limit: 100))"))
        } else {
            parts.encryption = nil
            parts.deeds.append(.init(rank: 1, verb: "offers to encrypt the conversation by OTR"))
        }
    } else if body.hasPrefix("aesgcm://"), !body.trimmed.contains(where: \.isWhitespace) {
        (parts.isStopgap, parts.isTextTold) = (true, true)
        let link = body.trimmed.prefix { $0 != "#" }
        parts.deeds.append(
            .init(
                rank: 5,
                verb: "sends a link to an encrypted file",
                tail: ": \(String(link).shown(limit: 120))",
                reference: "XEP-0454"
            )
        )
        // A copy repeats what was told of the message itself. Behind the # is the key.
        guard parts.depth == 0, !body.trimmed.dropFirst(link.count + 1).isEmpty else { return }
        parts.findings.append(
            Finding(
                .fileKeyInClear,
                "the key of the encrypted file stands in the clear in the link, so that everybody on the way can read the file; the link belongs into an encrypted message (XEP-0454 section 3)."
            )
        )
    }
}

extension FindingCode {
    static let fileKeyInClear = warning(
        "message.file-key.clear",
        "XEP-0454 section 3",
        "A link to an encrypted file, with the file's key, stands in a message that is not encrypted. The servers can read the file."
    )
}
