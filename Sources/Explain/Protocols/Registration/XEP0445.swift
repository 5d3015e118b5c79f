import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Registering with an invitation (XEP-0445, XEP-0379).
    static let preAuthentication: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0445",
            "Pre-Authenticated In-Band Registration",
            [NS.preAuthentication, NS.registrationToken]
        )
        entry.secrets = [.attribute("token", of: nil, NS.preAuthentication)]
        entry.feature = { _ in .clause("registering with an invitation's token (XEP-0445)") }
        entry.topic = { _ in "an invitation to register (XEP-0445)" }
        entry.teller = { StatelessTeller(body: tellPreAuthentication) }
        return entry
    }()
}

private func tellPreAuthentication(_ preauth: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene)
    -> Telling?
{
    guard let iq = packet.element else { return nil }
    switch (place, packet.direction) {
    case (.request, .clientToServer):
        return Telling("The client shows an invitation\(shownToken(preauth)), so that it may register (XEP-0445).")
    case (.answer(let request?), .serverToClient):
        let token = request.element.child("preauth", NS.preAuthentication).map(shownToken) ?? ""
        if iq["type"] == "result" {
            scene.registration.invitation = .accepted(packet.number)
            return Telling("The server accepts the invitation\(token); the client may register now.")
        }
        guard let error = StanzaError(of: iq) else { return nil }
        scene.registration.invitation = .refused(packet.number)
        let why =
            error.known == .itemNotFound ? "it is unknown, has expired or was used up (item-not-found)" : error.told
        return Telling(
            "The server does not accept the invitation\(token): \(why).\(error.says) Where registration is open without one, the client may register all the same."
                .collapsingStops,
            error.findings
        )
    default: return nil
    }
}

private func shownToken(_ preauth: Element) -> String {
    preauth["token"].map { $0.isEmpty ? " (an empty token)" : " \($0.quoted(limit: 60))" } ?? " without a token"
}
