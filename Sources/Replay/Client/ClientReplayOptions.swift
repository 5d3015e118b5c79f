import Conversation
import XMPP

/// How TLS with the server of a replay is begun.
public enum ReplayTLS: String, Sendable, CaseIterable {
    /// As recorded; STARTTLS too where the server requires it now.
    case recorded
    /// By STARTTLS, also where the recording has none.
    case starttls
    /// From the first byte (XEP-0368).
    case direct
    /// Not at all, also where the recording has it.
    case none
}

/// How fast the client's packets are sent.
public enum ReplaySpeed: Sendable, Equatable {
    /// Each as soon as the server has answered.
    case maximum
    /// With the recorded pauses, divided by that factor.
    case recorded(factor: Double)
    /// Each when the user says so.
    case step

    /// Reads `max`, `recorded`, `step` or a factor such as `2x`.
    public init?(_ text: String) {
        switch text {
        case "max": self = .maximum
        case "recorded": self = .recorded(factor: 1)
        case "step": self = .step
        default:
            guard text.hasSuffix("x"), let factor = Double(text.dropLast()), factor > 0, factor <= 1e6 else {
                return nil
            }
            self = .recorded(factor: factor)
        }
    }
}

/// What a replay as the client is to do otherwise than recorded.
public struct ClientReplayOptions: Sendable {
    public var tls = ReplayTLS.recorded
    public var speed = ReplaySpeed.maximum
    public var rules = ComparisonRules()
    /// Seconds of silence after which a packet is taken for missing.
    public var patience = 5.0
    /// Seconds between the end of all connections and the next one: jabberd2 drops one that comes right behind another's end.
    /// In a script also what a stanza may need to reach the server before another client speaks.
    public var settling = 0.25
    /// True if somebody reads what becomes of single steps (`ClientReplay.takeCases`).
    public var tellsCases = false
    /// The password of every login; nil for the recorded ones.
    public var password: String?
    /// True if nobody can listen in on the way to the server, so that a password may be sent in the clear although the
    /// recorded client did not.
    public var isNear = false

    public init() {}
}
