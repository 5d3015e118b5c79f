import Transcript

/// How a transcript is written as text.
public struct TextOptions: Sendable {
    /// Adds the seconds since the connection was accepted to each packet's header line.
    public var showsTiming = false
    /// Ends each finding with its code in brackets.
    public var showsCodes = false
    /// Bytes of a packet that are shown; the rest stays in the capture.
    public var maxPacketBytes = 64 * 1024

    public init() {}

    /// Writes the transcript of one connection in this way.
    func makeWriter() -> TextWriter {
        TextWriter(showsTiming: showsTiming, showsCodes: showsCodes, maxPacketBytes: maxPacketBytes)
    }
}
