import Conversation
import XMPP

@testable import Replay

/// A replay as the client, played with a server that the test writes: what happens in, what the client says out.
struct ReplayPlay {
    private var replay: ClientReplay
    /// What the client said and was told, and not yet looked at; one line each.
    private(set) var lines: [String] = []
    private(set) var summary: ReplaySummary?
    /// The time limits that were asked for so far, in seconds.
    private(set) var waits: [Double] = []

    init(
        _ transcript: String,
        settings: [String] = [],
        options: ClientReplayOptions = ClientReplayOptions()
    ) throws {
        let conversation = try TranscriptLoader.load(transcript)
        let values = try ReplaySettings(settings).values(for: conversation)
        replay = ClientReplay(conversation, values: values, options: options)
        take(replay.started())
    }

    /// A script of scansion.
    init(script: String) throws {
        replay = ClientReplay(try ScansionLoader.load(script), values: ValueMap(), options: ClientReplayOptions())
        take(replay.started())
    }

    /// Looks at what came so far.
    mutating func next() -> [String] {
        defer { lines = [] }
        return lines
    }

    mutating func connected(_ connection: Int = 1, isSecured: Bool = false) {
        take(replay.connected(connection, isSecured: isSecured))
    }

    /// The server says something, cut into pieces of so many bytes.
    mutating func receives(_ text: String, chunk: Int = .max, on connection: Int = 1) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(chunk))
            rest = rest.dropFirst(piece.count)
            take(replay.received(piece, on: connection))
        }
    }

    mutating func secured(_ connection: Int = 1) { take(replay.secured(connection)) }
    mutating func closes(_ connection: Int = 1, reset: Bool = false) {
        take(replay.closed(connection, wasReset: reset))
    }

    /// The server ends its stream and the connection.
    mutating func ends(_ connection: Int = 1) {
        receives("</stream:stream>", on: connection)
        closes(connection)
    }

    mutating func fails(_ connection: Int = 1, _ reason: String) { take(replay.failed(connection, reason: reason)) }
    mutating func timePasses() { take(replay.timedOut()) }
    mutating func interrupts() { take(replay.interrupted()) }
    mutating func userAgrees() { take(replay.userAgreed()) }

    private mutating func take(_ actions: [ClientReplayAction]) {
        for action in actions {
            switch action {
            case .connect(let connection, let isDirect):
                lines.append("connect \(connection)\(isDirect ? " direct" : "")")
            case .record: break
            case .wait(let seconds): waits.append(seconds)
            case .send(_, let bytes): lines.append(String(decoding: bytes, as: UTF8.self))
            case .startTLS(let connection): lines.append("start TLS \(connection)")
            case .closeOutput(let connection): lines.append("close output \(connection)")
            case .close(let connection, let isReset): lines.append("close \(connection)\(isReset ? " reset" : "")")
            case .differ(_, let text): lines.append("difference: \(text)")
            case .note(_, let text): lines.append("note: \(text)")
            case .awaitUser(let what): lines.append("await user: \(what)")
            case .finish(let summary): self.summary = summary
            }
        }
    }
}
