import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// How much a stream takes (XEP-0478).
    static let streamLimits: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0478", "Stream Limits Advertisement", ["urn:xmpp:stream-limits:0"])
        entry.feature = { .clause(limits($0)) }
        return entry
    }()
}

private func limits(_ element: Element) -> String {
    let most = Say.bytes(element.child("max-bytes")?.text).map { "stanzas of at most \($0)" }
    let idle = element.child("idle-seconds")?.text.trimmed.nonEmpty.map {
        "an end after \($0 == "1" ? "1 second" : "\(Say.number($0)) seconds") of silence"
    }
    let parts = [most, idle].compactMap { $0 }
    return "its limits (XEP-0478)\(parts.isEmpty ? "" : ": \(parts.listed())")"
}
