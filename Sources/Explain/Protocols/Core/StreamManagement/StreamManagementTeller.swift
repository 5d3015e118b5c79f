import Session
import XMLStream
import XMPP

/// Follows both counters as stanzatap sees them, over all connections that a session was resumed on. It counts what passes, so it
/// is a referee.
struct StreamManagementTeller: Teller {
    /// Nil until stream management was asked for on this connection.
    var session: ManagedSession?
    /// The session that could not be resumed, whose stanzas may be sent again.
    var former: ManagedSession?
    /// Stanzas of each direction before that.
    private var before: (clients: UInt32, servers: UInt32) = (0, 0)
    /// The packets that turned it on and asked to turn it on.
    var enabled: Int?
    private var asked: Int?
    /// How long the client wants to be able to resume, in seconds.
    private var wanted: Int?
    var resumption: Resumption?

    /// What the client asked to resume.
    struct Resumption {
        let previd: String?
        let h: UInt32?
        let story: Int?
    }

    // MARK: Counting

    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding] {
        guard let element = packet.element else { return [] }
        if NS.stanzas.contains(element.namespace) {
            guard ["iq", "message", "presence"].contains(element.name) else { return [] }
            return count(element, packet, scene)
        }
        return element.namespace == NS.sasl2 ? passLogin(element, packet, &scene) : []
    }

    private mutating func count(_ element: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
        guard let session, session.isCounting(packet.direction) else {
            switch packet.direction {
            case .clientToServer: before.clients &+= 1
            case .serverToClient: before.servers &+= 1
            }
            return []
        }
        let place = PacketPlace(connection: scene.connection, packet: packet.number)
        let stanza = SentStanza(element, place, isClients: packet.direction == .clientToServer)
        session.count(stanza, packet.direction)
        if session.id != nil {
            (session.address, session.rooms) = (scene.account.boundJID, scene.rooms)
            if element.name != "message" { session.software = (scene.software, scene.serverSoftware) }
        }
        return sentAgain(stanza, packet.direction, scene)
    }

    /// A login by SASL2 may turn it on, or resume, in the same step (XEP-0386, XEP-0198 section 8).
    private mutating func passLogin(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> [Finding] {
        if element.name == "authenticate", let resume = element.child("resume", NS.streamManagement3) {
            resumption = Resumption(previd: resume["previd"], h: resume["h"].flatMap { UInt32($0) }, story: nil)
        }
        guard element.name == "success" else { return [] }
        if let resumed = element.child("resumed", NS.streamManagement3) {
            let told = goOn(resumed, packet, &scene)
            scene.lostBeforeResumption = told.lost
            return told.findings
        }
        if let failed = element.child("failed", NS.streamManagement3) {
            scene.lostBeforeResumption = leaveFormer(failed, scene)
        }
        if let enabled = (element.child("bound", NS.bind2) ?? element.child("bound", NS.olderBind2))?.child(
            "enabled",
            NS.streamManagement3
        ) {
            let new = ManagedSession()
            for direction in Direction.allCases { new.begin(direction) }
            session = new
            keep(enabled, packet, scene)
        }
        return []
    }

    private mutating func keep(_ enabled: Element, _ packet: Packet, _ scene: Scene) {
        self.enabled = packet.number
        guard let session, let id = enabled["id"], ["true", "1"].contains(enabled["resume"]) else { return }
        session.id = id
        (session.account, session.address) = (scene.bareJID, scene.account.boundJID)
        (session.connection, session.software) = (scene.connection, (scene.software, scene.serverSoftware))
        scene.memory.keep(session, as: id)
    }

    // MARK: Telling

    mutating func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? {
        guard place == .nonza else { return nil }
        switch (element.name, packet.direction) {
        case ("enable", .clientToServer): return enable(element, packet, &scene)
        case ("enabled", .serverToClient): return enabled(element, packet, scene)
        case ("r", _): return off(requested(packet, scene), scene)
        case ("a", _): return off(acknowledged(element, packet, scene), scene)
        case ("resume", .clientToServer): return resume(element, packet, &scene)
        case ("resumed", .serverToClient): return resumed(element, packet, &scene)
        case ("failed", .serverToClient): return failed(element, packet, &scene)
        default: return nil
        }
    }

    /// What is wrong where nobody turned stream management on.
    private func off(_ telling: Telling, _ scene: Scene) -> Telling {
        guard session == nil, enabled == nil, !scene.beginsInMiddle else { return telling }
        var telling = telling
        telling.findings.append(
            Finding(
                .managementOff,
                "stream management was not turned on, so nobody counts stanzas yet (XEP-0198 section 4)."
            )
        )
        return telling
    }

    private mutating func enable(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        asked = packet.number
        let cited = scene.cite("XEP-0198")
        if let enabled {
            return Telling(
                "The client asks to turn on stream management a second time\(cited).",
                [
                    Finding(
                        .managementTwice,
                        "it is on since \(padded(enabled)) already; turning it on twice is an error (XEP-0198 section 3)."
                    )
                ]
            )
        }
        session = ManagedSession()
        session?.begin(.clientToServer)
        wanted = element["max"].flatMap { Int($0) }
        let canResume = ["true", "1"].contains(element["resume"])
        let time = wanted.map { " for \($0) s" } ?? ""
        let resume = canResume ? " and a broken connection can be resumed\(time)" : ""
        // Servers bind no resource; and what was not read may have granted one.
        let isEarly =
            scene.isWholeClientStream && packet.otherDirectionIsReadable && scene.account.boundJID == nil
            && (scene.account.isAuthenticated || !scene.order.isAhead)
        let not = scene.account.isAuthenticated ? "no resource is bound" : "the client has not logged in"
        let early = Finding(
            .managementEarly,
            "\(not) yet, which has to be done first (XEP-0198 section 3)."
        )
        return Telling(
            "The client asks to turn on stream management, so that lost stanzas are noticed\(resume)\(cited).\(InstantResumption.asked(element))",
            isEarly ? [early] : []
        )
    }

    private mutating func enabled(_ element: Element, _ packet: Packet, _ scene: Scene) -> Telling {
        if session == nil {
            session = ManagedSession()
            if !scene.beginsInMiddle { session?.begin(.clientToServer) }
        }
        session?.begin(.serverToClient)
        keep(element, packet, scene)
        var resume = ""
        if session?.id != nil {
            resume = " and lets the client resume after a break"
            if let seconds = element["max"].flatMap({ Int($0) }) {
                let other =
                    wanted.flatMap { $0 == seconds ? nil : $0 }.map { ", not \($0) s as the client wants" } ?? ""
                resume += ", within \(seconds) s\(other)"
            }
        }
        return Telling(
            "The server turns on stream management\(resume).\(InstantResumption.given(element))",
            resumeFindings(element["location"] ?? InstantResumption.location(element))
        )
    }

    private func resumeFindings(_ location: String?) -> [Finding] {
        guard let location else { return [] }
        return [Finding(.resumeElsewhere, "the client shall resume at \(location.quoted()), past stanzatap.")]
    }

    /// `<r/>`: what was sent and is not acknowledged yet is what the question is about.
    private func requested(_ packet: Packet, _ scene: Scene) -> Telling {
        let sender = scene.sender(of: packet)
        guard let session, let open = session.queue(packet.direction)?.open else {
            return Telling("\(sender.start) asks how many stanzas have arrived.")
        }
        session.change(packet.direction) { $0.request() }
        let which = open.lazy.map(\.place).told(from: scene.connection)
        let rest =
            switch open.count {
            case 0: "; all that it sent is acknowledged"
            case 1: "; \(which) is not acknowledged yet"
            default: "; \(open.count) are not acknowledged yet: \(which)"
            }
        return Telling("\(sender.start) asks how many of its stanzas have arrived\(rest).")
    }

    private mutating func failed(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        // Only an answer to <resume/> has a count, or says that something is unknown.
        let isOfResuming = element["h"] != nil || ManagementFailure(element).condition == .itemNotFound
        if resumption != nil || isOfResuming {
            return refusedResumption(ManagementFailure(element), element, packet, &scene)
        }
        let failure = ManagementFailure(element)
        let isOn = enabled != nil && asked ?? 0 > enabled ?? 0
        let why = isOn ? "it is on already" : failure.reason(scene)
        if enabled == nil { session = nil }
        // What it answers may have been asked before the recording.
        let what = asked == nil ? "stream management, or to resume a session" : "stream management"
        return Telling("The server refuses \(what): \(why)\(failure.name).\(failure.says)".collapsingStops)
    }

    /// The stanzas of that direction that went before stream management began.
    func earlier(_ direction: Direction) -> UInt32 {
        switch direction {
        case .clientToServer: before.clients
        case .serverToClient: before.servers
        }
    }
}
