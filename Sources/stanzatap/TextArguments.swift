import ArgumentParser
import Output
import Transcript

/// The formats in which transcripts are shown.
enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case brief
    case jsonl

    /// A run that is folded into one line is over when nothing came to it for so long.
    private static let quietTime = Duration.seconds(1)

    /// Shows on standard output what happens, as it happens.
    func liveSink(_ options: TextOptions) -> any TranscriptSink {
        let style = TextStyle.forStandardOutput(options.color)
        return switch self {
        case .text: StreamedText(.standardOutput, style: style, options: options)
        case .brief: BriefSink(.standardOutput, style: style, options: options, quietTime: Self.quietTime)
        case .jsonl: StreamedJSONLines(.standardOutput)
        }
    }
}

/// How transcripts are written as text, the same for every command that does.
struct TextArguments: ParsableArguments {
    @Flag(help: "Add the seconds since the connection began to each packet's header line.")
    var timing = false

    @Flag(help: "End each warning and note with its code in brackets, such as [iq.answer.unexpected].")
    var codes = false

    @Option(
        help: ArgumentHelp(
            "Bytes of a packet that a transcript shows; the capture holds all of them.",
            valueName: "bytes"
        )
    )
    var maxPacket = 65_536

    @Flag(
        help:
            "In the brief format on a terminal: show each packet by itself, also pings, presence and stream management."
    )
    var all = false

    @Option(help: "Colours: auto (on a terminal, unless NO_COLOR is set), always, or never.")
    var color: ColorChoice = .auto

    func validate() throws {
        guard maxPacket > 0 else {
            throw ValidationError("--max-packet must be a number of bytes above 0, not \(maxPacket)")
        }
    }

    var options: TextOptions {
        var options = TextOptions()
        options.showsTiming = timing
        options.showsCodes = codes
        options.maxPacketBytes = maxPacket
        options.showsAll = all
        options.color = color
        return options
    }
}

extension ColorChoice: ExpressibleByArgument {}
