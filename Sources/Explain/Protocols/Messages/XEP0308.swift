import XMLStream
import XMPP

extension ProtocolEntry {
    /// Corrections (XEP-0308).
    static let correction: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0308", "Last Message Correction", [MessageNS.correction])
        entry.codes = [.correctionForeign]
        entry.part = addCorrection
        return entry
    }()
}

private func addCorrection(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "replace" else {
        parts.others.append(element)
        return
    }
    parts.deeds.append(
        .init(
            rank: 1,
            verb: "corrects \(parts.meantOwn(element["id"], scene))",
            glue: "; it now reads",
            reference: "XEP-0308"
        )
    )
    guard let foreign = parts.foreign(element["id"], scene) else { return }
    parts.findings.append(
        Finding(
            .correctionForeign,
            "\(padded(foreign.packet)) was written by somebody else; a correction by others must not be accepted (XEP-0308 section 4)."
        )
    )
}

extension FindingCode {
    static let correctionForeign = warning(
        "message.correction.foreign",
        "XEP-0308 section 4",
        "A message is corrected by somebody who did not write it. A client that accepts this lets others put words into people's mouths."
    )
}
