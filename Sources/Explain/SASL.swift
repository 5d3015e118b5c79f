import FoundationEssentials
import XMLStream
import XMPP

/// Logging in by SASL (RFC 6120 section 6) and SASL2 (XEP-0388): mechanism, who, and how it ended.
struct SASLExplainer {
    private var mechanism: String?
    private var rounds = 0

    mutating func explain(_ element: Element, _ direction: Direction, _ conversation: inout Conversation) -> Explanation
    {
        switch (element.name, direction) {
        case ("auth", .clientToServer), ("authenticate", .clientToServer): return began(element, &conversation)
        case ("challenge", .serverToClient):
            rounds += 1
            return Explanation("The server sends challenge \(rounds) of the \(mechanism ?? "login").")
        case ("response", .clientToServer): return responded(element, &conversation)
        case ("success", .serverToClient): return succeeded(element, &conversation)
        case ("failure", .serverToClient): return failed(element, &conversation)
        case ("abort", .clientToServer): return Explanation("The client gives up this login.")
        case ("continue", .serverToClient):
            return Explanation("The server wants another step before the login is complete (XEP-0388).")
        default: return explainUnknown(element, direction)
        }
    }

    private mutating func began(_ element: Element, _ conversation: inout Conversation) -> Explanation {
        let name = (element["mechanism"] ?? "an unnamed mechanism").shown(limit: 40)
        mechanism = name
        rounds = 0
        let data = element.name == "authenticate" ? element.child("initial-response")?.text ?? "" : element.text
        let user = initialUser(name, decoded(data))
        if let user { conversation.user = user }
        conversation.mechanism = name
        let whom = user.map { " as \($0.shown(limit: 100))" } ?? ""
        conversation.outcomes.append(
            Outcome(what: "Login\(user.map { " as " + conversation.account($0) } ?? "") by \(name)", result: .pending)
        )
        var findings: [Finding] = []
        if ["PLAIN", "OAUTHBEARER", "X-OAUTH2"].contains(name) && !conversation.isEncrypted {
            findings.append(
                .warning("the \(name == "PLAIN" ? "password" : "access token") crosses the network unencrypted.")
            )
        }
        return Explanation("The client logs in\(whom) by \(name)\(meaning(name)).", findings)
    }

    private func responded(_ element: Element, _ conversation: inout Conversation) -> Explanation {
        if conversation.user == nil, mechanism == "DIGEST-MD5", let user = digestUser(decoded(element.text)) {
            conversation.user = user
            if let index = conversation.outcomes.lastIndex(where: { $0.result == .pending }) {
                conversation.outcomes[index].what = "Login as \(conversation.account(user)) by DIGEST-MD5"
            }
            return Explanation("The client answers the challenge, as \(user.shown(limit: 100)).")
        }
        return Explanation("The client answers the challenge.")
    }

    private func succeeded(_ element: Element, _ conversation: inout Conversation) -> Explanation {
        conversation.isAuthenticated = true
        if let identifier = element.child("authorization-identifier")?.text {
            conversation.user = JID(identifier).bare
            if JID(identifier).resource != nil { conversation.boundJID = identifier }
        }
        if let index = conversation.outcomes.lastIndex(where: { $0.result == .pending }) {
            conversation.outcomes[index].result = .succeeded
        }
        let who = conversation.bareJID.map { " as \($0.shown(limit: 100))" } ?? ""
        if element.namespace == NS.sasl2 {
            return Explanation("The server accepts the login\(who). The stream goes on as it is (XEP-0388).")
        }
        return Explanation("The server accepts the login\(who). Both sides now open their streams anew.")
    }

    private func failed(_ element: Element, _ conversation: inout Conversation) -> Explanation {
        let condition = element.children.first { $0.name != "text" }
        let name = condition?.name.shown(limit: 60) ?? "no condition"
        let meaning =
            condition.flatMap { SASLFailure(rawValue: $0.name) }?.meaning ?? "a condition that RFC 6120 does not define"
        if let index = conversation.outcomes.lastIndex(where: { $0.result == .pending }) {
            conversation.outcomes[index].result = .failed(why: "\(meaning) (\(name))", remedy: "")
        }
        let text = element.child("text")?.text ?? ""
        let says = text.isEmpty ? "" : " It says: \(text.quoted())."
        return Explanation("The server refuses the login: \(meaning) (\(name)).\(says)".collapsingStops)
    }

    // MARK: What the mechanisms carry

    private func meaning(_ name: String) -> String {
        if name == "PLAIN" { return ", which carries the password as it is" }
        if name == "DIGEST-MD5" { return ", which carries a digest of the password" }
        if name == "ANONYMOUS" { return ", without an account" }
        if name == "EXTERNAL" { return ", by what is known outside of XMPP, such as a client certificate" }
        if name.hasPrefix("SCRAM-") { return ", which proves that both sides know the password without sending it" }
        return ""
    }

    /// The user name in the first message: PLAIN (RFC 4616), SCRAM (RFC 5802).
    private func initialUser(_ mechanism: String, _ data: [UInt8]) -> String? {
        if mechanism == "PLAIN" {
            let parts = data.split(separator: 0, omittingEmptySubsequences: false)
            return parts.count == 3 ? String(decoding: parts[1], as: UTF8.self) : nil
        }
        guard mechanism.hasPrefix("SCRAM-") else { return nil }
        let fields = String(decoding: data, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
        let user = fields.dropFirst(2).first { $0.hasPrefix("n=") }?.dropFirst(2)
        return user.map { String($0).replacing("=2C", with: ",").replacing("=3D", with: "=") }
    }

    private func digestUser(_ data: [UInt8]) -> String? {
        let text = String(decoding: data, as: UTF8.self)
        guard let start = text.firstRange(of: "username=\"") else { return nil }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }

    private func decoded(_ text: String) -> [UInt8] {
        Data(base64Encoded: text).map { Array($0) } ?? []
    }
}
