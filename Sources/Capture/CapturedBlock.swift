/// A block of a capture as it lies in the file, and what it tells.
public struct CapturedBlock: Sendable {
    /// The whole block. The bytes of a peer in `records` are a part of it, with the same indices.
    public let bytes: ArraySlice<UInt8>
    public let records: [CaptureRecord]
}
