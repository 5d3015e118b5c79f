import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// What time it is where somebody is, in the form before XEP-0202 (XEP-0090).
    static let legacyTime: ProtocolEntry = {
        let namespace = "jabber:iq:time"
        var entry = ProtocolEntry("XEP-0090", "Legacy Entity Time", [namespace])
        entry.volatile = [.text("utc", namespace), .text("display", namespace)]
        entry.teller = { StatelessTeller(body: tellLegacyTime) }
        return entry
    }()
}

private func tellLegacyTime(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let speaker = scene.speaker(of: iq, in: packet).start
    switch place {
    case .request where iq["type"] == "get":
        return Telling(
            "\(speaker) asks \(scene.addressee(of: iq, in: packet).name) for its time, in the old form that XEP-0202 replaced\(scene.cite("XEP-0090"))."
        )
    case .answer where iq["type"] == "result":
        guard let utc = People.text(iq.child("query"), "utc") else { return nil }
        let zone = People.text(iq.child("query"), "tz").map { ", and its time zone is \($0.quoted(limit: 40))" } ?? ""
        return Telling("\(speaker) says that its clock shows \(utc.quoted(limit: 40)) in UTC\(zone).")
    case .answer where iq["type"] == "error":
        return People.refusal(iq, packet, scene, does: "does not tell its time", noun: "the question for the time")
    case .request, .answer, .nonza, .message, .presence: return nil
    }
}
