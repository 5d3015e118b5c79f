import Session
import XMLStream
import XMPP

/// Step 2: what must be filled in is told.
extension RegistrationTeller {
    func tellFields(_ exchange: RegistrationExchange, _ packet: Packet, _ scene: inout Scene) -> Telling {
        scene.noteAnswer(exchange)
        if let story = scene.stories.take(request: exchange.request) { scene.stories.goOn(story, packet) }
        guard let query = exchange.answer else {
            return Telling("\(exchange.registrar.start) answers with an empty result: it asks for nothing.")
        }
        if scene.registration.asked.count < RegistrationState.limit {
            scene.registration.asked[exchange.registrar.key] = (query, packet.number)
        }
        let isStep = exchange.registrar == .own && !scene.account.isAuthenticated && !scene.beginsInMiddle
        let start = isStep ? "Registration step 2 of 4: the server" : exchange.registrar.start
        if query.isRegistered { return tellRegistered(query, start, exchange, packet, &scene) }
        if let form = query.form { return tellForm(form, query, start, exchange) }
        if let address = query.redirection, query.fields.isEmpty {
            return tellRedirection(address, query, start, exchange, packet, &scene)
        }
        return tellPlain(query, start, exchange, scene)
    }

    private func tellPlain(
        _ query: RegistrationQuery,
        _ start: String,
        _ exchange: RegistrationExchange,
        _ scene: Scene
    ) -> Telling {
        let values = query.known
        let names = query.fields.map(\.name).filter { name in !(name == "key" && query.hasKey) }
        var telling = Telling()
        if values.isEmpty {
            telling.text =
                "\(start) asks for \(names.isEmpty ? "no fields at all" : names.listed())\(query.saying)."
                .collapsingStops
        } else {
            telling.text =
                "\(start) sends the values of \(values.map(\.name).listed()) that it knows\(query.saying)."
                .collapsingStops
            let empty = query.fields.filter { $0.value.isEmpty }.map(\.name)
            if !empty.isEmpty { telling.text += " It asks for \(empty.listed())." }
            telling.findings += valueFindings(query, exchange, scene)
        }
        if let address = query.redirection {
            telling.text += " It can also be done on the web page \(address.quoted())."
        }
        telling.findings += keyFindings(query)
        return telling
    }

    private func tellRegistered(
        _ query: RegistrationQuery,
        _ start: String,
        _ exchange: RegistrationExchange,
        _ packet: Packet,
        _ scene: inout Scene
    ) -> Telling {
        let values = query.known.map(\.name)
        let name = query.value("username").flatMap { $0.isEmpty ? nil : " as \($0.shown(limit: 100))" } ?? ""
        let list = values.isEmpty ? "" : " It sends the current values of \(values.listed())."
        if let story = scene.registration.stories.removeValue(forKey: exchange.registrar.key) {
            scene.stories.change(story) {
                $0.remark = "\(exchange.registrar.start) says that this user is registered already\(name)"
            }
            scene.stories.settle(story, .abandoned, packet)
        }
        return Telling(
            "\(start) says that this user is registered already\(name).\(list)",
            valueFindings(query, exchange, scene)
        )
    }

    private func valueFindings(_ query: RegistrationQuery, _ exchange: RegistrationExchange, _ scene: Scene)
        -> [Finding]
    {
        var findings: [Finding] = []
        let values = query.known.map(\.name)
        if values.contains("password") {
            findings.append(
                Finding(
                    .passwordReturned,
                    "\(exchange.registrar.name) sends the password back; anyone who sees this packet knows it."
                )
            )
        }
        if exchange.registrar == .own, !scene.account.isAuthenticated, !scene.beginsInMiddle, !values.isEmpty {
            // Who showed an invitation may be told what it is for.
            if case .accepted = scene.registration.invitation { return findings }
            let whose = query.value("username").map { $0.isEmpty ? "" : " of \($0.shown(limit: 60))" } ?? ""
            findings.append(
                Finding(
                    .dataBeforeLogin,
                    "the client has not logged in, so the server cannot know who asks, and gives these data\(whose) to whoever does."
                )
            )
        } else if !values.isEmpty, !values.contains("password") {
            findings.append(Finding(.personalData, "these values are personal data."))
        }
        return findings
    }

    private func tellRedirection(
        _ address: String,
        _ query: RegistrationQuery,
        _ start: String,
        _ exchange: RegistrationExchange,
        _ packet: Packet,
        _ scene: inout Scene
    ) -> Telling {
        if let story = scene.registration.stories.removeValue(forKey: exchange.registrar.key) {
            scene.stories.change(story) {
                $0.remark = "Registration is done on the web page \(address.quoted()): nothing was registered here"
            }
            scene.stories.settle(story, .abandoned, packet)
        }
        let text =
            "\(start) does not register in band but sends the user to the web page \(address.quoted())\(query.saying)."
        return Telling(text.collapsingStops + " There is nothing to submit here.")
    }

    // MARK: Forms

    private func tellForm(
        _ form: DataForm,
        _ query: RegistrationQuery,
        _ start: String,
        _ exchange: RegistrationExchange
    ) -> Telling {
        let questions = form.questions.map { $0.name.shown(limit: 40) + ($0.isRequired ? " (required)" : "") }
        var text = "\(start) sends a form that asks for \(questions.isEmpty ? "nothing" : questions.listed())."
        if let words = form.instructions, !words.isEmpty {
            text += " It says: \(words.quoted())."
        } else if !query.instructions.isEmpty {
            text += " It\(query.saying.dropFirst(5)).".collapsingStops
        }
        if !query.fields.isEmpty {
            text +=
                " The plain fields \(query.fields.map(\.name).listed()) are there for older clients; the form takes precedence."
        }
        if let address = query.redirection { text += " It can also be done on the web page \(address.quoted())." }
        if form.isCaptcha { text += " It contains a CAPTCHA, to be solved by a human being (XEP-0158)." }
        return Telling(text.collapsingStops, formFindings(form) + keyFindings(query))
    }

    private func formFindings(_ form: DataForm) -> [Finding] {
        var findings: [Finding] = []
        if form.formType == NS.captcha {
            findings.append(
                Finding(
                    .captchaFormType,
                    "the FORM_TYPE is \(NS.captcha), but must be \(NS.register) in a registration (XEP-0158 section 4)."
                )
            )
        } else if form.formType == nil {
            findings.append(
                Finding(.formTypeMissing, "the form has no FORM_TYPE, which tells what it is for (XEP-0068).")
            )
        }
        if form.type != "form" {
            findings.append(
                Finding(
                    .formType,
                    "the form's type is \((form.type ?? "missing").quoted()), but must be \"form\" (XEP-0004)."
                )
            )
        }
        return findings
    }

    private func keyFindings(_ query: RegistrationQuery) -> [Finding] {
        query.hasKey
            ? [Finding(.registrationKey, "<key/> is an obsolete transaction key, kept only for very old software.")]
            : []
    }
}
