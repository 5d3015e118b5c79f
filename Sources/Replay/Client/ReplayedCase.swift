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

extension RecordedPacket {
    /// Its number and what it is.
    var title: String { "\(name), \(summary)" }
}

extension RecordedConversation.Step {
    /// What happened, in a few words.
    var title: String {
        switch event {
        case .opened: "the connection"
        case .packet(let packet): packet.title
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
