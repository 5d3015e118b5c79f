import Capture
import NIOCore
import XMPP

extension ConnectionRecorder {
    /// Records bytes that one side sent.
    public mutating func received(_ bytes: ByteBuffer, _ direction: Direction) throws(CaptureError) {
        let result = bytes.withUnsafeReadableBytes { bytes in
            Result { () throws(CaptureError) in try received(bytes, direction) }
        }
        try result.get()
    }

    mutating func sentByProxy(
        _ bytes: ByteBuffer,
        _ direction: Direction,
        reason: String
    ) throws(CaptureError) {
        let result = bytes.withUnsafeReadableBytes { bytes in
            Result { () throws(CaptureError) in try sentByProxy(bytes, direction, reason: reason) }
        }
        try result.get()
    }

    mutating func changed(
        _ original: [UInt8],
        into bytes: ByteBuffer,
        _ direction: Direction,
        reason: String
    ) throws(CaptureError) {
        let result = bytes.withUnsafeReadableBytes { bytes in
            Result { () throws(CaptureError) in try changed(original, into: bytes, direction, reason: reason) }
        }
        try result.get()
    }
}
