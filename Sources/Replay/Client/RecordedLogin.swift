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
    let user: String?
    /// Only where the mechanism says it.
    let password: String?
    private(set) var outcome = Outcome.none
    /// The indices of its steps behind the first one.
    private(set) var steps: [Int] = []
    /// The messages of both sides, decoded, in order; the client's first one first.
    private(set) var messages: [[UInt8]] = []

    init(_ first: Element, at start: Int, in all: [RecordedConversation.Step]) {
        mechanism = first["mechanism"] ?? ""
        let data = first.namespace == NS.sasl2 ? first.child("initial-response")?.text : first.text
        let accounts = LoginData(mechanism: mechanism, base64: data ?? "")
        var later: LoginData?
        messages.append(Self.decoded(data))
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
                later = later ?? LoginData(mechanism: mechanism, base64: element.text)
            }
            messages.append(
                Self.decoded(
                    element.name == "success" ? element.child("additional-data")?.text ?? element.text : element.text
                )
            )
            if let outcome = Self.outcome(element) {
                self.outcome = outcome
                break
            }
        }
        user = accounts?.user ?? later?.user
        password = accounts?.password ?? later?.password
    }

    private static func decoded(_ text: String?) -> [UInt8] { text.flatMap(Base64.decode) ?? [] }

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
