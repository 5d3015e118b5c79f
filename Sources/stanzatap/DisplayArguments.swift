import ArgumentParser
import Inspector
import Transcript
import XMPP

/// Which packets are shown.
struct DisplayArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Show only packets that one of these words fits: a kind (iq, message, presence, stream, nonza, event, error), an address, a protocol (register, muc, XEP-0199, a namespace), a finding (warning, note, a code). Comma separated; may be given several times.",
            valueName: "words"
        )
    )
    var only: [String] = []

    @Option(help: ArgumentHelp("Show no packet that one of these words fits; words as for --only.", valueName: "words"))
    var hide: [String] = []

    func validate() throws {
        _ = try Self.words(only, of: "--only")
        _ = try Self.words(hide, of: "--hide")
    }

    func filter() throws -> PacketFilter {
        PacketFilter(only: try Self.words(only, of: "--only"), hide: try Self.words(hide, of: "--hide"))
    }

    private static func words(_ arguments: [String], of option: String) throws -> [FilterWord] {
        try arguments.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map { word in
            let word = word.drop { $0 == " " }
            guard let known = FilterWord(String(word)) else {
                throw ValidationError(
                    "\(option) does not know the word '\(String(word).shown(limit: 60))': \(FilterWord.help)"
                )
            }
            return known
        }
    }
}

extension PacketFilter {
    /// The sink behind the filter, which says on standard error at the end what it hid.
    func before(_ sink: any TranscriptSink) -> any TranscriptSink {
        isEmpty ? sink : FilteringSink(sink, self, report: report)
    }
}
