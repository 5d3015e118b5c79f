import ArgumentParser
import Configuration
import Output
import XMPP

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The configuration file of record.",
        discussion: """
            A file may hold every option of 'stanzatap record', by its long name without dashes, and profiles, which \
            'stanzatap record @NAME' takes. An option on the command line stands over the profile, over the user's file, \
            over the machine's.

              listen: 127.0.0.1:5222
              redact: true
              allow-domain: [example.org, example.com]
              profiles:
                work:
                  upstream: xmpp.example.org
                  allow-domain: null

            Examples:
              stanzatap config show
              stanzatap config show @work
              stanzatap config path

            Exit status: 0 done, 1 the output cannot be written, 2 a file or the call was wrong.
            """,
        subcommands: [Show.self, Path.self]
    )

    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print where the files are looked for, the stronger one first."
        )

        func run() throws {
            let paths = [ConfigFiles.userPath, ConfigFiles.systemPath].compactMap { $0 }
            try DescriptorWriter.standardOutput.write(Array(paths.map { $0 + "\n" }.joined().utf8))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell the value of each option of record and where it comes from.",
            discussion: """
                What is written is a configuration file itself. Without a profile, all profiles are checked too.

                Examples:
                  stanzatap config show
                  stanzatap config show @work
                  stanzatap config show --config draft.yaml
                """
        )

        @OptionGroup var config: ConfigArguments

        func run() throws {
            try config.checkProfile()
            let table = try RecordOptions.table()
            let arguments =
                (config.profile.map { [$0] } ?? []) + (config.file.map { ["--config=" + $0] } ?? [])
                + (config.readsNone ? ["--no-config"] : [])
            let given = GivenOptions(arguments, table)
            let call = try ConfiguredCall(given, table)
            let text = SettingsText(table: table, settings: call.settings).text
            try DescriptorWriter.standardOutput.write(Array(text.utf8))
            let names = config.profile == nil ? Set(call.files.flatMap { $0.profiles.map(\.name) }).sorted() : []
            let calls =
                try [call] + names.map { try ConfiguredCall(GivenOptions(arguments + ["@" + $0], table), table) }
            var mistakes: [String] = []
            for call in calls {
                do {
                    _ = try call.checked { try Record.parse($0) }
                } catch let failure as Failure {
                    if !mistakes.contains(failure.description) { mistakes.append(failure.description) }
                }
            }
            if !mistakes.isEmpty { throw Failure(SettingsProblem(mistakes)) }
        }
    }
}
