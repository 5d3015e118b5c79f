import Transcript
import XMPP

/// Makes the row of one connection out of its records. A class, for it is looked up by every record.
final class ConnectionGatherer {
    private(set) var row: ConnectionRow
    /// True if more was learned than a count since it was set to false.
    var isNews = true
    private var outcomes: [Int: Outcome] = [:]
    /// The side that reset the connection.
    private var wasReset: Side?
    private var isUnreached = false
    /// True if the recording ended before the connection did.
    private var isCut = false

    /// What became of a story that is worth a word.
    private struct Outcome {
        let kind: Story.Kind
        let subject: String
        let state: Story.State
    }

    /// Stories of one connection of which the outcome is kept: a client that registers for ever has more.
    private static let limit = 256
    /// Words of the result; of more attempts the first and the last ones are told.
    private static let wordLimit = 6

    init(_ title: ConnectionTitle) { row = ConnectionRow(title) }

    func add(_ record: Record) {
        switch record {
        case .packet(let packet): add(packet)
        case .event(let event): add(event)
        case .summary(let summary): add(summary)
        case .prose: break
        }
    }

    func finish() {
        row.isFinished = !isCut
        isNews = true
    }

    private func add(_ summary: Summary) {
        row.summary = summary.text
        row.encryption = row.encryption ?? summary.encryption
        row.seconds = summary.seconds ?? row.seconds
        // What no packet failed by, such as a handshake of TLS.
        for story in summary.stories where story.state.isFailure && outcomes[story.id] == nil {
            outcomes[story.id] = Outcome(kind: story.kind, subject: story.subject, state: story.state)
        }
        row.result = result
        isNews = true
    }

    /// The connection goes on in another capture, whose packets and findings are counted from none on.
    func goOn() {
        (row.packets, row.warnings, row.notes) = (0, 0, 0)
        isNews = true
    }

    private func add(_ packet: PacketRecord) {
        row.packets += 1
        row.seconds = packet.secondsSinceStart ?? row.seconds
        for finding in packet.telling.findings {
            switch finding.severity {
            case .warning: row.warnings += 1
            case .note: row.notes += 1
            }
        }
        if let client = packet.client {
            row.account = client.account ?? row.account
            row.software = client.software ?? row.software
            isNews = true
        }
        if let step = packet.telling.step { add(step) }
    }

    private func add(_ step: StoryStep) {
        guard step.kind.doneWord != nil || step.state.isFailure else { return }
        guard outcomes[step.story] != nil || outcomes.count < Self.limit else { return }
        // Of who only registered, the account that was made.
        if step.kind == .registration, step.state == .succeeded, !step.subject.isEmpty {
            row.account = row.account ?? step.subject
        }
        outcomes[step.story] = Outcome(kind: step.kind, subject: step.subject, state: step.state)
        let result = self.result
        if result != row.result { (row.result, isNews) = (result, true) }
    }

    private func add(_ event: EventRecord) {
        row.seconds = event.secondsSinceStart ?? row.seconds
        switch event.kind {
        case "tls":
            // Of two versions that of the client's side stands there: it is the client that is looked at.
            if row.encryption == nil || event.text.contains(" with the client") {
                row.encryption = event.text.firstRange(of: " with the ").map { String(event.text[..<$0.lowerBound]) }
            }
            isNews = true
        case "tls-failed":
            row.encryption = "TLS failed"
            isNews = true
        case "opaque":
            row.encryption = "encrypted, not read"
            isNews = true
        case "reset":
            if case .reset(let side)? = event.known ?? EventKind(line: event.text) { wasReset = side }
            row.result = result
        case "upstream-failed":
            isUnreached = true
            row.result = result
        case "recording-ended": isCut = true
        default: break
        }
    }

    /// In the order in which it was begun.
    private var result: String {
        let told = outcomes.sorted { $0.key < $1.key }.map(\.value)
        var words = told.compactMap { outcome -> String? in
            switch outcome.state {
            case .succeeded: outcome.kind.doneWord
            // Many are refused in any session, such as what is not stored yet.
            case .failed where outcome.kind == .request: nil
            case .failed(let cause):
                isSuperseded(outcome, in: told) ? nil : "\(outcome.kind.name(of: outcome.subject)) failed: \(cause.why)"
            case .open, .abandoned: nil
            }
        }
        let refused = told.count { $0.kind == .request && $0.state.isFailure }
        if refused > 0 { words.append(refused == 1 ? "1 request refused" : "\(refused) requests refused") }
        if words.count > Self.wordLimit {
            words = words.prefix(Self.wordLimit / 2) + ["…"] + words.suffix(Self.wordLimit / 2)
        }
        if isUnreached, words.isEmpty { words.append("the server was not reached") }
        // A client that has said goodbye may go as it likes.
        if let wasReset, words.isEmpty { words.append("reset by the \(wasReset)") }
        return words.joined(separator: ", ")
    }

    private func isSuperseded(_ failure: Outcome, in outcomes: [Outcome]) -> Bool {
        outcomes.contains { $0.kind == failure.kind && $0.subject == failure.subject && $0.state == .succeeded }
    }
}

extension Story.State {
    fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}

extension Story.Kind {
    /// What there is to say when it succeeded; nil for what is not worth a word in an overview.
    fileprivate var doneWord: String? {
        switch self {
        case .registration: "registered"
        case .serviceRegistration: "registered with a service"
        case .passwordChange: "password changed"
        case .removal: "account removed"
        case .login: "logged in"
        case .resumption: "session resumed"
        case .roomJoin: "entered a room"
        case .component: "component accepted"
        case .encryption, .compression, .bind, .subscription, .archiveQuery, .command, .request: nil
        case .upload: "got a place for an upload"
        case .call: "called"
        case .fileTransfer: "transferred a file"
        }
    }

    /// What stands before "failed": with the account, which is known by nothing else then.
    fileprivate func name(of subject: String) -> String {
        if subject.isEmpty { return name }
        if self == .registration { return "registration of \(subject)" }
        return self == .login ? "login as \(subject)" : name
    }

    private var name: String {
        switch self {
        case .registration: "registration"
        case .serviceRegistration: "registration with a service"
        case .passwordChange: "password change"
        case .removal: "removal"
        case .login: "login"
        case .resumption: "resumption"
        case .roomJoin: "entering a room"
        case .component: "the component's handshake"
        case .encryption: "STARTTLS"
        case .compression: "compression"
        case .bind: "binding a resource"
        case .subscription: "subscription"
        case .upload: "place for an upload"
        case .call: "call"
        case .fileTransfer: "file transfer"
        case .command: "command"
        case .archiveQuery: "query of an archive"
        case .request: "request"
        }
    }
}
