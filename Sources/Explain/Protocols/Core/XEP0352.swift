import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Client state indication (XEP-0352).
    static let clientState: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0352", "client state indication", [NS.clientState])
        entry.feature = { _ in .clause("client state indication (XEP-0352)") }
        entry.teller = { StatelessTeller(body: tellClientState) }
        return entry
    }()
}

private func tellClientState(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    switch (place, element.name) {
    case (.nonza, "active"): return Telling("The client says that somebody is looking at it (XEP-0352).")
    case (.nonza, "inactive"):
        return Telling(
            "The client says that nobody is looking at it; the server may hold back what is not urgent (XEP-0352)."
        )
    default: return nil
    }
}
