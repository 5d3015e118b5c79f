import Conversation
import SASL
import XMLStream
import XMPP

/// A login that is carried on for real in place of a recorded one.
struct Login {
    /// What is done, which may be another one than recorded.
    let mechanism: String
    var client: any SASLClient
    let recorded: RecordedLogin
    /// The namespace of the exchange: of SASL (RFC 6120 section 6) or of SASL2 (XEP-0388).
    let namespace: String
    /// Set when the server's proof was wrong, which a client must not pass over.
    var problem: String?

    /// The recorded first message with this login's mechanism and data in place, as it is to be in the stream.
    static func opening(
        _ element: Element,
        _ recorded: [UInt8],
        _ syntax: StreamSyntax?,
        mechanism: String,
        data: [UInt8]?
    ) -> [UInt8] {
        let text = data.map(SASLData.text)
        let hasText = ValueRewriter.values(in: recorded).contains { isData($0.slot) }
        if hasText || text == nil {
            let bytes = ValueRewriter.rewrite(recorded) { value in
                if value.slot.attribute == "mechanism" { return mechanism }
                return isData(value.slot) ? text ?? "" : nil
            }
            return syntax?.fitting(bytes, element) ?? bytes
        }
        // The recorded mechanism had nothing to say at first; this one has.
        return Array("<auth xmlns='\(NS.sasl)' mechanism='\(mechanism)'>\(text ?? "")</auth>".utf8)
    }

    private static func isData(_ slot: ValueSlot) -> Bool {
        slot.attribute == nil && (slot.element == "auth" || slot.element == "initial-response")
    }

    func response(_ data: [UInt8]) -> [UInt8] {
        Array("<response xmlns='\(namespace)'>\(Base64.encode(data))</response>".utf8)
    }

    var abort: [UInt8] { Array("<abort xmlns='\(namespace)'/>".utf8) }
}
