import Session
import XMLStream
import XMPP

/// Tells what the packets of one connection do. Packets must come in the order of their numbers.
public struct Explainer {
    private var scene = Scene()
    /// What of the client was known after the last packet.
    private var known: (isAuthenticated: Bool, address: String?) = (false, nil)
    /// Made when they are asked first; by their rows in the table.
    private var tellers = [(any Teller)?](repeating: nil, count: ProtocolTable.entries.count)
    /// Those that see every packet, in the order of `ProtocolTable.referees`.
    private var referees: [any Teller] = ProtocolTable.makeReferees()

    /// - Parameters:
    ///   - connection: its number in the recording.
    ///   - memory: what all connections of the recording share.
    public init(connection: Int = 1, memory: RecordingMemory = RecordingMemory()) {
        scene.connection = connection
        scene.memory = memory
    }

    /// The domain that the connection is about, once a stream header told it.
    public var domain: String? { scene.domain }

    /// What began and ended over several packets so far, in the order of the beginnings.
    public var stories: [Story] { scene.stories.all }

    /// What a side is called in the middle of a sentence: `the client`, `the component`, `mail.example`.
    public func name(of side: Side) -> String { scene.carrier(side).name }

    /// The same at the beginning of a sentence.
    public func startName(of side: Side) -> String { scene.carrier(side).start }

    /// Who the client is, if the packet that was explained last made more of that known than was known before it; nil if not.
    public mutating func clientNews(of packet: Packet) -> ClientFacts? {
        let isNewSoftware =
            packet.direction == .clientToServer && scene.streamKind == .client
            && packet.element.map { scene.software.learn(from: $0) } == true
        let account = scene.account
        let isNewAccount = account.isAuthenticated != known.isAuthenticated || account.boundJID != known.address
        guard isNewSoftware || isNewAccount else { return nil }
        known = (account.isAuthenticated, account.boundJID)
        let address = account.boundJID ?? (account.isAuthenticated ? scene.bareJID : nil)
        return ClientFacts(account: address?.shown(limit: 200), software: scene.software.facts?.name)
    }

    /// What the packet does, and what is odd about it.
    public mutating func explain(_ packet: Packet) -> Telling {
        if packet.beginsInMiddle { scene.beginsInMiddle = true }
        var findings = refereeFindings(packet)
        if scene.afterLogin != .nothing, packet.direction == .clientToServer {
            findings += scene.restartFindings(packet)
        }
        findings += scene.orderFindings(packet)
        learnServer(packet)
        var telling = tellKind(packet)
        if let element = packet.element { telling.text += toldInside(element, &scene) }
        if scene.account.isAuthenticated, scene.account.authenticatedBy == nil {
            scene.account.authenticatedBy = packet.number
        }
        findings += scene.domainFormFindings(packet) + circumstances(packet) + scene.formFindings(packet)
        // What somebody who knows the protocol has found says it better, and would be said twice.
        if !telling.findings.contains(where: { $0.severity == .warning }) {
            findings += faults(in: packet, isOfClient: scene.streamKind == .client)
        }
        if !findings.isEmpty { telling.findings += findings }
        if let request = packet.answers {
            telling.text += told(answerTo: request, packet)
            if packet.pairing.isGuess, scene.guessedAnswers.count < 1000 {
                scene.guessedAnswers.insert(request.element["id"])
            }
        }
        telling.step = scene.stories.takeStep()
        return telling
    }

    /// What the client's server says of itself; what others say comes from other addresses.
    private mutating func learnServer(_ packet: Packet) {
        guard packet.direction == .serverToClient, let element = packet.element, scene.streamKind == .client else {
            return
        }
        if element.name == "iq" {
            guard element["type"] == "result", packet.answers != nil, element["from"] == scene.domain else { return }
        }
        _ = scene.serverSoftware.learn(from: element)
    }

    /// What client and server call themselves, as far as they have said so.
    public var software: (client: SoftwareFacts?, server: SoftwareFacts?) {
        (scene.software.facts, scene.serverSoftware.facts)
    }

    // MARK: What the network does

    /// Told when the bytes of both directions can no longer be read.
    public mutating func becameOpaque(_ reason: Opaque) {
        switch reason {
        case .startTLS, .directTLS, .laterTLS, .earlierTLS: scene.encryption.isOpaque = true
        case .compression: break
        }
        scene.offers.awaitsTLS = false
    }

    /// Told when TLS with that side was established by stanzatap, which decrypts it.
    ///
    /// - Parameters:
    ///   - hidesChannelBinding: false if stanzatap leaves the mechanisms of channel binding in what the client sees
    ///     (`--channel-binding keep`).
    ///   - serverName: what the client asked for by SNI.
    public mutating func tlsBegan(with side: Side, hidesChannelBinding: Bool, serverName: String? = nil) {
        scene.offers.awaitsTLS = false
        scene.encryption.sides.insert(side)
        guard side == .client else { return }
        scene.encryption.hidesPlus = hidesChannelBinding
        scene.encryption.serverName = serverName
    }

    /// Told when TLS with that side did not come about.
    ///
    /// - Parameters:
    ///   - reason: a clause.
    ///   - remedy: what would help, sentences or nothing.
    public mutating func tlsFailed(with side: Side, reason: String, remedy: String) {
        let cause = Cause(why: reason, remedy: remedy)
        // Where stanzatap refuses TLS to the client in the server's place, that packet tells of it.
        guard side == .client || scene.encryption.isReplay else { return }
        if let story = scene.encryption.story {
            scene.stories.change(story) { $0.story.state = .failed(cause) }
        } else {
            scene.tlsFailure = "TLS with the \(side) failed: \(reason).\(remedy.isEmpty ? "" : " \(remedy)")"
        }
    }

    /// Told before the first packet of a recording that a replay made of itself: it has one side on the network only.
    public mutating func replayBegan() { scene.encryption.isReplay = true }

    /// Told before the first packet if what was said before is not in the recording.
    public mutating func beganInMiddle() { scene.beginsInMiddle = true }

    /// Told when a direction can no longer be read, or when some of it is missing.
    public mutating func lostSight(of direction: Direction) { scene.unreadable.insert(direction) }

    /// Told when bytes of a direction are missing: what was asked, agreed upon or refused may stand in them.
    public mutating func lostBytes(of direction: Direction) {
        lostSight(of: direction)
        scene.beginsInMiddle = true
        scene.offers.awaitsTLS = false
    }

    /// Told when the bytes of a direction stop being XML: the summary says so, and where.
    public mutating func broke(_ direction: Direction, _ breakage: Breakage) {
        lostSight(of: direction)
        scene.breakages.append((direction, breakage))
    }

    /// Told when white space came alone. Returns what is wrong with that, a clause to stand behind what happened; nil if nothing.
    public mutating func keptAlive(_ direction: Direction) -> String? {
        guard scene.login?.isSASL2 == true else { return nil }
        scene.login?.hadWhiteSpace = true
        return "during a login by SASL2 nothing may be sent in between, not even white space (XEP-0388 section 2.4)"
    }

    /// What happened on the whole, in a sentence or two; `facts` is the account of packets, time and encryption.
    public func summary(facts: String, unanswered: [Request]) -> String {
        scene.summary(facts: facts, unanswered: unanswered)
    }

    /// A line for each story, but for single requests that were answered.
    public var storyLines: [String] { scene.storyLines }

    /// What client and server call themselves, a line to stand behind the summary; nil if neither has said it.
    public var softwareLine: String? { scene.softwareLine }

    /// A line for each thing that was done on the connection beside logging in, to stand behind the summary.
    public var storyLinesOfSummary: [String] { scene.storyLinesOfSummary }

    /// What went wrong, a line for each, with the numbers of the packets; to stand behind the summary.
    public func troubles(unanswered: [Request]) -> [String] { scene.troubles(unanswered: unanswered) }

    /// What only the end tells of earlier packets, in their order.
    public func lateFindings(unanswered: [Request]) -> [LateRemark] { scene.lateFindings(unanswered: unanswered) }

    // MARK: Which telling

    private mutating func tellKind(_ packet: Packet) -> Telling {
        switch packet.kind {
        case .header(let element, let restart):
            return tellHeader(element, restart: restart, packet, &scene)
        case .end:
            return Telling("\(scene.sender(of: packet).start) closes its stream.")
        case .oversized(let limit):
            return Telling("A packet of \(packet.byteCount) bytes that is not taken apart, because \(limit).")
        case .element(let element):
            return tellChange(element, packet) ?? tell(element, packet)
        }
    }

    /// What the server really offers is told by its own features; that stanzatap refuses TLS in its place is a case of its own.
    private mutating func tellChange(_ element: Element, _ packet: Packet) -> Telling? {
        guard let original = packet.original?.element else { return nil }
        if original.is("features", NS.streams) { return tellFeatures(original, packet, &scene) }
        guard original.is("proceed", NS.tls) else { return nil }
        return tellRefusedTLS(packet, &scene)
    }

    private mutating func tell(_ element: Element, _ packet: Packet) -> Telling {
        switch element.namespace {
        case NS.streams where element.name == "features": return tellFeatures(element, packet, &scene)
        case NS.streams where element.name == "error": return tellStreamError(element, packet, &scene)
        case NS.client, NS.server, NS.component:
            if let telling = stanza(element, packet) { return telling }
        default: break
        }
        return ask(element, at: .nonza, packet) ?? tellUnknown(element, packet, scene)
    }

    private mutating func stanza(_ element: Element, _ packet: Packet) -> Telling? {
        guard ["iq", "message", "presence"].contains(element.name) else { return nil }
        scene.counts.stanzas += 1
        scene.counts.last[packet.direction] = (packet.number, packet.time)
        if scene.beginsInMiddle { scene.learnOwnAddress(from: element, packet) }
        let early = scene.earlyFindings(element, packet) + scene.addressFindings(element, packet)
        let parties = (scene.speaker(of: element, in: packet), scene.addressee(of: element, in: packet))
        scene.speaking = (packet.number, parties.0, parties.1)
        var telling =
            switch element.name {
            case "iq": iq(element, packet)
            // What came back carries what was sent, which is not said again by that.
            case "message" where element["type"] == "error":
                tellRoomBounce(element, packet, scene) ?? tellMessage(element, packet, &scene)
            case "message":
                tellVoiceRequest(element, packet, scene) ?? askChildren(of: element, at: .message, packet)
                    ?? tellMessage(element, packet, &scene)
            default: askChildren(of: element, at: .presence, packet) ?? tellPresence(element, packet, &scene)
            }
        if element.name == "message" { scene.remember(element, packet) }
        if !early.isEmpty { telling.findings += early }
        telling.roles = Roles(speaker: parties.0.role, addressee: parties.1.role)
        return telling
    }

    private mutating func iq(_ iq: Element, _ packet: Packet) -> Telling {
        let payload = iq.firstChild { !$0.is("error", iq.namespace) }
        var telling: Telling
        switch iq["type"] {
        case "get", "set":
            if packet.direction == .clientToServer, scene.speaking?.addressee.role == .client,
                scene.requestsToItself.count < 256
            {
                scene.requestsToItself.insert(iq["id"] ?? "")
            }
            telling = payload.flatMap { ask($0, at: .request, packet) } ?? tellRequest(iq, payload, packet, scene)
            if scene.stories.story(ofPacket: packet.number) == nil {
                _ = scene.stories.begin(.request, title(of: payload), packet, isRequest: true)
            }
        case "result", "error":
            let subject = payload ?? packet.answers?.element.firstChild()
            telling =
                packet.claims == nil
                ? subject.flatMap { ask($0, at: .answer(packet.answers), packet) }
                    ?? tellAnswer(iq, payload, packet, scene)
                : tellForeignAnswer(iq, payload, packet, scene)
            settleRequest(iq, packet, telling.text)
        default:
            telling = tellAnswer(iq, payload, packet, scene)
        }
        telling.findings += iqFindings(iq, payload, packet, scene)
        return telling
    }

    /// A single request is over with its answer; longer stories are settled by those who tell them.
    private mutating func settleRequest(_ iq: Element, _ packet: Packet, _ told: String) {
        guard let id = scene.stories.take(request: packet.answers), scene.stories.isOpenRequest(id) else { return }
        // What was refused, its sentence says best.
        if iq["type"] == "error" { scene.stories.change(id) { $0.remark = told } }
        let state: Story.State =
            iq["type"] == "error" ? .failed(StanzaError(of: iq)?.cause ?? StanzaError.missing) : .succeeded
        scene.stories.settle(id, state, packet)
    }

    // MARK: Tellers

    private mutating func ask(_ element: Element, at place: Place, _ packet: Packet) -> Telling? {
        guard let row = ProtocolTable.row(of: element.namespace) else { return nil }
        if let seat = ProtocolTable.seats[row] {
            return referees[seat].tell(element, at: place, in: packet, &scene)
        }
        if tellers[row] == nil {
            guard let make = ProtocolTable.entries[row].teller else { return nil }
            tellers[row] = make()
        }
        // Asked where it lies: a copy would be made of all that it knows.
        return tellers[row]?.tell(element, at: place, in: packet, &scene)
    }

    private mutating func askChildren(of stanza: Element, at place: Place, _ packet: Packet) -> Telling? {
        for case .element(let child) in stanza.nodes where child.namespace != stanza.namespace {
            if let telling = ask(child, at: place, packet) { return telling }
        }
        return nil
    }

    private mutating func refereeFindings(_ packet: Packet) -> [Finding] {
        var findings: [Finding] = []
        for seat in referees.indices {
            let more = referees[seat].pass(packet, &scene)
            if !more.isEmpty { findings += more }
        }
        return findings
    }

    // MARK: What is odd about any packet

    private func circumstances(_ packet: Packet) -> [Finding] {
        var findings: [Finding] = []
        if let original = packet.original {
            findings.append(Finding(.changedByProxy, "\(original.reason.shown(limit: 500))."))
        }
        if packet.isAfterEnd, case .element(let element) = packet.kind {
            let sender = scene.carrier(packet.direction.sender).name
            // Some answer a request that crossed their end, which does no harm.
            let isAcknowledgement = element.is("a", NS.streamManagement3) || element.is("a", NS.streamManagement2)
            let code: FindingCode = isAcknowledgement ? .acknowledgedAfterEnd : .afterStreamEnd
            findings.append(Finding(code, "\(sender) has closed its stream already; nothing may follow."))
        }
        if scene.offers.awaitsTLS, packet.direction == .clientToServer, !isSTARTTLS(packet) {
            findings.append(
                Finding(
                    .beforeTLSAnswer,
                    "sent between <starttls/> and the server's answer; it must not be (RFC 6120 section 5.4.3.3)."
                )
            )
        }
        // A stream header that is not in the recording may declare a prefix.
        if let problem = packet.problem, problem.condition != .badNamespacePrefix || !scene.beginsInMiddle {
            findings.append(
                Finding(
                    .xmlProblem,
                    "\(problem.reason.shown()) (\(problem.condition.rawValue)); a server may refuse it."
                )
            )
        }
        return findings
    }

    private func isSTARTTLS(_ packet: Packet) -> Bool { packet.element?.is("starttls", NS.tls) == true }

    private func told(answerTo request: Request, _ packet: Packet) -> String {
        if packet.pairing.isGuess {
            return " Answer to \(padded(request.number)), or to a later request with the same id."
        }
        guard let delay = packet.answerDelay else { return "" }
        return " Answer to \(padded(request.number)) after \(span(delay))."
    }
}
