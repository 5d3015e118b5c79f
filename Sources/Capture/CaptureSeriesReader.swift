/// Reads the captures of one recording one after the other, as if they were one: finished ones, or those of a recording that
/// goes on.
public final class CaptureSeriesReader: RecordSource {
    private var current: CaptureReader
    /// The next one, once there is one.
    private var following: CaptureReader?
    private var index = 0
    /// Bytes of the captures before.
    private var base = 0
    private let open: (Int) throws(CaptureError) -> CaptureReader?
    private let began: (Int, String) -> Void
    /// Nil where the captures are known to be one recording's.
    private var continuation: Continuation?

    private init(
        open: @escaping (Int) throws(CaptureError) -> CaptureReader?,
        began: @escaping (Int, String) -> Void = { _, _ in },
        continuation: Continuation? = nil
    ) throws(CaptureError) {
        guard let first = try open(0) else { throw CaptureError("there is no capture to read") }
        self.open = open
        self.began = began
        self.continuation = continuation
        current = first
    }

    /// Reads finished captures. Where they do not tell which recording they are of, it is checked that each goes on where
    /// those before it ended: `next` throws at one that does not.
    ///
    /// - Parameter began: called when the next capture is begun, before any of its records is given out.
    public convenience init(_ series: CaptureSeries, began: @escaping () -> Void = {}) throws(CaptureError) {
        let paths = series.paths
        try self.init(
            open: { (index) throws(CaptureError) in
                paths.indices.contains(index) ? try CaptureReader(path: paths[index]) : nil
            },
            began: { _, _ in began() },
            continuation: series.isCertain ? nil : Continuation(hasBeginning: series.hasBeginning)
        )
    }

    /// Reads a recording while it goes on. Of one recording there may be one such reader.
    ///
    /// - Parameter began: called with number and path when the next capture is begun, before any of its records is given out.
    public convenience init(following file: CaptureFile, began: @escaping (Int, String) -> Void) throws(CaptureError) {
        try self.init(open: { (index) throws(CaptureError) in try file.reader(of: index) }, began: began)
    }

    public var file: String? { current.file }

    public var offset: Int { base + current.offset }

    /// What turned out to be missing between the captures: sentences without a full stop.
    public var faults: [String] { (continuation?.faults ?? []) + cuts }

    /// What is wrong with the ends of compressed captures.
    private var cuts: [String] = []

    public func next() throws(CaptureError) -> CaptureRecord? {
        while true {
            if let record = try current.next() {
                try continuation?.check(record, index, current.path)
                return record
            }
            if let following {
                base += current.offset
                noteCut()
                current = following
                self.following = nil
                index += 1
                began(index, current.path)
            } else {
                // Nothing comes in the present one any more, but something may have come before the next one was begun.
                following = try open(index + 1)
                if following == nil { return nil }
            }
        }
    }

    public func finish() {
        current.finish()
        noteCut()
    }

    private func noteCut() {
        if let fault = current.fault, !cuts.contains(fault) { cuts.append(fault) }
    }

    public func leftOver() -> Int { current.leftOver() }
}

/// Sees whether captures that do not tell which recording they are of follow each other.
private struct Continuation {
    /// True if all connections of the recording begin in what is read.
    let hasBeginning: Bool
    /// The capture in which each connection was told of first.
    private var seen: [Int: Int] = [:]
    private var lastFault = 0
    private(set) var faults: [String] = []

    init(hasBeginning: Bool) { self.hasBeginning = hasBeginning }

    /// - Throws: if the record belongs to another recording, for its connections would be taken for those before.
    mutating func check(_ record: CaptureRecord, _ index: Int, _ path: String) throws(CaptureError) {
        let number = record.connection
        switch record.content {
        case .opened:
            if let before = seen.updateValue(index, forKey: number), before != index {
                throw CaptureError(
                    "\(path) is of another recording, or overlaps a capture before it:"
                        + " connection \(number) begins in both; show it alone"
                )
            }
        case .continued:
            if hasBeginning, index > lastFault, seen[number] == nil {
                lastFault = index
                faults.append(
                    "a capture is missing before \(path): connection \(number), which goes on there, began in it"
                )
            }
            seen[number] = index
        case .bytes, .lost, .closed, .reset, .event:
            break
        }
    }
}
