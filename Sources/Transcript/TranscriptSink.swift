/// Receives the transcripts of connections, record by record.
public protocol TranscriptSink: AnyObject {
    /// True if packets should come with their elements (`PacketRecord.element`), which is seldom needed.
    var asksForElements: Bool { get }
    /// A transcript begins.
    func began(_ title: ConnectionTitle)
    func add(_ record: Record, connection: Int)
    /// Nothing more comes for this connection.
    func finished(connection: Int)
    /// A batch is over: what was gathered goes out now. Throws what the user must know; later calls may still work.
    func flush() throws(OutputError)
    /// Nothing more comes at all: what waited for the end goes out too. To be called once.
    func end() throws(OutputError)
}

extension TranscriptSink {
    public var asksForElements: Bool { false }

    public func end() throws(OutputError) { try flush() }
}

/// Why something could not be written, in one line.
public struct OutputError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
