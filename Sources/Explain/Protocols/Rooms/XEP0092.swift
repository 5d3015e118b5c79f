import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Which program somebody uses (XEP-0092).
    static let softwareVersion: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0092", "Software Version", [NS.softwareVersion])
        entry.codes = [.versionIncomplete]
        entry.teller = { StatelessTeller(body: tellVersion) }
        return entry
    }()
}

private func tellVersion(_ query: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let iq = packet.element else { return nil }
    let speaker = scene.speaker(of: iq, in: packet)
    let addressee = scene.addressee(of: iq, in: packet)
    switch place {
    case .request where iq["type"] == "get":
        return Telling("\(speaker.start) asks which program \(addressee.name) is\(scene.cite("XEP-0092")).")
    case .answer where iq["type"] == "result":
        guard let own = iq.child("query", NS.softwareVersion), let program = program(own) else {
            return Telling("\(speaker.start) does not say which program it is.", incomplete(iq))
        }
        let isClients = speaker.role == .client && packet.direction == .clientToServer
        return Telling(
            isClients ? "The client tells \(addressee.name) that it is \(program)." : "\(speaker.start) is \(program).",
            incomplete(iq)
        )
    case .answer where iq["type"] == "error":
        return People.refusal(
            iq,
            packet,
            scene,
            does: "does not say which program it is",
            noun: "the question which program it is"
        )
    case .request, .answer, .nonza, .message, .presence: return nil
    }
}

private func incomplete(_ iq: Element) -> [Finding] {
    let query = iq.child("query", NS.softwareVersion)
    let names = ["name", "version"].filter { query?.child($0) == nil }.map { "<\($0)/>" }
    if names.isEmpty { return [] }
    return [
        Finding(
            .versionIncomplete,
            "there is no \(names.joined(separator: " and no ")), which an answer must have (XEP-0092 section 2)."
        )
    ]
}

extension FindingCode {
    static let versionIncomplete = warning(
        "version.incomplete",
        "XEP-0092 section 2",
        "An answer must name the program and its version. Programs that keep them to themselves should refuse to answer."
    )
}

/// `Gajim 2.0 on Linux`; nil if no name is given.
private func program(_ query: Element) -> String? {
    let name = People.text(query, "name")
    let version = People.text(query, "version")
    let system = People.text(query, "os")
    if name == nil, version == nil, system == nil { return nil }
    let program = [name ?? "a program without a name", version.map { name == nil ? "version \($0)" : $0 }]
        .compactMap { $0?.shown(limit: 80) }.joined(separator: " ")
    return program + (system.map { " on \($0.shown(limit: 80))" } ?? "")
}
