import ArgumentParser
import Configuration
import Glibc
import XMPP

/// What is said of a call that cannot be run: what is wrong, the usage of the very subcommand, and where help is.
enum WrongCall {
    /// Endings by which a file that stands in the place of a subcommand is known.
    private static let endings = [".pcapng", ".pcap", ".txt", ".scs", ".gz", ".zst"]

    /// What is wrong with the subcommand that is called, with the closest one; nil if there is such a subcommand.
    ///
    /// - Parameter arguments: those of the program, without its name.
    static func ofSubcommand(_ arguments: [String], in root: any ParsableCommand.Type) -> String? {
        guard let first = arguments.first, !first.hasPrefix("-") else { return nil }
        let commands = root.configuration.subcommands
        let names = commands.map { $0._commandName } + (root == Stanzatap.self ? ["help"] : [])
        if let command = commands.first(where: { $0._commandName == first }) {
            return command.configuration.subcommands.isEmpty
                ? nil : ofSubcommand(Array(arguments.dropFirst()), in: command)
        }
        // `help` takes the names of subcommands, and shows its own help for what it does not know.
        if first == "help", root == Stanzatap.self { return ofSubcommand(Array(arguments.dropFirst()), in: root) }
        if names.contains(first) || commands.isEmpty { return nil }
        return text("\(first.quoted(limit: 60)) is no subcommand\(remedy(first, arguments, names, root))", of: root)
    }

    private static func remedy(
        _ first: String,
        _ arguments: [String],
        _ names: [String],
        _ root: any ParsableCommand.Type
    ) -> String {
        let path = path(to: root)
        if let near = Spelling.nearest(to: first, among: names) { return "; did you mean '\(path) \(near)'?" }
        if root == Stanzatap.self, access(first, F_OK) == 0 || endings.contains(where: first.hasSuffix) {
            return "; to see a recording: \(path) show \(first.shown(limit: 200))"
        }
        return "; there are \(names.joined(separator: ", "))"
    }

    /// - Parameter command: the one that was called.
    static func text(_ message: String, of command: any ParsableCommand.Type) -> String {
        let path = path(to: command)
        return "Error: \(message)\nUsage: \(usage(of: command, path))\n  See '\(path) --help' for more information."
    }

    private static func usage(of command: any ParsableCommand.Type, _ path: String) -> String {
        let help = Stanzatap.helpMessage(for: command, columns: 10_000)
        let line = help.split(separator: "\n").first { $0.hasPrefix("USAGE: ") }
        return line.map { String($0.dropFirst("USAGE: ".count)) } ?? path
    }

    /// `stanzatap ca export`.
    private static func path(to command: any ParsableCommand.Type) -> String {
        steps(to: command, from: Stanzatap.self)?.joined(separator: " ") ?? Stanzatap._commandName
    }

    private static func steps(
        to command: any ParsableCommand.Type,
        from root: any ParsableCommand.Type
    ) -> [String]? {
        if command == root { return [root._commandName] }
        for next in root.configuration.subcommands {
            if let steps = steps(to: command, from: next) { return [root._commandName] + steps }
        }
        return nil
    }

    /// What the argument parser says, with the options that it does not know to suggest.
    static func completed(_ message: String) -> String {
        guard let found = message.firstMatch(of: /^Error: Unknown option '(--?[^']+)'$/.anchorsMatchLineEndings()),
            let near = Spelling.nearest(to: String(found.1), among: ["--help", "--version"])
        else { return message }
        return message.replacing(found.0, with: "\(found.0). Did you mean '\(near)'?")
    }
}
