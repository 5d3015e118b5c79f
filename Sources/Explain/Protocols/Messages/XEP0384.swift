import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// OMEMO encryption (XEP-0384), in both of its versions.
    static let omemo: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0384",
            "OMEMO Encryption",
            ["eu.siacs.conversations.axolotl", "urn:xmpp:omemo:2", "urn:xmpp:omemo:1"]
        )
        entry.volatile = ["key", "iv", "payload"].map { .text($0, nil) }
        entry.part = addOMEMO
        return entry
    }()
}

/// An encrypted message. A body beside it is a stopgap for programs that cannot read it, not what was said.
private func addOMEMO(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "encrypted" else {
        parts.others.append(element)
        return
    }
    let header = element.child("header")
    let keys = header.map(OMEMOKey.all) ?? []
    let sender = header?["sid"]?.nonEmpty
    // The device by which the client writes is the one that it reads by.
    if parts.frame.isClients, parts.depth == 0, let sender, sender.utf8.count < 40 {
        scene.messages.ownDevices[element.namespace] = sender
    }
    let hasContent = element.child("payload") != nil
    var encryption = MessageParts.Encryption(name: element.namespace == "urn:xmpp:omemo:2" ? "OMEMO 2" : "OMEMO")
    encryption.reference = "XEP-0384"
    encryption.hasContent = hasContent
    encryption.detail = sender.map { ", from device \($0.shown(limit: 20))" } ?? ""
    if !keys.isEmpty { encryption.detail += " for \(listed(keys))" }
    if !hasContent { encryption.sentences += " It only carries keys (key transport)." }
    if hasContent, keys.isEmpty { encryption.sentences += " It holds a key for nobody, so nobody can read it." }
    if parts.packet.direction == .serverToClient, let own = scene.messages.ownDevices[element.namespace], !keys.isEmpty,
        !keys.contains(where: { $0.device == own }), sender != own, scene.streamKind == .client,
        parts.frame.listener == nil
    {
        encryption.sentences +=
            " There is no key in it for the client's device \(own.shown(limit: 20)), which cannot read it."
    } else if hasContent, !keys.isEmpty, keys.count > 1 {
        encryption.sentences += " Only these devices can read it."
    }
    parts.encryption = encryption
    parts.isStopgap = true
}

/// Whom a message is encrypted for.
private struct OMEMOKey {
    let device: String
    /// True if it begins a new session.
    let isNew: Bool

    /// The keys of a header, at most 500 of them.
    static func all(_ header: Element) -> [OMEMOKey] {
        let inner = header.children.flatMap { $0.name == "keys" ? $0.children : [$0] }
        return inner.filter { $0.name == "key" }.prefix(500).compactMap { key in
            guard let device = key["rid"], !device.isEmpty else { return nil }
            let mark = key["prekey"] ?? key["kex"]
            return OMEMOKey(device: device, isNew: mark == "true" || mark == "1")
        }
    }

    var told: String { device.shown(limit: 20) + (isNew ? " (a new session)" : "") }
}

private func listed(_ keys: [OMEMOKey]) -> String {
    if keys.count == 1, let key = keys.first { return "device \(key.told)" }
    let shown = keys.prefix(keys.count > 4 ? 3 : 4).map(\.told)
    return "\(keys.count) devices: \((keys.count > 4 ? shown + ["\(keys.count - 3) more"] : shown).listed())"
}
