import ArgumentParser
import Capture
import Foundation
import Glibc
import Inspector

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what a capture holds.",
        discussion: """
            Reads a capture that stanzatap recorded, or a transcript, and writes transcripts to standard output.

            Examples:
              stanzatap show captures/2026-11-23T05-15-40.pcapng
              stanzatap show --connection 2 --timing captures/2026-11-23T05-15-40.pcapng
              stanzatap show --format jsonl captures/2026-11-23T05-15-40.pcapng | jq -r .explanation
              stanzatap show edited-transcript.txt
            """
    )

    @Argument(help: ArgumentHelp("A capture (.pcapng) or a transcript (.txt).", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Only the connection of that number.", valueName: "n"))
    var connection: Int?

    @Option(help: "How it is written: text or jsonl.")
    var format: Format = .text

    @OptionGroup var text: TextArguments

    func validate() throws {
        if let connection, connection < 1 {
            throw ValidationError("connections are numbered from 1, not \(connection)")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_DFL)
        guard try isCapture() else {
            try ShownTranscript(path: file, format: format, options: text.options).run()
            return
        }
        let reader = try failing { try CaptureReader(path: file) }
        switch format {
        case .text:
            let sink = OrderedText(
                descriptor: STDOUT_FILENO,
                style: .forStandardOutput,
                options: text.options,
                only: connection
            )
            try inspect(reader, sink)
            if sink.count == 0 { try nothingFound() }
        case .jsonl:
            let sink = StreamedJSONLines(descriptor: STDOUT_FILENO, only: connection)
            try inspect(reader, sink)
            if sink.count == 0 { try nothingFound() }
        }
    }

    private func inspect(_ reader: CaptureReader, _ sink: any TranscriptSink) throws {
        let inspector = Inspector(reader: reader, sinks: [sink])
        do {
            while try inspector.step() > 0 {}
        } catch let damage as CaptureError {
            _ = try inspector.finish()
            throw Failure("\(damage); what stands before it is shown")
        }
        let rest = try inspector.finish()
        if rest > 0 { report("\(file) ends in the middle of a record: its last \(rest) bytes are not shown") }
    }

    private func nothingFound() throws {
        guard let connection else {
            report("\(file) holds no connection")
            return
        }
        throw Failure("\(file) holds no connection \(connection)")
    }

    /// A capture begins with the bytes 0a 0d 0d 0a; anything else is tried as a text.
    private func isCapture() throws -> Bool {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("cannot read \(file): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var magic = [UInt8](repeating: 0, count: 4)
        let count = pread(descriptor, &magic, 4, 0)
        guard count >= 0 else { throw Failure("cannot read \(file): \(String(cString: strerror(errno)))") }
        return magic == [0x0A, 0x0D, 0x0D, 0x0A]
    }
}

/// Runs `body` and turns what it throws into a failure of the work.
func failing<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch {
        throw Failure("\(error)")
    }
}
