import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// When somebody was last there, or how long something has been running (XEP-0012).
    static let lastActivity: ProtocolEntry = {
        let namespace = "jabber:iq:last"
        var entry = ProtocolEntry("XEP-0012", "Last Activity", [namespace])
        entry.volatile = [.attribute("seconds", of: "query", namespace)]
        entry.codes = [.lastSeconds]
        entry.teller = { StatelessTeller(body: tellLast) }
        return entry
    }()
}

extension FindingCode {
    static let lastSeconds = warning(
        "last.seconds",
        "XEP-0012 section 2",
        "The answer must tell the time in seconds since the last activity, as a whole number. Without that it says nothing."
    )
}

/// What is asked depends on whom: an account, one of its sessions, or a server (XEP-0012 sections 3 to 5).
private enum LastQuestion {
    case account
    case session
    case service

    init(_ party: Party) {
        switch party.role {
        case .server: self = party.isAccount ? .account : .service
        case .service, .component, .peerServer, .room: self = .service
        case .client, .ownSession, .occupant: self = .session
        case .contact: self = party.address.flatMap { JID($0).resource } == nil ? .account : .session
        }
    }

    func asked(of name: String) -> String {
        switch self {
        case .account: "when \(name) was last online"
        case .session: "how long \(name) has been idle"
        case .service: "how long \(name) has been running"
        }
    }
}

private func tellLast(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let speaker = scene.speaker(of: iq, in: packet)
    switch place {
    case .request where iq["type"] == "get":
        let addressee = scene.addressee(of: iq, in: packet)
        let name = addressee.isAccount ? "the client's own account" : addressee.name
        return Telling("\(speaker.start) asks \(LastQuestion(addressee).asked(of: name))\(scene.cite("XEP-0012")).")
    case .answer where iq["type"] == "result":
        guard let own = iq.child("query", "jabber:iq:last") else { return nil }
        return tellSince(own, speaker)
    case .answer where iq["type"] == "error":
        let question = LastQuestion(speaker).asked(of: "it")
        return People.refusal(iq, packet, scene, does: "does not tell \(question)", noun: "the question \(question)") {
            $0 == .forbidden ? "whoever asks may not see its presence" : nil
        }
    case .request, .answer, .nonza, .message, .presence: return nil
    }
}

private func tellSince(_ query: Element, _ speaker: Party) -> Telling? {
    let name = speaker.isAccount ? "The client's own account" : speaker.start
    let status = query.text.trimmed
    guard let seconds = query["seconds"].flatMap({ Int($0) }), seconds >= 0 else {
        return Telling(
            "\(speaker.start) answers without the time that was asked for.",
            [Finding(.lastSeconds, "seconds= must be there and a number, which it is not (XEP-0012 section 2).")]
        )
    }
    let span = People.duration(seconds)
    switch LastQuestion(speaker) {
    case .account where seconds == 0: return Telling("\(name) is online now.")
    case .account:
        let left = status.isEmpty ? "" : ", and left with \(status.quoted(limit: 120))"
        return Telling("\(name) was last online \(span) ago\(left).".collapsingStops)
    case .session: return Telling("\(name) has been idle for \(span).")
    case .service: return Telling("\(name) has been running for \(span).")
    }
}
