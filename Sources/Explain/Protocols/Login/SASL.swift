import SASL
import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Logging in by SASL (RFC 6120 section 6) and SASL2 (XEP-0388).
    static let sasl: ProtocolEntry = {
        var entry = ProtocolEntry("RFC 6120", "SASL", [NS.sasl, NS.sasl2])
        entry.codes = FindingCode.sasl + FindingCode.loginOffers
        entry.volatile = ["challenge", "success", "response"].map { .text($0, nil) }
        entry.feature = { feature in
            switch feature.name {
            case "mechanisms": .clause("logging in by \(listedMechanisms(feature))")
            case "authentication": .clause(toldAuthenticationFeature(feature))
            default: nil
            }
        }
        entry.teller = { SASLTeller() }
        return entry
    }()

    /// Which types of channel binding the server can do (XEP-0440).
    static let channelBindings: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0440", "SASL Channel-Binding Type Capability", [NS.channelBinding])
        entry.feature = { feature in
            let types = feature.children.prefix(10).compactMap { $0["type"]?.shown(limit: 40) }
            return .clause("channel binding by \(types.isEmpty ? "no type at all" : types.listed())")
        }
        return entry
    }()
}

func listedMechanisms(_ feature: Element) -> String {
    let names = feature.children.filter { $0.name == "mechanism" }.map { $0.text.shown(limit: 60) }
    return names.isEmpty ? "no mechanism at all" : names.listed("or")
}

/// Tells a login: who, by which mechanism, step by step, and how it ended.
struct SASLTeller: Teller {
    private var login: Login?
    /// True while the server owes a refusal to a client that gave up or answered what was over already, as nbxmpp does.
    private var gaveUpNothing = false
    /// The mechanisms that were tried on this connection.
    private var tried: Set<String> = []

    mutating func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? {
        guard place == .nonza else { return nil }
        let isSASL2 = element.namespace == NS.sasl2
        switch (element.name, packet.direction) {
        case ("auth", .clientToServer) where !isSASL2: return began(element, element.text, packet, &scene)
        case ("authenticate", .clientToServer) where isSASL2:
            return began(element, element.child("initial-response", NS.sasl2)?.text, packet, &scene)
        case ("challenge", .serverToClient): return challenged(element, packet, &scene)
        case ("response", .clientToServer): return responded(element, packet, &scene)
        case ("success", .serverToClient): return succeeded(element, packet, &scene)
        case ("failure", .serverToClient): return failed(element, packet, &scene)
        case ("abort", .clientToServer): return aborted(element, packet, &scene)
        case ("continue", .serverToClient) where isSASL2: return continued(element, packet, &scene)
        case ("next", .clientToServer) where isSASL2, ("task-data", _) where isSASL2:
            if let login { scene.stories.goOn(login.story, packet) }
            return tellTask(element, scene.sender(of: packet))
        default: return nil
        }
    }

    // MARK: The client

    private mutating func began(
        _ element: Element,
        _ data: String?,
        _ packet: Packet,
        _ scene: inout Scene
    ) -> Telling {
        let name = element["mechanism"] ?? ""
        let shown = name.isEmpty ? "an unnamed mechanism" : name.shown(limit: 40)
        let overlap = overlapFindings(packet, scene)
        var login = Login(name: name, story: scene.stories.begin(.login, shown, packet))
        login.isSASL2 = element.namespace == NS.sasl2
        login.number = packet.number
        scene.account.user = nil
        scene.account.mechanism = login.shownName
        let content = SASLData(data, .lenient)
        let message = read(content, from: .client, &login, &scene)
        let whom = message.user.map { " as \($0.isEmpty ? "(an empty name)" : $0.shown(limit: 100))" } ?? ""
        let sender = scene.sender(of: packet).start
        var sentences = ["\(sender) logs in\(whom) by \(login.shownName)\(login.explainer.meaning)."]
        sentences += message.sentences
        var findings = overlap + scene.choiceFindings(name, among: tried) + exposure(content, login, scene)
        findings += message.findings
        if tried.count < 32 { tried.insert(name) }
        if element.namespace == NS.sasl2 {
            let inline = tellInlineRequests(element)
            sentences += inline.sentences
            findings += inline.findings
        }
        self.login = login
        scene.login = LoginProgress(isSASL2: element.namespace == NS.sasl2)
        return Telling(sentences.joined(separator: " ").collapsingStops, findings)
    }

    /// A login that begins while another one is not over.
    private func overlapFindings(_ packet: Packet, _ scene: Scene) -> [Finding] {
        guard let login, !login.isAborted, packet.otherDirectionIsReadable, scene.unreadable.isEmpty else { return [] }
        return [
            Finding(
                .loginOverlap,
                "the login of \(padded(login.number)) is not over yet; it must be aborted or answered first (RFC 6120 section 6.4)."
            )
        ]
    }

    /// A secret is exposed by the message that carries it, which need not be the first one.
    private func exposure(_ data: SASLData, _ login: Login, _ scene: Scene) -> [Finding] {
        guard let secret = login.explainer.exposedSecret, !scene.encryption.isEncrypted, !scene.beginsInMiddle,
            !data.isEmpty
        else {
            return []
        }
        if login.name.hasPrefix("HT-") {
            return [
                Finding(
                    .tokenInClear,
                    "\(secret) crosses the network unencrypted; who reads along can log in with it (XEP-0484 section 6)."
                )
            ]
        }
        return [Finding(.passwordInClear, "the \(secret) crosses the network unencrypted.")]
    }

    private mutating func responded(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        let sender = scene.sender(of: packet).start
        let data = SASLData(element.text, .lenient)
        guard var login else {
            gaveUpNothing = true
            return Telling("\(sender) answers a challenge.", noLogin(scene))
        }
        scene.stories.goOn(login.story, packet)
        let isNew = scene.account.user == nil
        // Unlike in <auth/>, no text is a message here, and one without a byte.
        let content = data == .absent ? .bytes([], hasBlanks: false) : data
        let message = read(content, from: .client, &login, &scene)
        self.login = login
        let whom = isNew ? message.user.map { ", as \($0.shown(limit: 100))" } ?? "" : ""
        let nothing = data.isEmpty ? ", with nothing to add" : ""
        let sentences = ["\(sender) answers the challenge\(whom)\(nothing)."] + message.sentences
        return Telling(sentences.joined(separator: " "), exposure(data, login, scene) + message.findings)
    }

    private mutating func aborted(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        login?.isAborted = true
        gaveUpNothing = login == nil
        if let login { scene.stories.goOn(login.story, packet) }
        let text = element.child("text")?.text ?? ""
        let says = text.isEmpty ? "" : " It says: \(text.quoted())."
        let telling = "\(scene.sender(of: packet).start) gives up this login.\(says)".collapsingStops
        guard let suspicion = login?.hashSuspicion else { return Telling(telling) }
        return Telling(telling, [Finding(.bindingBroken, "\(suspicion.why). \(suspicion.remedy)")])
    }

    // MARK: The server

    private mutating func challenged(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        let sender = scene.sender(of: packet).start
        guard var login else { return Telling("\(sender) sends a challenge.", noLogin(scene)) }
        scene.stories.goOn(login.story, packet)
        login.rounds += 1
        let data = SASLData(element.text, .lenient)
        let message = read(data, from: .server, &login, &scene)
        self.login = login
        let nothing = data.isEmpty ? ", which is empty: it waits for the client" : ""
        let sentences = ["\(sender) sends challenge \(login.rounds) of \(login.shownName)\(nothing)."]
        return Telling((sentences + message.sentences).joined(separator: " "), message.findings)
    }

    private mutating func succeeded(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        let isSASL2 = element.namespace == NS.sasl2
        let data = isSASL2 ? element.child("additional-data", NS.sasl2)?.text : element.text
        let story = login?.story
        if let login { scene.memory.endLogin(connection: scene.connection, login.number) }
        let unasked = login == nil && !scene.beginsInMiddle && packet.otherDirectionIsReadable
        var message = readSuccess(SASLData(data, .lenient), &scene)
        if unasked {
            message.findings.append(
                Finding(.unaskedSuccess, "the client has begun no login that could be accepted; it must not go on.")
            )
        }
        scene.account.isAuthenticated = true
        if element.child("resumed", NS.streamManagement3) != nil { scene.account.isResumed = true }
        scene.login = nil
        scene.afterLogin = isSASL2 ? .streamGoesOn : .newStreamDue
        let named =
            element.child("authorization-identifier", NS.sasl2) ?? element.child("authorization-identity", NS.sasl2)
        if let identifier = named?.text.trimmed.nonEmpty {
            scene.account.user = JID(identifier).bare
            if JID(identifier).resource != nil || scene.bareJID != JID(identifier).bare {
                scene.account.boundJID = JID(identifier).resource == nil ? nil : identifier
            }
        }
        if let story { scene.stories.settle(story, .succeeded, packet) }
        let who = scene.bareJID.map { " as \($0.shown(limit: 100))" } ?? ""
        let inline = isSASL2 ? tellInlineAnswers(element, scene) : InlineAccount()
        let stream =
            isSASL2
            ? "The stream goes on as it is (XEP-0388); new features follow." : "Both sides now open their streams anew."
        let first = "\(scene.sender(of: packet).start) accepts the login\(who)."
        let sentences = [first] + message.sentences + inline.sentences + [stream]
        return Telling(sentences.joined(separator: " "), message.findings + inline.findings)
    }

    private mutating func readSuccess(_ data: SASLData, _ scene: inout Scene) -> MechanismMessage {
        guard var login else { return MechanismMessage() }
        self.login = nil
        var message = read(data, from: .server, &login, &scene)
        if login.reported != nil {
            message.findings.append(
                Finding(.saslNoProof, "a success that carries an error: the client must not go on.")
            )
        } else if data != .malformed {
            message.findings += login.explainer.doubtsAboutSuccess()
        }
        return message
    }

    private mutating func continued(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        var message = MechanismMessage()
        if var login {
            scene.stories.goOn(login.story, packet)
            let data = element.child("additional-data", NS.sasl2)?.text
            message = read(SASLData(data, .lenient), from: .server, &login, &scene)
            self.login = login
        }
        let telling = tellContinue(element)
        let sentences = [telling.text] + message.sentences
        return Telling(sentences.joined(separator: " ").collapsingStops, telling.findings + message.findings)
    }

    private mutating func failed(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        let sender = scene.sender(of: packet).start
        let failure = LoginFailure(element)
        guard var failed = login else {
            defer { gaveUpNothing = false }
            return tellStray(failure, sender, scene)
        }
        login = nil
        scene.login = nil
        scene.memory.endLogin(connection: scene.connection, failed.number)
        let data = SASLData(element.child("additional-data")?.text, .lenient)
        let message = read(data, from: .server, &failed, &scene)
        let (cause, isBinding) = failure.cause(failed, scene)
        scene.stories.settle(
            failed.story,
            .failed(Cause(why: "\(cause.why) (\(failure.name))", remedy: cause.remedy)),
            packet
        )
        var sentences = [
            "\(sender) refuses the login\(isBinding ? "" : ": \(cause.why)") (\(failure.name)).\(failure.says)"
        ]
        sentences += failure.others
        if !isBinding, !cause.remedy.isEmpty { sentences.append(cause.remedy) }
        sentences += message.sentences
        // The doctor's findings are long: they stand on lines of their own.
        let findings =
            (isBinding ? [Finding(.bindingBroken, "\(cause.why). \(cause.remedy)")] : []) + failure.findings
        return Telling(sentences.joined(separator: " ").collapsingStops, message.findings + findings)
    }

    /// A refusal without a login that it could belong to.
    private func tellStray(_ failure: LoginFailure, _ sender: String, _ scene: Scene) -> Telling {
        let text = "\(sender) refuses a login: \(failure.meaning) (\(failure.name)).\(failure.says)".collapsingStops
        let binding = failure.bindingCause(scene).map { [Finding(.bindingBroken, "\($0.why). \($0.remedy)")] } ?? []
        return Telling(text, (gaveUpNothing ? [] : noLogin(scene)) + binding)
    }

    // MARK: Both

    private func noLogin(_ scene: Scene) -> [Finding] {
        // Where the beginning is missing, so may the login be.
        scene.beginsInMiddle ? [] : [Finding(.noLogin, "no login is going on that this could belong to.")]
    }

    /// What the mechanism makes of the data, and what that means for the login.
    private func read(_ data: SASLData, from sender: Side, _ login: inout Login, _ scene: inout Scene)
        -> MechanismMessage
    {
        switch data {
        case .absent: return MechanismMessage()
        case .malformed:
            login.hadMalformedData = true
            return MechanismMessage([], [Finding(.saslBase64, "the data is not valid base64 (RFC 4648 section 4).")])
        case .bytes(let bytes, let hasBlanks):
            var message = login.explainer.read(bytes, from: sender, in: scene)
            message.findings += scene.memory.repeatedNonce(message.nonce, connection: scene.connection, login.number)
            if hasBlanks {
                message.findings.append(
                    Finding(
                        .saslBlanks,
                        "blanks or line breaks stand in the base64; who goes by RFC 6120 section 13.9.1 refuses that."
                    )
                )
            }
            if let user = message.user { logsIn(user, login, &scene) }
            if let error = message.error { login.reported = error }
            login.fault = login.fault ?? message.fault
            if message.blamesBinding { login.blamesBinding = true }
            examineBinding(&message, &login, &scene)
            return message
        }
    }

    private func logsIn(_ user: String, _ login: Login, _ scene: inout Scene) {
        scene.account.user = user
        let subject = "\(scene.account(user)) by \(login.shownName)"
        scene.stories.change(login.story) { $0.story.subject = subject }
    }

    private func examineBinding(_ message: inout MechanismMessage, _ login: inout Login, _ scene: inout Scene) {
        if let binding = message.binding {
            login.binding = binding
            message.findings += scene.bindingChoiceFindings(binding, login)
            if let (cause, code) = ChannelBindingDoctor.examine(binding, in: scene) {
                message.findings.append(Finding(code, "\(cause.why). \(cause.remedy)"))
                scene.stories.change(login.story) { $0.suspicion = cause }
            }
        }
        if let hash = message.offersHash,
            let finding = scene.offerHashFinding(hash, mechanism: login.name, isSASL2: login.isSASL2)
        {
            message.findings.append(finding)
        }
        if let letter = message.hashOfOffers,
            let cause = ChannelBindingDoctor.examineHash(letter, after: login.binding, in: scene)
        {
            message.findings.append(Finding(.bindingBroken, "\(cause.why). \(cause.remedy)"))
            login.hashSuspicion = cause
            scene.stories.change(login.story) { $0.suspicion = cause }
        }
    }
}
