import ArgumentParser
import Configuration
import FoundationEssentials

/// The options of `record`, as the argument parser itself knows them: a new one is known to files without being named here.
enum RecordOptions {
    /// What no file may hold: it decides which file is read, or ends before anything is.
    private static let commandLineOnly: Set<String> = ["config", "no-config", "help"]

    static func table() throws -> OptionTable {
        let dump: Dump
        do {
            dump = try JSONDecoder().decode(Dump.self, from: Data(Record._dumpHelp().utf8))
        } catch {
            throw Failure("the options of record cannot be listed: \(error)")
        }
        return OptionTable((dump.command.arguments ?? []).compactMap(\.shape), commandLineOnly: commandLineOnly)
    }

    /// The part of the parser's own description (`--experimental-dump-help`) that is of use here.
    private struct Dump: Decodable {
        let command: Command

        struct Command: Decodable { let arguments: [Argument]? }

        struct Name: Decodable {
            let kind: String
            let name: String
        }

        struct Argument: Decodable {
            let kind: String
            let isRepeating: Bool
            let names: [Name]?
            let preferredName: Name?
            let defaultValue: String?
            let abstract: String?

            /// Nil for what has no name.
            var shape: OptionShape? {
                let long = (names ?? []).filter { $0.kind == "long" }.map(\.name)
                guard let first = long.first else { return nil }
                var shape = OptionShape(
                    name: preferredName.flatMap { $0.kind == "long" ? $0.name : nil } ?? first,
                    names: long,
                    letters: (names ?? []).filter { $0.kind == "short" }.compactMap(\.name.first),
                    isFlag: kind == "flag",
                    isRepeating: isRepeating
                )
                shape.standard = kind == "flag" ? "false" : defaultValue ?? abstract.flatMap(Self.standard)
                return shape
            }

            /// What the help says in `(default: …)`, or behind `Default: ` at its end.
            private static func standard(_ help: String) -> String? {
                if let start = help.firstRange(of: "(default: ")?.upperBound, help.hasSuffix(")") {
                    return String(help[start...].dropLast())
                }
                guard let start = help.firstRange(of: "Default: ")?.upperBound else { return nil }
                return String(help[start...].hasSuffix(".") ? help[start...].dropLast() : help[start...])
            }
        }
    }
}
