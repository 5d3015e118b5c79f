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
        entry.teller = { StatelessTeller(body: tellEncrypted) }
        return entry
    }()
}

/// An encrypted message. A body beside it is a stopgap for programs that cannot read it, not what was said.
private func tellEncrypted(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard place == .message, element.name == "encrypted", let message = packet.element else { return nil }
    let header = element.child("header")
    let devices = keys(of: header)
    let sender = header?["sid"].map { ", from device \($0.shown(limit: 20))" } ?? ""
    let who = parties(message, packet, scene)
    let readers =
        devices.isEmpty
        ? ""
        : ", for \(devices.count == 1 ? "device \(devices[0])" : "\(devices.count) devices: \(devices.prefix(6).listed())\(devices.count > 6 ? ", …" : "")")"
    var telling = Telling("An encrypted message\(who) (OMEMO, XEP-0384)\(sender)\(readers).")
    if element.child("payload") == nil { telling.text += " It has no content; it only carries keys." }
    if message.child("body", message.namespace) != nil {
        telling.text += " Its body in the clear is only for programs that cannot decrypt it."
    }
    return telling
}

private func keys(of header: Element?) -> [String] {
    guard let header else { return [] }
    let inner = header.children.flatMap { $0.name == "keys" ? $0.children : [$0] }
    return inner.filter { $0.name == "key" }.prefix(100).compactMap { $0["rid"]?.shown(limit: 20) }
}
