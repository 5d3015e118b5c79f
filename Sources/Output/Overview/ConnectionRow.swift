import Transcript
import XMPP

/// One connection of a recording in an overview: a line of `index.jsonl`, and of what `show --list` tells.
public struct ConnectionRow: Sendable, Equatable, Codable {
    /// `connection`, so that a reader of lines knows what it reads.
    public private(set) var kind = "connection"
    /// The capture that it is in; nil in the index, which lies beside it.
    public var file: String?
    public let connection: Int
    /// When it was accepted (RFC 3339, UTC); nil if nobody knows.
    public var began: String?
    /// From then to its last packet or event; nil if nobody knows.
    public var seconds: Double?
    /// The client's address and port.
    public var client: String?
    public var server: String?
    public var domain: String?
    /// The client's address, as far as login and binding told it; of who only registered, the account that was made.
    public var account: String?
    /// What the client calls itself.
    public var software: String?
    /// `TLS 1.3`, or what else there is to say; nil if nobody knows, or not yet.
    public var encryption: String?
    public var packets = 0
    public var warnings = 0
    public var notes = 0
    /// What came of it, in a few words, such as `registered, logged in`; empty if nothing did.
    public var result = ""
    /// The summary; nil while it goes on.
    public var summary: String?
    /// True if nothing more comes of it.
    public var isFinished = false

    enum CodingKeys: String, CodingKey {
        case kind, file, connection, began, seconds, client, server, domain, account, software, encryption, packets,
            warnings
        case notes, result, summary
        case isFinished = "finished"
    }

    /// A connection of which nothing was read yet.
    public init(_ title: ConnectionTitle) {
        connection = title.connection
        began = title.time.map(rfc3339)
        client = title.client
        server = title.server
        domain = title.domain
    }

    /// False if its counts are none: a file may say anything.
    var isPossible: Bool { [packets, warnings, notes].allSatisfy { (0..<1 << 48).contains($0) } }

    /// The rows of a recording's connections.
    ///
    /// - Parameter captures: the rows of each of its captures, in their order: each row knows what those before it knew, and
    ///   counts what is in its own capture.
    public static func joined(_ captures: [[ConnectionRow]]) -> [ConnectionRow] {
        var rows: [Int: ConnectionRow] = [:]
        for var row in captures.joined() {
            if let before = rows[row.connection] {
                row.packets += before.packets
                row.warnings += before.warnings
                row.notes += before.notes
            }
            rows[row.connection] = row
        }
        return rows.sorted { $0.key < $1.key }.map(\.value)
    }
}
