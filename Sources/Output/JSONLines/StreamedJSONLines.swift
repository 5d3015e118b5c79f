import Transcript

/// Writes the records of all connections as JSON Lines to one descriptor, in the order in which they happened.
public final class StreamedJSONLines: TranscriptSink {
    private let writer = JSONLinesWriter()
    private var gathered: GatheredOutput
    /// Of the connections that are open.
    private var origins: [Int: LineOrigin] = [:]
    /// That of the latest one, which nearly all share.
    private var latest = LineOrigin.unknown

    public init(_ writer: DescriptorWriter) { gathered = GatheredOutput(writer) }

    public func began(_ title: ConnectionTitle) {
        let origin = LineOrigin(title)
        if origin != latest { latest = origin }
        origins[title.connection] = latest
        writer.append(title, to: &gathered.bytes)
    }

    public func add(_ record: Record, connection: Int) {
        let origin = origins[connection] ?? .unknown
        writer.append(record, connection: connection, origin: origin, to: &gathered.bytes)
    }

    public func finished(connection: Int) { origins[connection] = nil }

    public func flush() throws(OutputError) { try gathered.flush() }
}
