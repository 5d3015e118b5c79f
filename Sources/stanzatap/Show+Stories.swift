import ArgumentParser
import Filter
import Inspector
import Output

/// `show --stories`.
extension Show {
    func showStories(of named: [String]) throws {
        guard format == .transcript(.text) else {
            throw ValidationError("stories are told as text; as jsonl they stand in the rows of kind summary")
        }
        if explain { throw ValidationError("--stories tells a transcript anew in any case") }
        let input = try RecordingInput.of(named, newestIn: RecordingFolder(out))
        let isCapture = try input.isCapture()
        let target = try OutputTarget(path: output, isBinary: false)
        let list = StoryList(target.writer, columns: target.style(text.options.color).columns)
        let picker = ConnectionPicker(list, try display.packets())
        list.shows = { [unowned picker] in picker.picks(connection: $0) }
        if case .file(let text) = input, !isCapture {
            return try ShownTranscript(input: text, selection: selection, explainsAnew: true, isRedacted: redact)
                .run(picker)
        }
        try showCapture(input, picker)
    }
}
