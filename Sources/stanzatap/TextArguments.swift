import ArgumentParser
import Output
import Transcript

/// The formats in which transcripts are shown.
enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case jsonl

    /// Shows on standard output what happens, as it happens.
    func liveSink(_ options: TextOptions) -> any TranscriptSink {
        switch self {
        case .text: StreamedText(.standardOutput, style: .forStandardOutput, options: options)
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
        return options
    }
}
