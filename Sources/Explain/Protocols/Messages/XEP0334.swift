import XMLStream
import XMPP

extension ProtocolEntry {
    /// Hints for servers (XEP-0334).
    static let hints: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0334", "Message Processing Hints", ["urn:xmpp:hints"])
        entry.part = addHint
        return entry
    }()
}

private func addHint(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    let clause: String
    switch element.name {
    case "no-permanent-store": clause = "It is not to be archived"
    case "no-store": clause = "It is not to be stored anywhere"
    case "no-copy":
        // The older sign for the same stands beside it mostly.
        guard parts.message.child("private", MessageNS.carbons) == nil else { return }
        clause = "No copies of it are to go to other devices"
    // What carries no text would not be kept without it; that is not worth a sentence where there is more to say.
    case "store" where parts.message.childCount == 1: clause = "It is to be archived"
    case "store": return
    default: return
    }
    parts.remarks.append("\(clause)\(scene.cite("XEP-0334")).")
}
