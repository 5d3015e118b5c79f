/// What gives the records of a capture, finished, growing, or live.
public protocol RecordSource: AnyObject {
    /// The next record; nil if there is none for now.
    func next() throws(CaptureError) -> CaptureRecord?
    /// The name, without its folder, of the capture that the last record came from; nil if it is in none.
    var file: String? { get }
    /// Bytes that were dealt with.
    var offset: Int { get }
    /// Nothing more comes: what was held back can be read now.
    func finish()
    /// At the end: how many bytes follow that are no whole record.
    func leftOver() -> Int
}
