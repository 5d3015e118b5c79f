import ArgumentParser
import Relay
import Replay

/// The options of `replay --as server`.
struct ServerReplayArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to listen; may be given several times. Port 0 takes a free port. (default: 127.0.0.1:5222, and [::1]:5222 where there is one)",
            valueName: "host:port"
        ),
        transform: ListenAddress.init(argument:)
    )
    var listen: [ListenAddress] = []

    @Flag(help: "End at the first packet of a client that departs from the recording.")
    var strict = false

    @OptionGroup var folder: CA.DataFolder

    func replaying(
        _ file: String,
        _ client: ClientReplayArguments,
        _ output: ReplayOutputArguments
    ) throws -> ServerReplaying {
        if client.target != nil {
            throw ValidationError("--to is for --as client; a server listens: --listen HOST:PORT")
        }
        var replaying = ServerReplaying(
            file: file,
            listeners: try listen.isEmpty ? ListenAddress.defaults : listen,
            directory: output.out,
            output: LiveOutput(display: output.quiet ? nil : output.format, options: output.text.options)
        )
        replaying.isStrict = strict
        replaying.password = try client.password()
        replaying.ignored = client.ignore
        if client.tls != .none { replaying.authority = try folder.authority() }
        return replaying
    }
}

extension ListenAddress {
    /// Port 5222 of this machine alone, by IPv6 too where there is one.
    static var defaults: [ListenAddress] {
        get throws {
            var six = try ListenAddress(argument: "[::1]:5222")
            six.isOptional = true
            return [try ListenAddress(argument: "127.0.0.1:5222"), six]
        }
    }
}
