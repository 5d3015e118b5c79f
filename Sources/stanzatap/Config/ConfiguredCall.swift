import ArgumentParser
import Configuration
import XMPP

/// `stanzatap record` with what configuration files say: their options become arguments before those of the command line,
/// less those that the command line has itself.
struct ConfiguredCall {
    let given: GivenOptions
    let files: [SettingsFile]
    /// What counts of the files.
    let settings: Settings

    /// Reads the whole command line. Other commands than `record` know no files.
    static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        guard arguments.first == Record.configuration.commandName ?? "record", !asksForHelp(arguments) else {
            return try Stanzatap.parseAsRoot(arguments)
        }
        guard concernsFiles(arguments) else { return try checkedProfile(Stanzatap.parseAsRoot(arguments)) }
        let table = try RecordOptions.table()
        let given = GivenOptions(Array(arguments.dropFirst()), table)
        // Without its value the option is told of like any other.
        if given.values["config"] == "" { return try Stanzatap.parseAsRoot(["record"] + given.arguments) }
        let call = try ConfiguredCall(given, table)
        let command = try call.checked { try Stanzatap.parseAsRoot(["record"] + $0) }
        _ = try checkedProfile(command)
        if let told = call.told { report("options from \(told)") }
        return command
    }

    private static func checkedProfile(_ command: any ParsableCommand) throws -> any ParsableCommand {
        try (command as? Record)?.config.checkProfile()
        return command
    }

    /// False where files change nothing: then the list of options, a fifth of the time of a start, is not asked for.
    private static func concernsFiles(_ arguments: [String]) -> Bool {
        let isAsked = arguments.contains { argument in
            argument.hasPrefix("@") || argument.hasPrefix("--config")
                || argument.hasPrefix("--no-") && argument != "--no-config"
        }
        return isAsked || !arguments.contains("--no-config") && ConfigFiles.mayBeThere
    }

    /// Help is there for those whose file is broken, too.
    private static func asksForHelp(_ arguments: [String]) -> Bool {
        arguments.prefix { $0 != "--" }
            .contains { ["-h", "--help", "--help-hidden", "--version", "--experimental-dump-help"].contains($0) }
    }

    init(_ given: GivenOptions, _ table: OptionTable) throws {
        self.given = given
        files = given.names.contains("no-config") ? [] : try ConfigFiles.read(named: given.values["config"], table)
        do throws(SettingsProblem) {
            // Without files the command itself says what is wrong with a profile.
            let profile = given.names.contains("no-config") ? nil : given.profile
            var settings = try Settings(files, profile: profile)
            settings.leaveOut(given.names)
            self.settings = settings
        } catch {
            throw Failure(error)
        }
    }

    /// The files that say something and the profile, in words; nil if none does.
    private var told: String? {
        let speaking = files.filter { !$0.settings.isEmpty || !$0.profiles.isEmpty }
        if speaking.isEmpty { return nil }
        let profile = given.profile.map { ", profile \($0.shown(limit: 60))" } ?? ""
        return speaking.map { $0.path.shown(limit: 1_000) }.joined(separator: ", then ") + profile
    }

    // MARK: What is wrong together

    /// Parses the arguments of files and command line; what a file is to blame for is told with its place there.
    func checked<Command>(_ parse: ([String]) throws -> Command) throws -> Command {
        let arguments = settings.arguments(home: ConfigFiles.home) + given.arguments
        do {
            return try parse(arguments)
        } catch {
            let message = Record.message(for: error)
            let blamed = blamed(for: message, parse)
            if blamed.isEmpty { throw error }
            let isFine = (try? parse(settings.arguments(home: ConfigFiles.home))) != nil
            throw Failure(Self.text(message, blamed, filesAreFine: isFine), status: 2)
        }
    }

    /// Those settings without which all is well; where there are several mistakes, those that the message names.
    private func blamed<Command>(for message: String, _ parse: ([String]) throws -> Command) -> [Settings.Chosen] {
        let all = settings.chosen.values.sorted { $0.setting.option.name < $1.setting.option.name }
        let alone = all.filter { chosen in
            var rest = settings
            rest.leaveOut([chosen.setting.option.name])
            return (try? parse(rest.arguments(home: ConfigFiles.home) + given.arguments)) != nil
        }
        return alone.isEmpty ? all.filter { message.names($0.setting.option) } : alone
    }

    private static func text(_ message: String, _ blamed: [Settings.Chosen], filesAreFine: Bool) -> String {
        let places = blamed.map { chosen in
            chosen.place(of: chosen.setting.values?.first { message.contains("'\($0.text)'") })
        }
        // What only the command line makes wrong can be had by leaving out what the file says.
        let remedies = blamed.map { "--no-\($0.setting.option.name)" }.joined(separator: " or ")
        let hint = filesAreFine ? "; \(remedies) leaves out what the file says" : ""
        // The parser quotes values as they stand in the file.
        return "\(places.joined(separator: " and ")): \(message.shown(limit: 2_000))\(hint)"
    }
}

extension String {
    fileprivate func names(_ option: OptionShape) -> Bool { option.names.contains { namesOption($0) } }

    /// True if `--name` stands in it as a whole word.
    fileprivate func namesOption(_ name: String) -> Bool {
        ranges(of: "--" + name).contains { range in
            let next = self[range.upperBound...].first
            return next.map { !($0.isLetter || $0.isNumber || $0 == "-") } ?? true
        }
    }
}
