/// What reading a text gave: the transcript, and what had to be mended or could not be read.
public struct TextReading: Sendable, Equatable {
    public var transcript = Transcript()
    /// True under a title of stanzatap's own.
    public var isOwn = false
    /// The line on which each packet begins, counted from 1, in the order of the packets; none for XML without header lines.
    public var packetLines: [Int] = []
    /// Damage that was mended, such as broken letter case.
    public var repairs: [LineNote] = []
    /// What could not be read; it is kept as prose.
    public var problems: [LineNote] = []
}

/// A remark about one line of a text.
public struct LineNote: Sendable, Equatable, CustomStringConvertible {
    /// Counted from 1.
    public let line: Int
    public let text: String

    public init(line: Int, text: String) {
        self.line = line
        self.text = text
    }

    public var description: String { "line \(line): \(text)" }
}

/// Why a text is no transcript.
public struct TranscriptError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
