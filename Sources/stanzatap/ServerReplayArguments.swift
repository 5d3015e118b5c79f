import ArgumentParser
import Relay
import Replay

/// The options of `replay --as server`.
struct ServerReplayArguments: ParsableArguments {
    @OptionGroup var listening: ListenArguments

    @Flag(help: "End at the first packet of a client that departs from the recording.")
    var strict = false

    @Flag(
        help:
            "Fail too if something that the recorded client said was said by no client. What that was is told in any case."
    )
    var complete = false

    @OptionGroup var folder: CA.DataFolder

    func replaying(
        _ file: String?,
        _ connections: [Int],
        _ client: ClientReplayArguments,
        _ output: ReplayOutputArguments
    ) throws -> ServerReplaying {
        if client.target != nil {
            throw ValidationError("--to is for --as client; a server listens: --listen HOST:PORT")
        }
        var replaying = ServerReplaying(
            file: file,
            listeners: try listening.addresses,
            directory: output.out,
            recorder: output.recorder.name,
            output: LiveOutput(display: output.quiet ? nil : output.format, options: output.text.options)
        )
        replaying.isStrict = strict
        replaying.unsaid = complete ? .failure : .told
        replaying.password = try client.password()
        replaying.settings = client.settings
        replaying.takesAnyUser = listening.anyUser
        replaying.ignored = client.ignore
        replaying.connections = connections
        if client.tls != .none { replaying.authority = try folder.authority() }
        return replaying
    }
}
