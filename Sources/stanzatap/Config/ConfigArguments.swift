import ArgumentParser
import XMPP

/// Which configuration is read; told apart before the command line is parsed (`ConfiguredCall`), and here for the help.
struct ConfigArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A profile of the configuration file, such as @work: its options stand over the file's own.",
            valueName: "@profile"
        )
    )
    var profile: String?

    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "Read options from this file only. (default: $XDG_CONFIG_HOME/stanzatap/config.yaml, else ~/.config/stanzatap/config.yaml; behind it /etc/stanzatap/config.yaml)",
            valueName: "file"
        )
    )
    var file: String?

    @Flag(
        name: .customLong("no-config"),
        help: "Read no configuration file. Without it, --no-NAME leaves out what a file says of the option NAME."
    )
    var readsNone = false

    func validate() throws {
        if readsNone, file != nil { throw ValidationError("--no-config reads no file; leave out it or --config") }
        if readsNone, let profile {
            throw ValidationError("--no-config reads no file, so there is no profile \(profile.shown(limit: 60))")
        }
    }

    /// Once all is parsed: of a misspelt option shall be told, and not of the value behind it.
    func checkProfile() throws {
        guard let profile, !profile.hasPrefix("@") || profile.count < 2 else { return }
        throw Failure("'\(profile.shown(limit: 60))' is no profile; profiles begin with @, such as @work", status: 2)
    }
}
