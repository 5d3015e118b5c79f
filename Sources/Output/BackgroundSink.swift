import Dispatch
import Transcript

/// Has another sink write on a thread of its own, a batch at a time, while the next batch is read and explained.
///
/// At most two batches are in memory. The other sink sees the same calls in the same order; what a batch's writing throws is
/// thrown by the call of `flush` or `end` that follows.
public final class BackgroundSink: TranscriptSink {
    private enum Call {
        case began(ConnectionTitle)
        case add(Record, connection: Int)
        case finished(connection: Int)
    }

    /// What both threads touch, each only while the other one does not: `isFree` is handed to and fro.
    private final class Desk: @unchecked Sendable {
        let sink: any TranscriptSink
        let isFree = DispatchSemaphore(value: 1)
        var batch: [Call] = []
        var failure: OutputError?

        init(_ sink: any TranscriptSink) { self.sink = sink }

        func write() {
            for call in batch {
                switch call {
                case .began(let title): sink.began(title)
                case .add(let record, let connection): sink.add(record, connection: connection)
                case .finished(let connection): sink.finished(connection: connection)
                }
            }
            batch = []
            do throws(OutputError) {
                try sink.flush()
            } catch {
                failure = error
            }
            isFree.signal()
        }

        func takeFailure() throws(OutputError) {
            guard let failure else { return }
            self.failure = nil
            throw failure
        }
    }

    private let desk: Desk
    private let queue = DispatchQueue(label: "transcripts")
    private var calls: [Call] = []

    /// - Parameter sink: nobody else may use it from now on.
    public init(_ sink: any TranscriptSink) { desk = Desk(sink) }

    public func began(_ title: ConnectionTitle) { calls.append(.began(title)) }

    public func add(_ record: Record, connection: Int) { calls.append(.add(record, connection: connection)) }

    public func finished(connection: Int) { calls.append(.finished(connection: connection)) }

    /// Hands the batch over; waits only if the one before is not written yet.
    public func flush() throws(OutputError) {
        desk.isFree.wait()
        desk.batch = calls
        calls = []
        let failure = Result { () throws(OutputError) in try desk.takeFailure() }
        queue.async { [desk] in desk.write() }
        try failure.get()
    }

    public func end() throws(OutputError) {
        let last = Result { () throws(OutputError) in try flush() }
        desk.isFree.wait()
        defer { desk.isFree.signal() }
        try last.get()
        try desk.takeFailure()
        try desk.sink.end()
    }
}
