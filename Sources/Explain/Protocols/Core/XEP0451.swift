import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// One stream for several domains of two servers (XEP-0451).
    static let multiplexing: ProtocolEntry = {
        let namespace = "urn:xmpp:mux:0"
        var entry = ProtocolEntry("XEP-0451", "Stanza Multiplexing", [namespace])
        entry.secrets = [.text("mux", namespace)]
        entry.volatile = [.text("mux", namespace)]
        entry.feature = { feature in
            let hosts = feature.children.filter { $0.name == "host" }.prefix(50).map {
                $0.text.trimmed.shown(limit: 100)
            }
            return .clause(
                "stanzas of several domains on one stream (XEP-0451)"
                    + (hosts.isEmpty ? "" : ", also of \(Say.some(Array(hosts)))")
            )
        }
        entry.teller = { StatelessTeller(body: tellMultiplexing) }
        return entry
    }()
}

private func tellMultiplexing(_ mux: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    switch place {
    case .nonza:
        let host = mux["host"]?.nonEmpty?.shown(limit: 100) ?? "a domain that it does not name"
        return Telling(
            "\(scene.sender(of: packet).start) proves by a secret that its stanzas of \(host) may come on this stream too (XEP-0451)."
        )
    case .request:
        guard let iq = packet.element, iq["type"] == "set" else { return nil }
        let (speaker, addressee) = (scene.speaker(of: iq, in: packet), scene.addressee(of: iq, in: packet))
        return Telling(
            "\(speaker.start) sends \(addressee.name) a secret by which it can prove on another stream whose stanzas these are (XEP-0451)."
        )
    case .answer:
        guard let iq = packet.element, iq["type"] == "result" else { return nil }
        return Telling("\(scene.speaker(of: iq, in: packet).start) has checked the secret.")
    case .message, .presence: return nil
    }
}
