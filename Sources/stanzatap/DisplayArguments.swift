import ArgumentParser
import Filter
import Inspector
import Transcript
import XMPP

/// Which packets are shown.
struct DisplayArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Show only packets and events that this fits: short forms such as ~in, ~kind iq or ~ns register, XPath such as /iq/register:query, and, or, not, brackets; see 'stanzatap help filter'.",
            valueName: "expression"
        ),
        completion: FilterHelp.completion
    )
    var filter: String?

    @Option(
        help: ArgumentHelp(
            "Short for a filter: only packets that one of these words fits: a kind (iq, message, presence, stream, nonza, event, error), an address, a protocol (register, muc, XEP-0199, a namespace), a finding (warning, note, a code). Comma separated; may be given several times.",
            valueName: "words"
        )
    )
    var only: [String] = []

    @Option(help: ArgumentHelp("The other way round: no packet that one of the words fits.", valueName: "words"))
    var hide: [String] = []

    func validate() throws { _ = try packets() }

    /// What the three options come to.
    func packets() throws -> PacketFilter {
        let words = PacketFilter(only: try Self.words(only, of: "--only"), hide: try Self.words(hide, of: "--hide"))
        return try FilterArgument.read(filter).and(words)
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

/// Reads `--filter`.
enum FilterArgument {
    /// - Parameter text: nil for a filter that all fits.
    static func read(_ text: String?) throws -> PacketFilter {
        guard let text else { return PacketFilter() }
        do {
            return try PacketFilter(text)
        } catch let error {
            if NetworkFilter.isOne(text) { throw NetworkFilter.told(text) }
            throw ValidationError("--filter, \(error.pointed(in: text))")
        }
    }
}

/// Reads `--ignore`.
enum IgnoreArgument {
    /// What is not compared; a replay compares packets one by one, so what only a recording knows cannot be asked of them.
    @Sendable
    static func read(_ text: String) throws -> PacketFilter {
        let filter: PacketFilter
        do {
            filter = try PacketFilter(text)
        } catch let error {
            throw ValidationError(error.pointed(in: text))
        }
        if let form = filter.formsOfRecordings.first {
            throw ValidationError(
                "~\(form.rawValue) asks about a recording, not about a packet alone, which is all that is compared"
            )
        }
        return filter
    }
}
