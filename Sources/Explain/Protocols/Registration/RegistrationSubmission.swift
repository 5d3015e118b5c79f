import Session
import XMLStream
import XMPP

/// Step 3: the data is sent, or a password changed, or a registration ended.
extension RegistrationTeller {
    func tellSubmission(
        _ iq: Element,
        _ query: RegistrationQuery,
        _ registrar: Registrar,
        _ packet: Packet,
        _ scene: inout Scene
    ) -> Telling {
        let use = scene.registrationUse(iq, query, registrar, number: packet.number)
        let name = query.value("username") ?? ""
        var telling = Telling()
        switch use {
        case .fields, .availability: return Telling("\(registrar.start) is asked about registration.")
        case .cancellation: return tellCancellation(registrar, packet, &scene)
        case .removal: telling.text = removal(registrar, name, packet, &scene)
        case .passwordChange:
            goOn(.passwordChange, scene.account(name), registrar, packet, &scene)
            telling.text = passwordChange(name, scene)
        case .account: telling.text = account(query, registrar, packet, &scene)
        }
        telling.findings =
            RegistrationRules(query: query, use: use, registrar: registrar, iq: iq, scene: scene).findings
        return telling
    }

    private func account(
        _ query: RegistrationQuery,
        _ registrar: Registrar,
        _ packet: Packet,
        _ scene: inout Scene
    ) -> String {
        let name = query.value("username") ?? ""
        switch registrar {
        case .own:
            if scene.beginsInMiddle, !scene.account.isAuthenticated {
                goOn(.registration, scene.account(name), registrar, packet, &scene)
                return
                    "The client sends user name and password of \(shownName(name)): it registers this user, or changes the password if it has logged in."
            }
            goOn(.registration, subject(name, scene), registrar, packet, &scene)
            let asked = scene.registration.asked[registrar.key] != nil || scene.beginsInMiddle
            let isWaiting = scene.registration.pending[registrar.key] != nil
            let whom = name.isEmpty ? "a user with an empty name" : "the user \(name.shown(limit: 100))"
            if query.form == nil, query.fields.isEmpty {
                return "Registration step 3 of 4: the client sends its data, but none of the fields of XEP-0077."
            }
            let isLess =
                scene.registration.asked[registrar.key].map { !scene.missingFields(query, $0.query).isEmpty } ?? false
            return asked
                ? "Registration step 3 of 4: the client sends \(isLess ? "some of " : "")what the server asked for, to register \(whom)."
                : isWaiting
                    ? "Registration step 3 of 4: the client sends its data at once, before it knows what is wanted, to register \(whom)."
                    : "Registration step 3 of 4: the client sends its data without having asked what is wanted, to register \(whom)."
        case .room(let room):
            goOn(.serviceRegistration, room.name, registrar, packet, &scene)
            let nick =
                query.form?.value("muc#register_roomnick").map { ", under the nickname \($0.quoted(limit: 60))" } ?? ""
            return "The client asks to become a member of \(room.name)\(nick)."
        case .service(let party), .user(let party):
            goOn(.serviceRegistration, party.name, registrar, packet, &scene)
            return
                "The client registers with \(party.name), which is not its own server\(name.isEmpty ? "" : ", as \(name.shown(limit: 100))")."
        }
    }

    private func subject(_ name: String, _ scene: Scene) -> String {
        name.isEmpty ? "an unnamed user" : scene.account(name)
    }

    private func shownName(_ name: String) -> String { name.isEmpty ? "(an empty name)" : name.shown(limit: 100) }

    private func passwordChange(_ name: String, _ scene: Scene) -> String {
        if !scene.account.isAuthenticated {
            return "The client asks to change the password of \(shownName(name))."
        }
        return
            "The client is logged in and sends user name and password again: that asks to change the password of \(shownName(name))."
    }

    private func removal(_ registrar: Registrar, _ name: String, _ packet: Packet, _ scene: inout Scene) -> String {
        switch registrar {
        case .own:
            let own = scene.bareJID.map { $0.shown(limit: 100) }
            goOn(.removal, own ?? "the client's own account", registrar, packet, &scene)
            return own.map { "The client asks the server to remove the account \($0)." }
                ?? "The client asks the server to remove its account."
        case .room(let room):
            goOn(.removal, "the membership in \(room.name)", registrar, packet, &scene)
            return "The client ends its membership in \(room.name)."
        case .service(let party):
            goOn(.removal, "the registration with \(party.name)", registrar, packet, &scene)
            return "The client asks to end its registration with \(party.name). The client's own account is not meant."
        case .user(let party):
            goOn(.removal, "a registration with \(party.name)", registrar, packet, &scene)
            return "The client sends a request to remove an account to \(party.name)."
        }
    }

    private func tellCancellation(_ registrar: Registrar, _ packet: Packet, _ scene: inout Scene) -> Telling {
        let asked = scene.registration.asked[registrar.key].map { "the form of \(padded($0.packet))" } ?? "the form"
        if let story = scene.registration.stories.removeValue(forKey: registrar.key) {
            scene.stories.change(story) { $0.remark = "The client gave up the registration" }
            scene.stories.goOn(story, packet)
            scene.stories.settle(story, .abandoned, packet)
        }
        return Telling("The client gives up \(asked), and does not register.")
    }

    /// Goes on with the story that the question began, or that the server wants more for; else a new one begins.
    private func goOn(
        _ kind: Story.Kind,
        _ subject: String,
        _ registrar: Registrar,
        _ packet: Packet,
        _ scene: inout Scene
    ) {
        if let open = scene.registration.stories.removeValue(forKey: registrar.key), let entry = scene.stories[open],
            entry.story.kind == kind
        {
            scene.stories.change(open) {
                $0.story.subject = subject
                $0.story.state = .open
            }
            return scene.stories.goOn(open, packet, isRequest: true)
        }
        _ = scene.stories.begin(kind, subject, packet, isRequest: true)
    }
}
