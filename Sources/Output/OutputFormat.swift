import Transcript

/// The forms in which finished transcripts are written to one file.
public enum OutputFormat: String, Sendable, CaseIterable {
    case text
    /// One line a packet.
    case brief
    case jsonl
    /// For Wireshark: one packet a record, our sentence as its comment.
    case pcapng
    /// A ladder as a web page, a picture, plain text.
    case html
    case svg
    case ladder

    /// Columns of a ladder in plain text that goes into a file, for mails.
    private static let ladderColumns = 100

    /// - Parameters:
    ///   - style: of the text.
    ///   - program: what writes, for example `stanzatap 0.1.0`.
    public func sink(
        _ writer: DescriptorWriter,
        style: TextStyle,
        options: TextOptions,
        program: String
    ) -> any TranscriptSink {
        switch self {
        case .text: OrderedText(writer, style: style, options: options)
        case .brief: BriefSink(writer, style: style, options: options)
        case .jsonl: StreamedJSONLines(writer)
        case .pcapng: AnnotatedCapture(writer, options: options, program: program)
        case .html: LadderSink(.html, writer, options: options, program: program)
        case .svg: LadderSink(.svg, writer, options: options, program: program)
        case .ladder:
            LadderSink(.text(columns: style.columns ?? Self.ladderColumns), writer, options: options, program: program)
        }
    }
}
