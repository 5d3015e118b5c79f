/// Reads the captures of one recording one after the other, as if they were one: finished ones, or those of a recording that
/// goes on.
public final class CaptureSeriesReader: RecordSource {
    private var current: CaptureReader
    private var index = 0
    /// Bytes of the captures before.
    private var base = 0
    private let path: (Int) -> String?
    private let began: (Int, String) -> Void

    /// - Parameters:
    ///   - path: the path of the capture of that number, from 0; nil if there is none, or not yet.
    ///   - began: called with number and path when the next capture is begun, before any of its records is given out.
    public init(path: @escaping (Int) -> String?, began: @escaping (Int, String) -> Void = { _, _ in })
        throws(CaptureError)
    {
        guard let first = path(0) else { throw CaptureError("there is no capture to read") }
        self.path = path
        self.began = began
        current = try CaptureReader(path: first)
    }

    public var offset: Int { base + current.offset }

    public func next() throws(CaptureError) -> CaptureRecord? {
        while true {
            if let record = try current.next() { return record }
            guard let following = path(index + 1) else { return nil }
            // Nothing comes in this one any more, but something may have come before the next one was begun.
            if let record = try current.next() { return record }
            base += current.offset
            current = try CaptureReader(path: following)
            index += 1
            began(index, following)
        }
    }

    public func finish() { current.finish() }

    public func leftOver() -> Int { current.leftOver() }
}
