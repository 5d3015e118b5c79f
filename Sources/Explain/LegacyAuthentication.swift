import Session
import XMLStream
import XMPP

/// Login from before SASL: jabber:iq:auth (XEP-0078, obsolete).
struct LegacyAuthenticationExplainer {
    func explain(_ iq: Element, _ packet: Packet, _ conversation: inout Conversation) -> Telling {
        let query = iq.child("query", NS.auth)
        switch iq["type"] {
        case "get":
            return Telling("The client asks how to log in the old way (XEP-0078).")
        case "set":
            return loginRequested(query, &conversation)
        case "result" where packet.answers?.element["type"] == "set":
            return loggedIn(&conversation)
        case "result":
            let fields = query?.children.map { $0.name.shown(limit: 40) } ?? []
            return Telling(
                "The server lists what the old login takes: \(fields.isEmpty ? "nothing" : fields.listed())."
            )
        case "error":
            return refused(iq, packet, &conversation)
        default:
            return explainOtherIQ(iq, packet)
        }
    }

    private func loginRequested(_ query: Element?, _ conversation: inout Conversation) -> Telling {
        let name = query?.child("username")?.text ?? ""
        let resource = query?.child("resource")?.text ?? ""
        conversation.user = name
        conversation.mechanism = "jabber:iq:auth"
        conversation.outcomes.append(Outcome(what: "Login as \(conversation.account(name))", result: .pending))
        if query?.child("digest") != nil {
            return Telling(
                "The client logs in the old way as \(conversation.account(name))/\(resource.shown(limit: 60)), with a digest of the password and the stream id."
            )
        }
        let findings: [Finding] =
            conversation.isEncrypted ? [] : [.warning("the password crosses the network unencrypted.")]
        return Telling(
            "The client logs in the old way as \(conversation.account(name))/\(resource.shown(limit: 60)), with its password.",
            findings
        )
    }

    private func loggedIn(_ conversation: inout Conversation) -> Telling {
        conversation.isAuthenticated = true
        if let index = conversation.outcomes.lastIndex(where: { $0.result == .pending }) {
            conversation.outcomes[index].result = .succeeded
        }
        return Telling("The server accepts the login.")
    }

    private func refused(_ iq: Element, _ packet: Packet, _ conversation: inout Conversation) -> Telling {
        guard let error = StanzaError(of: iq) else { return Telling("An error without <error/>.") }
        let why =
            switch error.known {
            case .notAuthorized?: "user name or password is wrong"
            case .conflict?: "the resource is in use"
            case .notAcceptable?: "a field is missing"
            default: error.meaning
            }
        let clause = "\(why) (\(error.condition.shown(limit: 60)))"
        if packet.answers?.element["type"] == "set",
            let index = conversation.outcomes.lastIndex(where: { $0.result == .pending })
        {
            conversation.outcomes[index].result = .failed(
                why: clause,
                remedy: "Check user name, password and resource."
            )
        }
        return Telling("The old login is refused: \(clause).\(error.says)".collapsingStops, error.findings)
    }
}
