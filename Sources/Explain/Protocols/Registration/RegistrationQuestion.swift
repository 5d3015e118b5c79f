import Session
import XMLStream
import XMPP

/// Step 1: the client asks what it must fill in.
extension RegistrationTeller {
    func tellQuestion(
        _ iq: Element,
        _ query: RegistrationQuery,
        _ registrar: Registrar,
        _ packet: Packet,
        _ scene: inout Scene
    ) -> Telling {
        if scene.registration.pending.count < RegistrationState.limit {
            scene.registration.pending[registrar.key] = packet.number
        }
        if let name = query.value("username"), !name.isEmpty {
            return Telling(
                "The client asks \(registrar.name) whether the name \(name.quoted(limit: 60)) is free, by a request that XEP-0077 does not have."
            )
        }
        switch registrar {
        case .own: return tellOwn(packet, &scene)
        case .room(let room):
            begin(.serviceRegistration, room.name, registrar, packet, &scene)
            return Telling("The client asks how to become a member of \(room.name) (XEP-0045 section 7.10).")
        case .service(let service):
            begin(.serviceRegistration, service.name, registrar, packet, &scene)
            return Telling(
                "The client asks what it must fill in to register with \(service.name), which is not its own server."
            )
        case .user(let user):
            begin(.serviceRegistration, user.name, registrar, packet, &scene)
            return Telling("The client asks \(user.name) what it must fill in to register there.")
        }
    }

    private func tellOwn(_ packet: Packet, _ scene: inout Scene) -> Telling {
        if scene.account.isAuthenticated { return Telling("The client asks its server for its registration data.") }
        if scene.beginsInMiddle {
            return Telling("The client asks its server what it must fill in to register, or for its registration data.")
        }
        begin(.registration, "", .own, packet, &scene)
        var telling = Telling("Registration step 1 of 4: the client asks what it must fill in to register a new user.")
        if let features = scene.offers.features, !scene.offers.registration {
            let later = scene.offers.tlsIsRequired && !scene.encryption.isEncrypted
            telling.findings = [
                Finding(
                    .registrationNotListed,
                    "in-band registration is not listed in \(padded(features)), "
                        + (later
                            ? "which some servers do only after TLS has started."
                            : "but a server may support it all the same.")
                )
            ]
        }
        return telling
    }

    private func begin(
        _ kind: Story.Kind,
        _ subject: String,
        _ registrar: Registrar,
        _ packet: Packet,
        _ scene: inout Scene
    ) {
        guard scene.registration.stories.count < RegistrationState.limit else { return }
        if let open = scene.registration.stories[registrar.key], scene.stories[open]?.story.state == .open {
            return scene.stories.goOn(open, packet, isRequest: true)
        }
        scene.registration.stories[registrar.key] = scene.stories.begin(kind, subject, packet, isRequest: true)
    }

    // MARK: Requests of others

    /// Somebody asks the client, or somebody on a stream that is no client's.
    func tellStrangersRequest(_ iq: Element, _ packet: Packet, _ scene: Scene) -> Telling? {
        guard let element = iq.child("query", NS.register) else { return nil }
        let (speaker, addressee) = (scene.speaker(of: iq, in: packet).start, scene.addressee(of: iq, in: packet).name)
        let query = RegistrationQuery(element)
        if iq["type"] == "get" { return Telling("\(speaker) asks \(addressee) for its registration fields.") }
        if query.isRemoval { return Telling("\(speaker) wants \(addressee) to end its registration there.") }
        let fields = query.sent.prefix(8).map { $0.shown(limit: 40) }
        return Telling(
            "\(speaker) wants to register with \(addressee)\(fields.isEmpty ? "" : ", and sends \(fields.listed())")."
        )
    }

    /// The answer to such a request.
    func tellStrangersAnswer(_ iq: Element, to request: Request, _ packet: Packet, _ scene: Scene) -> Telling? {
        let speaker = scene.speaker(of: iq, in: packet)
        guard iq["type"] == "error" else {
            let query = iq.child("query", NS.register).map(RegistrationQuery.init)
            if let query, request.element["type"] == "get" {
                let names = query.fields.map(\.name)
                return Telling(
                    "\(speaker.start) asks for \(names.isEmpty ? "no fields" : names.listed())\(query.saying)."
                        .collapsingStops
                )
            }
            return Telling("\(speaker.start) confirms the registration.")
        }
        guard let error = StanzaError(of: iq) else { return tellMissingError(speaker) }
        let offersNone = [.serviceUnavailable, .featureNotImplemented].contains(error.known)
        let why = offersNone ? "it offers no registration (\(error.name))" : error.told
        return Telling(
            "\(speaker.start) refuses the request for registration: \(why).\(error.says)".collapsingStops,
            error.findings
        )
    }
}
