import Transcript

/// The text of one connection's transcript, made piece by piece.
struct ConnectionText {
    private var writer: TextWriter

    init(_ options: TextOptions) {
        writer = TextWriter(showsTiming: options.showsTiming, maxPacketBytes: options.maxPacketBytes)
    }

    mutating func begin(_ title: ConnectionTitle, to bytes: inout [UInt8]) {
        writer.append(title: title.lines, to: &bytes)
    }

    mutating func append(_ record: Record, to bytes: inout [UInt8]) {
        writer.append(record, to: &bytes)
    }
}

/// How a transcript is written as text.
public struct TextOptions: Sendable {
    /// Adds the seconds since the connection was accepted to each packet's header line.
    public var showsTiming = false
    /// Bytes of a packet that are shown; the rest stays in the capture.
    public var maxPacketBytes = 64 * 1024

    public init() {}
}
