import Session
import XMLStream
import XMPP

/// What a packet of registration has that XEP-0077 does not know, beside what its sentence tells.
func registrationFaults(_ iq: Element, _ packet: Packet, _ scene: Scene) -> [Finding] {
    guard scene.streamKind == .client else { return [] }
    if let payload = iq.firstChild, payload.namespace == NS.register, payload.name != "query", iq["type"] != "error" {
        return [
            Finding(
                .registerElement,
                "<\(payload.name.shown(limit: 60))/> is no element of registration, which is <query/> (XEP-0077 section 3.1)."
            )
        ]
    }
    switch (iq["type"], packet.direction) {
    case ("get", .clientToServer), ("set", .clientToServer):
        guard let query = iq.child("query", NS.register) else { return [] }
        return requestFaults(iq, RegistrationQuery(query), scene)
    case ("result", .serverToClient):
        guard let request = packet.answers?.element, request["type"] == "get",
            request.child("query", NS.register) != nil
        else { return [] }
        let answer = iq.child("query", NS.register).map(RegistrationQuery.init)
        return answerFaults(answer, scene.registrar(request["to"]), packet, scene)
    default: return []
    }
}

private func requestFaults(_ iq: Element, _ query: RegistrationQuery, _ scene: Scene) -> [Finding] {
    let registrar = scene.registrar(iq["to"])
    if !scene.account.isAuthenticated, !scene.beginsInMiddle, registrar != .own {
        return [
            Finding(
                .registerElsewhere,
                "the client has not logged in, so only its server can be asked, not \(registrar.name) (XEP-0077 section 3.1)."
            )
        ]
    }
    if iq["type"] == "get" { return questionFaults(query) }
    return childFaults(query) + formFaults(query, registrar, scene)
}

private func questionFaults(_ query: RegistrationQuery) -> [Finding] {
    guard query.childCount > 0 else { return [] }
    let what =
        query.isRemoval
        ? "an account is removed by an iq of type set, not get (XEP-0077 section 3.2)"
        : query.value("password") != nil
            ? "data are sent by an iq of type set; one of type get asks for the fields, and holds none (XEP-0077 section 3.1)"
            : "who asks for the fields sends an empty <query/>; what it holds is ignored or refused (XEP-0077 section 3.1)"
    return [Finding(.registerQuestion, what + ".")]
}

private func childFaults(_ query: RegistrationQuery) -> [Finding] {
    var findings: [Finding] = []
    if query.isRegistered || !query.instructions.isEmpty {
        let name = query.isRegistered ? "registered" : "instructions"
        findings.append(
            Finding(.registerChild, "<\(name)/> is what a server tells the client, not the client the server.")
        )
    }
    let names = query.fields.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
        findings.append(
            Finding(
                .registerRepeated,
                "<\(twice)/> is in it more than once, so nobody knows which one counts (XEP-0077 section 14.1)."
            )
        )
    }
    return findings
}

/// Whether the client fills in what it was given.
private func formFaults(_ query: RegistrationQuery, _ registrar: Registrar, _ scene: Scene) -> [Finding] {
    guard !query.isRemoval, query.form?.type != "cancel", scene.registration.pending[registrar.key] == nil else {
        return []
    }
    guard let asked = scene.registration.asked[registrar.key]?.query else {
        guard registrar == .own, let type = query.form?.formType, !type.hasPrefix(NS.register) else { return [] }
        return [otherFormType(type, NS.register)]
    }
    switch (query.form, asked.form) {
    case (nil, .some) where asked.fields.isEmpty && !query.fields.isEmpty:
        return [
            Finding(
                .registerForm,
                "\(registrar.name) wants its form filled in, but the client sends plain fields (XEP-0077 section 6)."
            )
        ]
    case (.some, nil) where !scene.account.isAuthenticated:
        return [
            Finding(.registerForm, "the client sends a form, though \(registrar.name) sent none (XEP-0077 section 6).")
        ]
    case (let form?, let wanted?):
        if let type = form.formType, let other = wanted.formType, type != other { return [otherFormType(type, other)] }
        let known = Set(wanted.fields.map(\.name))
        let extra = form.fields.map(\.name).filter { !known.contains($0) && $0 != "FORM_TYPE" && !$0.isEmpty }
        if extra.isEmpty { return [] }
        let names = extra.prefix(4).map { $0.shown(limit: 40) }.listed()
        return [Finding(.fieldsExtra, "the client sends \(names), which the form of \(registrar.name) does not have.")]
    case (nil, _), (.some, nil): return []
    }
}

private func otherFormType(_ type: String, _ wanted: String) -> Finding {
    Finding(
        .registerFormType,
        "the FORM_TYPE of the form is \(type.quoted(limit: 80)), but must be \(wanted.quoted(limit: 80)) (XEP-0068 section 3)."
    )
}

private func answerFaults(_ answer: RegistrationQuery?, _ registrar: Registrar, _ packet: Packet, _ scene: Scene)
    -> [Finding]
{
    guard let answer, answer.childCount > 0 else {
        guard registrar == .own, !scene.account.isAuthenticated, !scene.beginsInMiddle else { return [] }
        return [
            Finding(
                .registerNothing,
                "the server names no field that is wanted, which it must do if it lets clients register (XEP-0077 section 3.1)."
            )
        ]
    }
    if !answer.unknown.isEmpty {
        let names = answer.unknown.prefix(4).map { "<\($0.shown(limit: 40))/>" }.listed()
        return [
            Finding(
                .registerUndefined,
                "\(names) is none of the fields of XEP-0077; others belong into a data form (XEP-0077 section 4)."
            )
        ]
    }
    guard registrar == .own, scene.account.isAuthenticated, !answer.isRegistered,
        let name = answer.value("username")?.nonEmpty, let own = scene.bareJID, let local = JID(own).local,
        isSameName(name, local[...])
    else { return [] }
    return [
        Finding(
            .registerNotMarked,
            "the account exists, but the answer has no <registered/>, by which the client would know (XEP-0077 section 3.1)."
        )
    ]
}

extension FindingCode {
    static let registerElement = warning(
        "register.element",
        "XEP-0077 section 3.1",
        "Requests of registration are made by <query/> in the namespace jabber:iq:register. Servers do not know any other element there."
    )
    static let registerElsewhere = note(
        "register.elsewhere",
        "XEP-0077 section 3.1",
        "Before a login a client can only register with the server that it is connected to; the request goes to its domain, or without a to."
    )
    static let registerQuestion = warning(
        "register.get.content",
        "XEP-0077 section 3.1",
        "An iq of type get asks what must be filled in, by an empty <query/>. Data, and <remove/>, are sent in one of type set; in a get servers pass them over."
    )
    static let registerChild = note(
        "register.child",
        "XEP-0077 section 3.1",
        "The element is one of the server's answers, and means nothing in a request."
    )
    static let registerRepeated = warning(
        "register.fields.repeated",
        "XEP-0077 section 14.1",
        "A field is sent more than once. Servers take the first, the last or none of them."
    )
    static let registerForm = warning(
        "register.form",
        "XEP-0077 section 6",
        "What is sent must be what was asked for: the data form where there is one, else the plain fields. Servers look for that, and refuse or ignore anything else."
    )
    static let registerFormType = warning(
        "register.form-type",
        "XEP-0077 section 4",
        "The hidden field FORM_TYPE tells what a form is for, and must be sent back as it came; that of a registration is jabber:iq:register. Servers do not find the form under another."
    )
    static let registerNothing = warning(
        "register.fields.none",
        "XEP-0077 section 3.1",
        "A server that lets clients register must say which fields it wants, or where to register instead. A client cannot go on from an empty answer."
    )
    static let registerUndefined = warning(
        "register.fields.undefined",
        "XEP-0077 section 4",
        "The fields of jabber:iq:register are fixed, and a server must not add to them: clients do not know what to ask their users. Use a data form."
    )
    static let registerNotMarked = warning(
        "register.registered.missing",
        "XEP-0077 section 3.1",
        "An answer to somebody who is registered must hold an empty <registered/>. Without it clients offer to register once more."
    )

    static let registrationFaults: [FindingCode] = [
        registerElement, registerElsewhere, registerQuestion, registerChild, registerRepeated, registerForm,
        registerFormType, registerNothing, registerUndefined, registerNotMarked,
    ]
}
