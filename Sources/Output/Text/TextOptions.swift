import Transcript

/// When text is coloured.
public enum ColorChoice: String, Sendable, CaseIterable {
    /// On a terminal, unless the user wants none there.
    case auto
    case always
    case never
}

/// How a transcript is written as text.
public struct TextOptions: Sendable {
    /// Adds the seconds since the connection was accepted to each packet's header line.
    public var showsTiming = false
    /// Ends each finding with its code in brackets.
    public var showsCodes = false
    /// Bytes of a packet that are shown; the rest stays in the capture.
    public var maxPacketBytes = 64 * 1024
    /// Shows every packet by itself in the brief format, also on a terminal.
    public var showsAll = false
    public var color = ColorChoice.auto

    public init() {}

    /// Writes the transcript of one connection in this way.
    func makeWriter() -> TextWriter {
        TextWriter(showsTiming: showsTiming, showsCodes: showsCodes, maxPacketBytes: maxPacketBytes)
    }
}
