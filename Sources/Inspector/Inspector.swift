import Capture
import Explain
import Transcript

/// What `LiveInspector` does again and again beside a recording.
public protocol LiveWork: AnyObject {
    /// Bytes of the recording that were dealt with.
    var offset: Int { get }
    /// Deals with what there is, at most a batch of it; returns how much it was, 0 if there was nothing.
    func step() throws -> Int
    /// Called while nothing happens.
    func restUnused()
    /// The recording is over and read. Returns how many bytes at its end are no whole record.
    func finish() throws -> Int
}

/// Turns a capture, finished or growing, into transcripts: reads records, follows each connection, tells the sinks.
public final class Inspector: LiveWork {
    private let reader: any RecordSource
    private let sinks: [any TranscriptSink]
    private let selection: Selection
    private let givesElements: Bool
    private var followers: [Int: ConnectionFollower] = [:]
    /// Those whose parsers may be in memory.
    private var awake: [ConnectionFollower] = []
    private var recordsSinceLook = 0
    private let memory = RecordingMemory()
    /// How many connections there were that are to be told.
    public private(set) var connections = 0
    /// The numbers of connections that are selected, and that did not come.
    public private(set) var missing: Set<Int>

    /// After so many records a connection that none of them belongs to gives its two parsers back, which take 24 KiB, and
    /// some microseconds to make anew.
    private static let recordsBetweenLooks = 4096

    /// - Parameter selection: what is told; the rest is read and passed over.
    public init(reader: any RecordSource, sinks: [any TranscriptSink], selection: Selection = Selection()) {
        self.reader = reader
        self.sinks = sinks
        self.selection = selection
        givesElements = sinks.contains { $0.asksForElements }
        missing = selection.connections
    }

    /// Bytes of the capture that were dealt with.
    public var offset: Int { reader.offset }

    /// A batch ends after so many bytes of the capture: so little is held in memory, and so much is written at once.
    private static let bytesOfBatch = 1024 * 1024

    /// Or when so much was told of them: a few compressed bytes can say a lot.
    private static let recordsOfBatch = 65_536
    private var toldInBatch = 0

    public func step() throws -> Int { try step(limit: 4096) }

    /// Deals with up to `limit` records and flushes; returns how many there were.
    public func step(limit: Int) throws -> Int {
        var count = 0
        let end = reader.offset + Self.bytesOfBatch
        toldInBatch = 0
        while count < limit, toldInBatch < Self.recordsOfBatch, reader.offset < end, let record = try reader.next() {
            handle(record)
            count += 1
        }
        try withEachSink { (sink) throws(OutputError) in try sink.flush() }
        return count
    }

    /// The capture has come to its end: ends what is open, and returns how many bytes at its end are no whole record.
    public func finish() throws -> Int {
        reader.finish()
        while let record = try reader.next() { handle(record) }
        for (connection, follower) in followers.sorted(by: { $0.key < $1.key }) {
            tell(follower.finish(), connection)
        }
        followers = [:]
        try withEachSink { (sink) throws(OutputError) in try sink.end() }
        return reader.leftOver()
    }

    /// Has every sink do it, whatever goes wrong at one; then throws what went wrong first.
    private func withEachSink(_ body: (any TranscriptSink) throws(OutputError) -> Void) throws(OutputError) {
        var failure: OutputError?
        for sink in sinks {
            do throws(OutputError) {
                try body(sink)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func handle(_ record: CaptureRecord) {
        switch record.content {
        case .opened(let client, _, let program, let recorder): follow(record, client, program, recorder)
        case .continued(let client, let program, let recorder, _) where followers[record.connection] == nil:
            follow(record, client, program, recorder)
        case .continued, .bytes, .lost, .closed, .reset, .event: break
        }
        guard let follower = followers[record.connection] else { return }
        if !follower.isAwake { awake.append(follower) }
        let output = follower.handle(record)
        tell(output, record.connection)
        if output.isFinished { followers[record.connection] = nil }
        recordsSinceLook += 1
        if recordsSinceLook >= Self.recordsBetweenLooks { restUnused() }
    }

    private func follow(_ record: CaptureRecord, _ client: Endpoint, _ program: String?, _ recorder: String?) {
        guard selection.includes(connection: record.connection) else { return }
        connections += 1
        missing.remove(record.connection)
        followers[record.connection] = ConnectionFollower(
            connection: record.connection,
            client: client,
            program: program,
            recorder: recorder,
            file: reader.file,
            time: record.time,
            memory: memory,
            givesElements: givesElements
        )
    }

    /// Gives back the memory that only connections in use need: of those that no record came of since the last call. To be
    /// called now and then while nothing happens; in a busy recording it is done by itself.
    public func restUnused() {
        recordsSinceLook = 0
        awake.removeAll { $0.restIfUnused() }
    }

    private func tell(_ output: ConnectionFollower.Output, _ connection: Int) {
        toldInBatch += output.records.count
        for sink in sinks {
            if let title = output.title { sink.began(title) }
            let records = givesElements && !sink.asksForElements ? output.records.map(\.withoutElement) : output.records
            for record in records { sink.add(record, connection: connection) }
            if output.isFinished { sink.finished(connection: connection) }
        }
    }
}
