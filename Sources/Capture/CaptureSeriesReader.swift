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

    private init(
        open: @escaping (Int) throws(CaptureError) -> CaptureReader?,
        began: @escaping (Int, String) -> Void = { _, _ in }
    ) throws(CaptureError) {
        guard let first = try open(0) else { throw CaptureError("there is no capture to read") }
        self.open = open
        self.began = began
        current = first
    }

    /// Reads finished captures.
    ///
    /// - Parameter path: the path of the capture of that number, from 0; nil if there is none.
    public convenience init(path: @escaping (Int) -> String?) throws(CaptureError) {
        try self.init { (index) throws(CaptureError) in
            guard let path = path(index) else { return nil }
            return try CaptureReader(path: path)
        }
    }

    /// Reads a recording while it goes on. Of one recording there may be one such reader.
    ///
    /// - Parameter began: called with number and path when the next capture is begun, before any of its records is given out.
    public convenience init(following file: CaptureFile, began: @escaping (Int, String) -> Void) throws(CaptureError) {
        try self.init(open: { (index) throws(CaptureError) in try file.reader(of: index) }, began: began)
    }

    public var file: String? { current.file }

    public var offset: Int { base + current.offset }

    public func next() throws(CaptureError) -> CaptureRecord? {
        while true {
            if let record = try current.next() { return record }
            if let following {
                base += current.offset
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

    public func finish() { current.finish() }

    public func leftOver() -> Int { current.leftOver() }
}
