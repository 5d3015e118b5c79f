import Export
import Inspector

/// What takes the transcripts for one format of `show`.
struct ShownSink {
    let sink: any TranscriptSink
    private let drawing: LadderSink?
    private let counter: () -> Int

    init(format: ShowFormat, options: TextOptions, only: Int?, target: OutputTarget) {
        func ladder(_ format: LadderSink.Format) -> LadderSink {
            LadderSink(
                format,
                program: program,
                maxPacketBytes: options.maxPacketBytes,
                only: only,
                write: target.write
            )
        }
        switch format {
        case .text, .scs:
            let text = OrderedText(descriptor: target.descriptor, style: target.style, options: options, only: only)
            (sink, drawing, counter) = (text, nil, { text.count })
        case .jsonl:
            let lines = StreamedJSONLines(descriptor: target.descriptor, only: only)
            (sink, drawing, counter) = (lines, nil, { lines.count })
        case .pcapng:
            let capture = AnnotatedCapture(program: program, only: only, write: target.write)
            (sink, drawing, counter) = (capture, nil, { capture.count })
        case .html:
            let page = ladder(.html)
            (sink, drawing, counter) = (page, page, { page.count })
        case .svg:
            let picture = ladder(.svg)
            (sink, drawing, counter) = (picture, picture, { picture.count })
        case .ladder:
            let text = ladder(.text(columns: 100))
            (sink, drawing, counter) = (text, text, { text.count })
        }
    }

    /// How many connections there were.
    var count: Int { counter() }

    /// Nothing more comes.
    func finish() throws { try drawing?.draw() }
}
