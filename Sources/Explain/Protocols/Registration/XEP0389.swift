import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Registration and recovery in flows of challenges (XEP-0389, experimental).
    static let extensibleRegistration: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0389", "Extensible In-Band Registration", [NS.extensibleRegistration])
        entry.conditions = ["invalid-flow": "there is no such flow, or it has ended"]
        entry.feature = { feature in
            let names = flows(feature)
            let with = names.isEmpty ? "" : " by \(names.listed("or"))"
            switch feature.name {
            case "register": return .clause("registering an account\(with) (XEP-0389)")
            case "recovery": return .clause("recovering an account\(with) (XEP-0389)")
            default: return nil
            }
        }
        entry.topic = { _ in "the steps of a registration (XEP-0389)" }
        entry.teller = { ExtensibleRegistrationTeller() }
        return entry
    }()
}

private func flows(_ element: Element) -> [String] {
    element.children.filter { $0.name == "flow" }.prefix(10).map { flow in
        (flow.child("name")?.text ?? flow["id"] ?? "").quoted(limit: 60)
    }
}

private struct ExtensibleRegistrationTeller: Teller {
    private var story: Int?

    mutating func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? {
        switch place {
        case .nonza, .request: break
        case .answer:
            // An answer that has only its request's element in it says no more than that.
            guard let own = packet.element?.child(element.name, NS.extensibleRegistration),
                packet.element?["type"] == "result"
            else {
                return nil
            }
            return step(own, packet, &scene)
        case .message, .presence: return nil
        }
        return step(element, packet, &scene)
    }

    private mutating func step(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling? {
        let sender = scene.sender(of: packet).start
        switch (element.name, packet.direction) {
        case ("register", .clientToServer), ("recovery", .clientToServer): return chosen(element, packet, &scene)
        case ("register", .serverToClient), ("recovery", .serverToClient):
            let ways = flows(element)
            let what = element.name == "register" ? "registration" : "recovery"
            if ways.isEmpty { return Telling("\(sender) offers no way of \(what) (XEP-0389).") }
            return Telling("\(sender) offers \(what) by \(ways.listed("or")) (XEP-0389).")
        case ("challenge", .serverToClient):
            goOn(packet, &scene)
            return Telling("\(sender) wants from the client: \(challenge(element)).")
        case ("response", .clientToServer):
            goOn(packet, &scene)
            return Telling("\(sender) answers the challenge\(carried(element)).")
        case ("cancel", _):
            if let story { scene.stories.settle(story, .abandoned, packet) }
            story = nil
            return Telling("\(sender) gives up this registration.")
        case ("success", .serverToClient): return succeeded(element, packet, &scene)
        default: return nil
        }
    }

    private func goOn(_ packet: Packet, _ scene: inout Scene) {
        if let story { scene.stories.goOn(story, packet) }
    }

    private mutating func chosen(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        if packet.element?["type"] == "get" {
            let what = element.name == "register" ? "register" : "recover an account"
            return Telling("The client asks in which ways it can \(what) (XEP-0389).")
        }
        let id = element.child("flow")?["id"]
        let name = id.flatMap { scene.offers.flows["\(element.name) \($0)"] } ?? id
        story = scene.stories.begin(.registration, "", packet)
        let what = element.name == "register" ? "to register" : "to recover an account"
        return Telling(
            "The client chooses \(what) by \(name?.quoted(limit: 60) ?? "a flow that it does not name") (XEP-0389)."
        )
    }

    private func challenge(_ element: Element) -> String {
        switch element["type"] {
        case NS.dataForms?:
            let form = element.child("x", NS.dataForms).map(DataForm.init)
            let questions = form?.questions.map { $0.name.shown(limit: 40) } ?? []
            return questions.isEmpty ? "a form" : "a form with \(questions.listed())"
        case NS.outOfBand?:
            let address = element.child("x", NS.outOfBand)?.child("url")?.text
            return address.map { "a visit to \($0.quoted())" } ?? "a visit to a web page"
        case let type?: return "a step of the type \(type.quoted(limit: 60))"
        case nil: return "a step without a type"
        }
    }

    private func carried(_ element: Element) -> String {
        guard let form = element.child("x", NS.dataForms).map(DataForm.init) else { return "" }
        let names = form.fields.map(\.name).filter { $0 != "FORM_TYPE" }.map { $0.shown(limit: 40) }
        return names.isEmpty ? "" : " with \(names.listed())"
    }

    private mutating func succeeded(_ element: Element, _ packet: Packet, _ scene: inout Scene) -> Telling {
        let account = element.child("jid")?.text ?? element.child("username")?.text.nonEmpty.map(scene.account) ?? ""
        if let story {
            scene.stories.change(story) { $0.story.subject = account.shown(limit: 100) }
            scene.stories.settle(story, .succeeded, packet)
        }
        story = nil
        if account.isEmpty { return Telling("The server says that the registration is complete.") }
        return Telling("The server says that the account \(account.shown(limit: 100)) exists now.")
    }
}
