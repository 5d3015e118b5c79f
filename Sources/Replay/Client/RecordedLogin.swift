import Conversation
import SASL
import XMLStream
import XMPP

/// A SASL exchange as it was recorded: what of it matters for doing it again.
struct RecordedLogin {
    enum Outcome: Equatable {
        case success
        case failure(condition: String)
        /// The client gave up, or the recording ends before.
        case none
    }

    let mechanism: String
    /// Nil if the exchange does not say it.
    private(set) var user: String?
    /// Only where the mechanism says it.
    private(set) var password: String?
    private(set) var outcome = Outcome.none
    /// The address that the server gave with the success (XEP-0388).
    private(set) var identity: String?
    /// The indices of its steps behind the first one.
    private(set) var steps: [Int] = []
    /// The messages of both sides, decoded, in order; the client's first one first.
    private(set) var messages: [[UInt8]] = []

    init(_ first: Element, at start: Int, in all: [RecordedConversation.Step]) {
        mechanism = first["mechanism"] ?? ""
        let data = first.namespace == NS.sasl2 ? first.child("initial-response")?.text : first.text
        var identity: SASLIdentity?
        take(data, &identity)
        let connection = all[start].connection
        for index in all.indices.dropFirst(start + 1) where all[index].connection == connection {
            guard case .packet(let packet) = all[index].event, let element = packet.element,
                element.namespace == first.namespace
            else {
                if case .packet = all[index].event { break }
                continue
            }
            steps.append(index)
            if element.name == "response" {
                take(element.text, &identity)
            } else {
                let text = element.name == "success" ? element.child("additional-data")?.text : nil
                messages.append(SASLData(text ?? element.text, .lenient).bytes ?? [])
            }
            if let outcome = Self.outcome(element) {
                self.outcome = outcome
                self.identity = element.child("authorization-identifier")?.trimmedText
                break
            }
        }
        user = identity?.user
        password = identity?.password
    }

    /// A message of the client, the first of which may tell who it is.
    private mutating func take(_ text: String?, _ identity: inout SASLIdentity?) {
        let message = SASLData(text, .lenient).bytes ?? []
        identity = identity ?? SASLIdentity(mechanism: mechanism, message: message)
        messages.append(message)
    }

    /// True if the recorded exchange was made with that password.
    func wasMade(with password: String) -> Bool {
        RecordedProof.wasMade(messages, by: mechanism, with: password)
    }

    private static func outcome(_ element: Element) -> Outcome? {
        switch element.name {
        case "success": .success
        case "failure": .failure(condition: element.errorCondition ?? "no condition")
        case "abort": Outcome.none
        default: nil
        }
    }

    /// The outcome in words.
    var told: String {
        switch outcome {
        case .success: "the login succeeds"
        case .failure(let condition): "the login fails (\(condition))"
        case .none: "the login is given up"
        }
    }
}
