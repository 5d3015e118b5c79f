/// What gives the records of a capture, finished, growing, or live.
public protocol RecordSource: AnyObject {
    /// The next record; nil if there is none for now.
    func next() throws(CaptureError) -> CaptureRecord?
    /// Bytes that were dealt with.
    var offset: Int { get }
    /// Nothing more comes: what was held back can be read now.
    func finish()
    /// At the end: how many bytes follow that are no whole record.
    func leftOver() -> Int
}
