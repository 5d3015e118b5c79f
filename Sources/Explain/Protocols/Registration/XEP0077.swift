import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// In-band registration (XEP-0077).
    static let registration: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0077", "In-Band Registration", [NS.register, NS.registerFeature])
        entry.codes = FindingCode.registration + FindingCode.registrationFaults
        let personal = [
            "password", "old_password", "email", "phone", "name", "first", "last", "address", "city", "state", "zip",
            "date", "misc",
            "text", "key",
        ]
        // Some clients send the fields as attributes.
        entry.secrets =
            personal.flatMap {
                [.text($0, NS.register), .attribute($0, of: "query", NS.register), .field($0, in: nil)]
            }
        entry.volatile = [.text("key", NS.register)]
        entry.feature = { $0.name == "register" ? .clause("registering an account") : nil }
        entry.topic = { _ in "a registration (XEP-0077)" }
        entry.teller = { RegistrationTeller() }
        return entry
    }()
}

/// Tells registration step by step: what is asked, what is wanted, what is sent, and what became of it.
struct RegistrationTeller: Teller {
    mutating func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? {
        guard let iq = packet.element else { return nil }
        switch (place, packet.direction) {
        case (.request, .clientToServer) where scene.streamKind == .client:
            guard let query = iq.child("query", NS.register) else { return nil }
            return tellClientsRequest(iq, RegistrationQuery(query), packet, &scene)
        case (.request, _):
            return tellStrangersRequest(iq, packet, scene)
        case (.answer(let request?), .serverToClient) where scene.streamKind == .client:
            return tellAnswer(iq, to: request, packet, &scene)
        case (.answer(let request?), _):
            return tellStrangersAnswer(iq, to: request, packet, scene)
        case (.answer(nil), _), (.nonza, _), (.message, _), (.presence, _):
            return nil
        }
    }

    private func tellClientsRequest(
        _ iq: Element,
        _ query: RegistrationQuery,
        _ packet: Packet,
        _ scene: inout Scene
    ) -> Telling {
        let registrar = scene.registrar(iq["to"])
        if iq["type"] == "get" { return tellQuestion(iq, query, registrar, packet, &scene) }
        return tellSubmission(iq, query, registrar, packet, &scene)
    }

    private func tellAnswer(_ iq: Element, to request: Request, _ packet: Packet, _ scene: inout Scene) -> Telling? {
        guard let element = request.element.child("query", NS.register) else { return nil }
        let exchange = RegistrationExchange(
            request: request,
            asked: RegistrationQuery(element),
            registrar: scene.registrar(request.element["to"]),
            answer: iq.child("query", NS.register).map(RegistrationQuery.init),
            scene: scene
        )
        if iq["type"] == "error" { return tellRefusal(iq, exchange, packet, &scene) }
        switch exchange.use {
        case .fields: return tellFields(exchange, packet, &scene)
        case .availability(let name):
            scene.noteAnswer(exchange)
            return Telling(
                "\(exchange.registrar.start) answers the question about \(name.quoted(limit: 60)) without refusing it."
            )
        case .account, .passwordChange, .removal, .cancellation: return tellSuccess(exchange, packet, &scene)
        }
    }
}

/// A request of the client's with its answer.
struct RegistrationExchange {
    let request: Request
    /// What the request holds.
    let asked: RegistrationQuery
    let registrar: Registrar
    /// What the answer holds; nil if it has no `<query/>`.
    let answer: RegistrationQuery?
    let use: RegistrationUse

    init(request: Request, asked: RegistrationQuery, registrar: Registrar, answer: RegistrationQuery?, scene: Scene) {
        self.request = request
        self.asked = asked
        self.registrar = registrar
        self.answer = answer
        use = scene.registrationUse(request.element, asked, registrar, number: request.number)
    }
}

extension Scene {
    /// With whom a client's request of registration has to do, by its `to`.
    func registrar(_ to: String?) -> Registrar {
        let party = party(of: to)
        switch party.role {
        case .server, .client, .component, .peerServer: return .own
        case .room, .occupant: return .room(Party(.room, to.map { JID($0).bare }))
        case .contact: return looksLikeRoom(party) ? .room(Party(.room, to.map { JID($0).bare })) : .user(party)
        case .ownSession: return .user(party)
        // Where the beginning is missing and the own server is not known, it is the one that most clients register with.
        case .service: return beginsInMiddle && domain == nil ? .own : .service(party)
        }
    }

    /// True for an address with a name before the @ that is most likely a room's: it sent a room's form, or its domain is
    /// called as services of rooms are.
    private func looksLikeRoom(_ party: Party) -> Bool {
        guard let address = party.address else { return false }
        if registration.asked[address.lowercased()]?.query.form?.formType == "http://jabber.org/protocol/muc#register" {
            return true
        }
        let first = JID(address).domain.split(separator: ".").first.map { $0.lowercased() } ?? ""
        return ["conference", "chat", "muc", "room", "rooms", "groups", "groupchat"].contains(first)
    }

    /// What a client's request is about.
    ///
    /// - Parameter number: the request's; what was asked before the login was asked by somebody who had not logged in.
    func registrationUse(
        _ iq: Element,
        _ query: RegistrationQuery,
        _ registrar: Registrar,
        number: Int
    ) -> RegistrationUse {
        if iq["type"] == "get" {
            if let name = query.value("username"), !name.isEmpty { return .availability(name: name) }
            return .fields
        }
        if query.isRemoval || query.form?.formType == NS.register + ":cancel" { return .removal }
        if query.form?.type == "cancel" { return .cancellation }
        guard registrar == .own else { return .account }
        // Whether the client has logged in is not known where the beginning is missing.
        let wasLoggedIn = account.isAuthenticated && account.authenticatedBy ?? 0 < number
        // Who is nobody has no password.
        let isAnonymous = account.mechanism == "ANONYMOUS"
        if wasLoggedIn && !isAnonymous || query.form?.formType == NS.register + ":changepassword" {
            return .passwordChange
        }
        return .account
    }

    /// An answer came, so the question is no longer open.
    mutating func noteAnswer(_ exchange: RegistrationExchange) {
        if registration.pending[exchange.registrar.key] == exchange.request.number {
            registration.pending[exchange.registrar.key] = nil
        }
    }
}
