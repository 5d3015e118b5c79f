import XMLStream
import XMPP

extension ProtocolEntry {
    /// Delivery receipts (XEP-0184).
    static let receipts: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0184", "Message Delivery Receipts", ["urn:xmpp:receipts"])
        entry.codes = [.receiptID, .receiptLoop]
        entry.part = addReceipt
        return entry
    }()
}

private func addReceipt(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    switch element.name {
    case "request":
        parts.wantsDelivery = true
        if parts.message.child("received", element.namespace) != nil {
            parts.findings.append(
                Finding(
                    .receiptLoop,
                    "a receipt asks for a receipt itself, which two programs could go on with for ever; it must not (XEP-0184 section 5.4)."
                )
            )
        }
    case "received":
        if element["id"]?.isEmpty != false {
            parts.findings.append(
                Finding(
                    .receiptID,
                    "the receipt does not say which message arrived; <received/> must have an id (XEP-0184 section 7)."
                )
            )
        }
        parts.deeds.append(
            .init(
                rank: 10,
                verb: "has received \(parts.meant(element["id"], scene))",
                isClaim: true,
                label: "delivery receipt",
                reference: "XEP-0184"
            )
        )
    default: parts.others.append(element)
    }
}

extension FindingCode {
    static let receiptID = warning(
        "receipt.id.missing",
        "XEP-0184 section 7",
        "The receipt has no id, so that its receiver cannot know which message arrived. The first versions of XEP-0184 had none."
    )
    static let receiptLoop = warning(
        "receipt.loop",
        "XEP-0184 section 5.4",
        "A message that is a receipt asks for a receipt in turn. Two such programs answer each other without end."
    )
}
