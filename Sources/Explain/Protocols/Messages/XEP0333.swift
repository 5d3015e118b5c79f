import XMLStream
import XMPP

extension ProtocolEntry {
    /// Displayed markers (XEP-0333), with those of its earlier versions.
    static let chatMarkers: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0333", "Displayed Markers", ["urn:xmpp:chat-markers:0"])
        entry.codes = [.markerID]
        entry.part = addMarker
        return entry
    }()
}

private func addMarker(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    let verb: String
    switch element.name {
    case "markable":
        parts.wantsReading = true
        return
    case "received": verb = "has received"
    case "displayed": verb = "has read everything up to"
    case "acknowledged": verb = "has acknowledged everything up to"
    default:
        parts.others.append(element)
        return
    }
    if element["id"]?.isEmpty != false {
        parts.findings.append(
            Finding(
                .markerID,
                "the marker does not say which message it is about; it must have an id (XEP-0333 section 4.2)."
            )
        )
    }
    parts.deeds.append(
        .init(
            rank: element.name == "received" ? 12 : 11,
            verb: "\(verb) \(parts.meant(element["id"], scene))",
            isClaim: true,
            reference: "XEP-0333"
        )
    )
}

extension FindingCode {
    static let markerID = warning(
        "marker.id.missing",
        "XEP-0333 section 4.2",
        "The marker has no id, so that its receiver cannot know up to which message was read."
    )
}
