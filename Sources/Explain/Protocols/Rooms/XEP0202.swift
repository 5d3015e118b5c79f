import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// What time it is where somebody is (XEP-0202).
    static let entityTime: ProtocolEntry = {
        let namespace = "urn:xmpp:time"
        var entry = ProtocolEntry("XEP-0202", "Entity Time", [namespace])
        entry.topic = { _ in "the time (XEP-0202)" }
        entry.volatile = [.text("utc", namespace)]
        entry.codes = [.timeNotUTC, .timeIncomplete]
        entry.teller = { StatelessTeller(body: tellTime) }
        return entry
    }()
}

extension FindingCode {
    static let timeIncomplete = warning(
        "time.incomplete",
        "XEP-0202 section 2",
        "An answer must hold both the time in UTC and the offset of the time zone, for the time at the other end follows from both."
    )
    static let timeNotUTC = warning(
        "time.utc.not-utc",
        "XEP-0202 section 2",
        "The time in <utc/> does not end in Z, and not in an offset of zero either. It has to be given in UTC: who ignores the end, or finds none, takes it for another time. Send UTC, as in 2006-12-19T17:58:35Z, and the offset in <tzo/>."
    )
}

private func tellTime(_ time: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element, time.name == "time" else { return nil }
    let speaker = scene.speaker(of: iq, in: packet).start
    switch place {
    case .request where iq["type"] == "get":
        return Telling("\(speaker) asks \(scene.addressee(of: iq, in: packet).name) for its time (XEP-0202).")
    case .answer where iq["type"] == "result":
        return tellClock(time, of: speaker, isGiven: iq.child("time", time.namespace) != nil)
    case .answer where iq["type"] == "error":
        return People.refusal(iq, packet, scene, does: "does not tell its time", noun: "the question for the time")
    case .request, .answer, .nonza, .message, .presence: return nil
    }
}

/// What a clock shows, and in which time zone; nil where the answer is empty.
private func tellClock(_ time: Element, of speaker: String, isGiven: Bool) -> Telling? {
    let utc = time.child("utc")?.text.trimmed ?? ""
    let offset = time.child("tzo")?.text.trimmed ?? ""
    let zone = "its offset from UTC is \(offset.quoted(limit: 20))"
    let clock = "its clock shows \(utc.quoted(limit: 40))"
    switch (utc.isEmpty, offset.isEmpty) {
    case (true, true):
        return isGiven ? Telling("\(speaker) does not say what time it is.", [incomplete("<utc/> and no <tzo/>")]) : nil
    case (true, false):
        return Telling("\(speaker) says that \(zone), but not what time it is.", [incomplete("<utc/>")])
    case (false, true): return Telling("\(speaker) says that \(clock).", notUTC(utc) + [incomplete("<tzo/>")])
    case (false, false): return Telling("\(speaker) says that \(clock), and \(zone).", notUTC(utc))
    }
}

private func incomplete(_ name: String) -> Finding {
    Finding(.timeIncomplete, "there is no \(name), which must be there (XEP-0202 section 2).")
}

/// An offset of zero is UTC in the end, so nothing is said of it.
private func notUTC(_ utc: String) -> [Finding] {
    guard !["Z", "+00:00", "-00:00"].contains(where: utc.hasSuffix) else { return [] }
    return [Finding(.timeNotUTC, "the time in <utc/> does not end in Z, as UTC does (XEP-0202 section 2).")]
}
