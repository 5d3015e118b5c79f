import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Stream compression (XEP-0138, obsolete).
    static let compression: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0138", "stream compression", [NS.compression, NS.compressionFeature])
        entry.codes = [.compressionEarly]
        entry.feature = { feature in
            guard feature.name == "compression" else { return nil }
            let methods = feature.children.filter { $0.name == "method" }.map { $0.text.shown(limit: 40) }
            return .clause("compression by \(methods.isEmpty ? "no method" : methods.listed("or"))")
        }
        entry.conditions = [
            "setup-failed": "the server could not set compression up",
            "unsupported-method": "the server does not support the method",
            "processing-failed": "what was compressed could not be unpacked",
        ]
        entry.teller = { CompressionTeller() }
        return entry
    }()
}

private struct CompressionTeller: Teller {
    private var story: Int?

    mutating func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? {
        guard place == .nonza, element.namespace == NS.compression else { return nil }
        let sender = scene.sender(of: packet).start
        switch (element.name, packet.direction) {
        case ("compress", .clientToServer):
            let method = element.child("method")?.text.shown(limit: 40) ?? "an unnamed method"
            story = scene.stories.begin(.compression, method, packet)
            return Telling("\(sender) asks to compress the stream by \(method).", early(scene))
        case ("compressed", .serverToClient):
            if let story { scene.stories.settle(story, .succeeded, packet) }
            return Telling("\(sender) agrees: everything after this is compressed.")
        case ("failure", .serverToClient): return failed(element, sender, packet, &scene)
        default: return nil
        }
    }

    private func early(_ scene: Scene) -> [Finding] {
        if scene.account.isAuthenticated || scene.beginsInMiddle || scene.streamKind != .client { return [] }
        return [
            Finding(
                .compressionEarly,
                "compression belongs behind the login (XEP-0170 section 2.2); servers often refuse it before."
            )
        ]
    }

    private mutating func failed(_ element: Element, _ sender: String, _ packet: Packet, _ scene: inout Scene)
        -> Telling
    {
        let condition = element.children.first { $0.name != "text" }
        let name = condition?.name.shown(limit: 60) ?? "no condition"
        let meaning =
            condition.flatMap { ProtocolEntry.compression.conditions[$0.name] } ?? "it gives no reason that is known"
        let cause = Cause(
            why: "\(meaning) (\(name))",
            remedy: scene.account.isAuthenticated || scene.beginsInMiddle
                ? "" : "Log in first, then ask for compression."
        )
        if let story { scene.stories.settle(story, .failed(cause), packet) }
        return Telling("\(sender) does not compress the stream: \(cause.why). The stream goes on uncompressed.")
    }
}

extension FindingCode {
    static let compressionEarly = note(
        "compression.before-login",
        "XEP-0170 section 2.2",
        "Compression is negotiated after the login; before it, servers answer with setup-failed."
    )
}
