import ArgumentParser
import Output

/// What `show` writes.
enum ShowFormat: ExpressibleByArgument, Equatable {
    case transcript(OutputFormat)
    /// A script of scansion, Prosody's test tool.
    case scs

    init?(argument: String) {
        if argument == "scs" {
            self = .scs
        } else if let format = OutputFormat(rawValue: argument) {
            self = .transcript(format)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .transcript(let format): format.rawValue
        case .scs: "scs"
        }
    }

    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

    static var allValueStrings: [String] { OutputFormat.allCases.map(\.rawValue) + ["scs"] }
}
