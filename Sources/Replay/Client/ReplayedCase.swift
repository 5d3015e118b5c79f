import Conversation
import XMLStream
import XMPP

/// What became of one step of a replay as the client, for reports.
public struct ReplayedCase: Sendable, Equatable {
    public enum Result: Sendable, Equatable {
        case asRecorded
        /// How it differs, in a clause.
        case differs(String)
        /// A packet of the client that could not be sent, and why.
        case unsent(String)
        /// A packet of the server that was not waited for, and why.
        case passedOver(String)
        /// From here on the recording of the connection cannot be read; why.
        case unreadable(String)
    }

    /// Its number in the recording.
    public let connection: Int
    /// The step in a few words, safe for a terminal: `packet 005, <iq type='result'>`.
    public let name: String
    public let result: Result

    public init(connection: Int, name: String, result: Result) {
        self.connection = connection
        self.name = name
        self.result = result
    }
}

/// What a case is about.
enum CaseSubject {
    /// A packet of the recording.
    case packet(RecordedPacket)
    /// A packet that came and that the recording does not have.
    case unexpected(RecordedPacket)
    case login(RecordedLogin)
    case mechanism(RecordedLogin)
    /// A line of a script.
    case line(Int, Element)
    /// The step that is to be done next.
    case step
}

extension ReplayRun {
    /// Counts a recorded packet of the server, or a login, that went as recorded.
    mutating func passed(_ connection: Int, _ subject: CaseSubject) {
        summary.asRecorded += 1
        add(connection, .asRecorded, subject)
    }

    /// Keeps what became of a step, if somebody wants to know.
    mutating func add(_ connection: Int, _ result: ReplayedCase.Result, _ subject: CaseSubject) {
        guard options.tellsCases else { return }
        cases.append(ReplayedCase(connection: connection, name: name(of: subject, on: connection), result: result))
    }

    private func name(of subject: CaseSubject, on connection: Int) -> String {
        switch subject {
        case .packet(let packet): title(of: packet)
        case .unexpected(let packet): "not recorded: \(packet.name) of this run, \(packet.summary)"
        case .login(let login): login.title
        case .mechanism(let login): "mechanism of the \(login.title)"
        case .line(let line, let element): "line \(line), \(element.summary)"
        case .step:
            steps.indices.contains(cursor) && steps[cursor].connection == connection
                ? title(of: steps[cursor].event) : "the connection"
        }
    }

    /// Its number and what it is. In a script it has that of the line, and none where the script leaves it to us.
    private func title(of packet: RecordedPacket) -> String {
        if isScript { return packet.number.map { "line \($0), \(packet.summary)" } ?? packet.summary }
        return "\(packet.name), \(packet.summary)"
    }

    private func title(of event: RecordedConversation.Event) -> String {
        switch event {
        case .opened: "the connection"
        case .packet(let packet): title(of: packet)
        case .secured: "TLS"
        case .keepAlive(let direction): "a keep-alive of the \(direction.sender.rawValue)"
        case .closed(let direction), .reset(let direction): "the end of the \(direction.sender.rawValue)'s side"
        case .unreadable: "what cannot be read"
        case .receives(let element, let line): "line \(line), \(element.summary)"
        case .receivesNothing(let line): "line \(line), nothing comes"
        case .awaitsEnd: "the answer to the end of the stream"
        case .absent(let act, let line): "line \(line), \(act)"
        case .damaged: "a damaged part of the recording"
        }
    }
}

extension RecordedLogin {
    fileprivate var title: String { user.map { "login of \($0.shown(limit: 80))" } ?? "login" }
}
