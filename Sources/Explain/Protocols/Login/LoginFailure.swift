import XMLStream
import XMPP

/// A `<failure/>` of SASL or SASL2 (RFC 6120 section 6.5), and what it means for the login that it ends.
struct LoginFailure {
    private let conditions: [Element]
    private let text: String
    private let condition: Element?

    init(_ failure: Element) {
        conditions = failure.children.filter { $0.name != "text" && $0.name != "additional-data" }
        condition = conditions.first { $0.namespace == NS.sasl } ?? conditions.first
        text = failure.child("text")?.text ?? ""
    }

    /// The name of the condition.
    var name: String { condition?.name.shown(limit: 60) ?? "no condition" }

    private var known: SASLFailure? { condition.flatMap { SASLFailure(rawValue: $0.name) } }

    /// What the condition means by itself, a clause.
    var meaning: String { known?.meaning ?? "a condition that RFC 6120 does not define" }

    /// The server's own words as a sentence that can follow another; empty without any.
    var says: String { text.isEmpty ? "" : " It says: \(text.quoted())." }

    /// Further conditions, each as a sentence.
    var others: [String] {
        conditions.prefix(10).filter { $0 != condition }.map {
            "More precisely: \($0.name.shown(limit: 60)) (\(protocolName($0.namespace)))."
        }
    }

    /// What is wrong with the refusal itself.
    var findings: [Finding] {
        guard let condition else {
            return [Finding(.failureCondition, "the refusal names no condition, which it must (RFC 6120 section 6.5).")]
        }
        if known != nil || condition.namespace != NS.sasl { return [] }
        return [
            Finding(
                .failureCondition,
                "\(condition.name.quoted(limit: 60)) is none of the conditions of RFC 6120 section 6.5."
            )
        ]
    }

    /// Why the login failed, and whether channel binding is to blame.
    func cause(_ login: Login, _ scene: Scene) -> (Cause, isBinding: Bool) {
        // What was plainly wrong beats what the condition means in general.
        if let fault = login.fault, known == .notAuthorized || known == .malformedRequest || known == .incorrectEncoding
        {
            return (fault, false)
        }
        if let removed = removedBefore(login, scene) { return (removed, false) }
        if let cause = ChannelBindingDoctor.examineFailure(known, says: text, of: login, in: scene) {
            return (cause, true)
        }
        if let known { return (causeOfRefusal(known, of: login, in: scene), false) }
        return (login.reported ?? Cause(why: meaning, remedy: ""), false)
    }

    /// Of a refusal without a login: that channel binding is to blame, if the server says so.
    func bindingCause(_ scene: Scene) -> Cause? {
        ChannelBindingDoctor.examineFailure(known, says: text, of: Login(name: "", story: 0), in: scene)
    }

    /// The account was removed on this very connection.
    private func removedBefore(_ login: Login, _ scene: Scene) -> Cause? {
        guard known == .notAuthorized || known == .accountDisabled, let own = scene.bareJID,
            let packet = scene.account.removed[own.lowercased()]
        else { return nil }
        return Cause(
            why: "the account was removed in \(padded(packet))",
            remedy: "Register it anew, or log in as somebody else."
        )
    }
}
