import Session
import XMLStream
import XMPP

/// Step 4: what became of it.
extension RegistrationTeller {
    func tellSuccess(_ exchange: RegistrationExchange, _ packet: Packet, _ scene: inout Scene) -> Telling {
        let after = settle(exchange, .succeeded, packet, &scene)
        let name = exchange.asked.value("username") ?? ""
        var telling = Telling(success(exchange, name, packet, &scene) + after)
        if exchange.answer?.hasPassword == true {
            telling.findings.append(
                Finding(
                    .passwordReturned,
                    "\(exchange.registrar.name) sends the password back; anyone who sees this packet knows it."
                )
            )
        }
        return telling
    }

    private func success(
        _ exchange: RegistrationExchange,
        _ name: String,
        _ packet: Packet,
        _ scene: inout Scene
    ) -> String {
        switch (exchange.use, exchange.registrar) {
        case (.account, .own):
            if scene.beginsInMiddle, !scene.account.isAuthenticated {
                return "The server confirms: the account \(scene.account(name)) exists now, or has its new password."
            }
            scene.account.registered[name.lowercased()] = packet.number
            return
                "Registration step 4 of 4: the server confirms that \(scene.account(name)) now exists. The client can log in."
        case (.account, .room(let room)): return "\(room.start) makes the client a member."
        case (.account, .service(let party)), (.account, .user(let party)):
            return "\(party.start) confirms the registration."
        case (.passwordChange, _):
            return "The server confirms that the password of \(scene.account(name)) is changed."
        case (.removal, .own):
            let own = scene.bareJID
            scene.account.removed[own?.lowercased() ?? ""] = packet.number
            let whose = own.map { " \($0.shown(limit: 100))" } ?? ""
            return "The server confirms that the account\(whose) is removed. It will now end the account's sessions."
        case (.removal, .room(let room)): return "\(room.start) confirms: the client is no longer a member."
        case (.removal, .service(let party)), (.removal, .user(let party)):
            let own = scene.bareJID.map { $0.shown(limit: 100) } ?? "the client"
            return
                "\(party.start) confirms that \(own) is no longer registered there. The client's own account stays as it is."
        case (.cancellation, _): return "\(exchange.registrar.start) takes note of it."
        case (.fields, _), (.availability, _): return "\(exchange.registrar.start) answers."
        }
    }

    func tellRefusal(_ iq: Element, _ exchange: RegistrationExchange, _ packet: Packet, _ scene: inout Scene) -> Telling
    {
        scene.noteAnswer(exchange)
        let error = StanzaError(of: iq)
        let wantsMore = exchange.answer?.form
        let evidence = RegistrationEvidence(exchange: exchange, wantsMore: wantsMore, scene: scene)
        let cause = evidence.cause(error)
        let told = Cause(why: cause.why + (error?.bracketedName ?? ""), remedy: cause.remedy)
        if let wantsMore, exchange.use != .fields {
            goOnAfter(wantsMore, exchange, told, packet, &scene)
        } else {
            _ = settle(exchange, .failed(told), packet, &scene)
        }
        var findings = error?.findings ?? [StanzaError.missingFinding]
        findings += echoFindings(exchange)
        let remedy = told.remedy.isEmpty ? "" : " \(told.remedy)"
        let text = "\(title(exchange, scene)) refused: \(told.why).\(error?.says ?? "")\(remedy)"
        return Telling(text.collapsingStops, findings)
    }

    /// The server wants more first: the next attempt belongs to the same story.
    private func goOnAfter(
        _ form: DataForm,
        _ exchange: RegistrationExchange,
        _ cause: Cause,
        _ packet: Packet,
        _ scene: inout Scene
    ) {
        if let answer = exchange.answer, scene.registration.asked.count < RegistrationState.limit {
            scene.registration.asked[exchange.registrar.key] = (answer, packet.number)
        }
        guard let story = scene.stories.take(request: exchange.request) else { return }
        scene.stories.change(story) { $0.wantsMore = true }
        scene.stories.settle(story, .failed(cause), packet)
        scene.registration.stories[exchange.registrar.key] = story
    }

    private func echoFindings(_ exchange: RegistrationExchange) -> [Finding] {
        guard let echoed = exchange.answer, echoed.form == nil,
            echoed.fields.contains(where: { $0.name == "password" && !$0.value.isEmpty })
        else { return [] }
        if exchange.use == .passwordChange {
            return [
                Finding(
                    .passwordEchoed,
                    "the error repeats the password; of a password change it must not (XEP-0077 section 3.3)."
                )
            ]
        }
        return [Finding(.passwordRepeated, "the error repeats the password that was sent.")]
    }

    /// What was refused, for the beginning of the sentence.
    private func title(_ exchange: RegistrationExchange, _ scene: Scene) -> String {
        switch (exchange.use, exchange.registrar) {
        case (.fields, .own): scene.account.isAuthenticated ? "Request for registration data" : "Registration"
        case (.account, .own): "Registration"
        case (.fields, .room(let room)), (.account, .room(let room)): "Membership in \(room.name)"
        case (.fields, .service(let party)), (.account, .service(let party)), (.fields, .user(let party)),
            (.account, .user(let party)):
            "Registration with \(party.name)"
        case (.availability(let name), _): "The question whether \(name.quoted(limit: 60)) is free is"
        case (.passwordChange, _): "Password change"
        case (.removal, .own): "Removal"
        case (.removal, .room(let room)): "End of the membership in \(room.name)"
        case (.removal, .service(let party)), (.removal, .user(let party)): "End of the registration with \(party.name)"
        case (.cancellation, _): "Giving up the registration is"
        }
    }

    /// Ends the story of the request; returns what is worth adding to the sentence.
    private func settle(
        _ exchange: RegistrationExchange,
        _ state: Story.State,
        _ packet: Packet,
        _ scene: inout Scene
    ) -> String {
        guard let story = scene.stories.take(request: exchange.request) else { return "" }
        let hadMore = scene.stories[story]?.wantsMore == true
        scene.stories.settle(story, state, packet)
        if scene.registration.stories[exchange.registrar.key] == story {
            scene.registration.stories[exchange.registrar.key] = nil
        }
        return hadMore && state == .succeeded ? " Before that it had asked for more." : ""
    }
}
