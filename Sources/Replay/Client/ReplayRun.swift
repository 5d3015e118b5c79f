import Conversation
import XMLStream
import XMPP

/// What became of a step.
enum ReplayProgress: Equatable {
    case done
    /// Something must happen first; it is taken for missing after the patience of the options.
    case waiting
    /// Nothing must happen for a while.
    case listening
    /// The server is given a moment, before the next connection or before another client of a script speaks.
    case settling
    /// Something must happen first, and it will: the shell or the user tells.
    case suspended
}

/// Who says things of one kind to a connection without being asked.
struct SenderKey: Hashable {
    let connection: Int
    /// `message` or `presence`, and so on.
    let name: String
    let sender: String?
}

/// What all connections of a replay share: the recording and how far it is replayed, what this run has learned, and what is
/// to be done.
struct ReplayRun {
    let steps: [RecordedConversation.Step]
    /// True if a script is run: what it does not speak of is no difference.
    let isScript: Bool
    let options: ClientReplayOptions
    let accounts: RecordedAccounts
    let parties: ReplayedParties
    /// The step that is to be done next.
    var cursor = 0
    /// Steps that were done out of their order, or that are left out.
    var passedOver: Set<Int> = []
    var values: ValueMap
    var summary = ReplaySummary()
    var actions: [ClientReplayAction] = []
    /// What is to be reported of single steps and nobody has taken yet.
    var cases: [ReplayedCase] = []
    /// Nothing that is expected came for as long as the options allow.
    private(set) var isOutOfTime = false
    /// Counts what brings the replay on: packets sent, and expected ones that came. What nobody expects gives no more time.
    private(set) var headway = 0
    /// What the servers said and no step expects, counted up to the limit.
    private var unexpected = 0
    /// Offline messages and the presences of a roster are some hundred; what is more than this never ends.
    static let unexpectedLimit = 2000
    /// The user has had enough, so the ends of connections are not waited for as long as an answer would be.
    var isInterrupted = false
    /// Whose messages and presences were waited for in vain, since when nothing of them came: `SenderKey`s.
    var silent: Set<SenderKey> = []
    /// What is awaited now is of one of those.
    var awaitsBriefly = false
    /// Seconds.
    static let patienceOfInterrupted = 1.0
    static let patienceWithSilent = 0.5
    /// What stream management has counted (XEP-0198), by the recorded id of the session, which may be resumed.
    var managed: [String: StreamCounts] = [:]
    var pace = Pace()
    /// The id of the last answer that came on each connection since its client sent something.
    var lastAnswers: [Int: String] = [:]
    /// The step of a script for which something is awaited; each has its own time.
    private var awaitedStep = -1

    init(_ conversation: RecordedConversation, values: ValueMap, options: ClientReplayOptions) {
        steps = conversation.steps
        isScript = conversation.isScript
        accounts = RecordedAccounts(conversation)
        parties = ReplayedParties(conversation.steps, accounts)
        self.values = values
        self.options = options
    }

    /// True if the server has answered the request that was sent last on that connection.
    func isAnswered(_ packet: RecordedPacket, on connection: Int) -> Bool {
        guard let element = packet.element, element.name == "iq", !element.isAnswer, let id = element["id"] else {
            return false
        }
        return lastAnswers[connection] == id
    }

    /// Something brought the replay on, so what is awaited next has its full time.
    mutating func madeHeadway() {
        headway += 1
        isOutOfTime = false
    }

    /// Counts what no step expects; true once it is more than the limit.
    mutating func isTooMuch(afterUnexpected count: Int) -> Bool {
        unexpected += count
        return unexpected > Self.unexpectedLimit
    }

    /// Seconds of silence after which what is awaited is taken for missing.
    var patience: Double {
        let limit = isInterrupted ? Self.patienceOfInterrupted : awaitsBriefly ? Self.patienceWithSilent : .infinity
        return min(options.patience, limit)
    }

    mutating func timeRanOut() { isOutOfTime = true }

    /// The time that ran out for another step is not this one's.
    mutating func beginAwaiting() {
        guard awaitedStep != cursor else { return }
        awaitedStep = cursor
        isOutOfTime = false
    }

    /// Counts a recorded packet of the client that cannot be sent.
    mutating func countUnsent(_ step: RecordedConversation.Step) {
        guard case .packet(let packet) = step.event, packet.direction == .clientToServer, !packet.isSentByProxy else {
            return
        }
        summary.unsent += 1
        add(step.connection, .unsent("the replay could not send it"), .packet(packet))
    }

    /// Counts a recorded packet of the server that nobody waits for any more.
    mutating func countUnreceived(_ step: RecordedConversation.Step) {
        guard case .packet(let packet) = step.event, packet.direction == .serverToClient else { return }
        summary.unreceived += 1
        add(step.connection, .passedOver("not waited for, because the replay ended before"), .packet(packet))
    }

    /// True if steps of that connection are still to be done.
    func hasSteps(of connection: Int) -> Bool {
        steps[min(cursor, steps.count)...].contains { $0.connection == connection }
    }
}
