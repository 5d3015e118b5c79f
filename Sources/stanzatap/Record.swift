import ArgumentParser
import Capture
import Relay

struct Record: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Relay clients to their server and record what both say.",
        discussion: """
            The transcript of every connection is shown as it happens and written to a file of its own; the capture, a \
            pcapng file that Wireshark reads, holds every byte. Ctrl-C ends the recording with everything written.

            Each option may stand in a configuration file by its long name, alone or in a profile; see 'stanzatap config --help'.

            Examples:
              stanzatap record
              stanzatap record @work
              stanzatap record --upstream xmpp.example.org
              stanzatap record --listen 127.0.0.1:15222 --upstream localhost:5222 --out /tmp/recordings
              stanzatap record --format jsonl | jq .explanation
              stanzatap record --upstream localhost:5223 --upstream-ca server-ca.pem
              stanzatap record --tls pass
              stanzatap record --listen 0.0.0.0:5222 --allow-domain example.org
              stanzatap record --upstream replay:captures/samples/prosody-plain.pcapng
            """
    )

    @OptionGroup(title: "Configuration") var config: ConfigArguments

    @OptionGroup var listening: ListenArguments

    @Option(
        help: ArgumentHelp(
            "The server to relay to; or replay:FILE, a recording whose server is played, so that no server is needed. Without it, each client's server is found by the 'to' of its stream, as a client would.",
            valueName: "host[:port]"
        ),
        transform: UpstreamArgument.init(argument:)
    )
    var upstream: UpstreamArgument?

    @Option(
        help: ArgumentHelp(
            "Without --upstream: only this domain, and those below it, may be reached. May be given several times.",
            valueName: "name"
        ),
        transform: AllowedDomain.init(argument:)
    )
    var allowDomain: [AllowedDomain] = []

    @Option(
        help: ArgumentHelp(
            "Open connections to one address of a server; more clients are told that it cannot be reached. (default: 16 fewer than the limit of file descriptors leaves room for)",
            valueName: "n"
        )
    )
    var maxConnections: Int?

    @Flag(
        help:
            "Each client's connection begins with a header of the PROXY protocol (version 1 or 2), from a load balancer; the address that it tells is recorded."
    )
    var proxyProtocol = false

    @Option(help: ArgumentHelp("Where the recording goes; made if it is not there.", valueName: "dir"))
    var out = "captures"

    @Option(
        help: ArgumentHelp("The name server to ask, instead of the system's.", valueName: "host[:port]"),
        transform: ResolverAddress.init(argument:)
    )
    var resolver: ResolverAddress?

    @Flag(
        help:
            "Replace passwords, tokens and personal data by pseudonyms before anything gets a name on disk; see 'stanzatap redact --help'."
    )
    var redact = false

    @OptionGroup var recorder: RecorderArguments

    @OptionGroup(title: "Files") var files: FileArguments

    @Option(
        help: ArgumentHelp(
            "Tell the figures of the recording at http://HOST:PORT/metrics, for Prometheus (port 9469 if none is given).",
            valueName: "host[:port]"
        ),
        transform: metricsAddress
    )
    var metrics: ListenAddress?

    @OptionGroup(title: "TLS") var encryption: TLSArguments

    @OptionGroup(title: "Transcripts") var text: TextArguments

    @OptionGroup(title: "What is shown") var display: DisplayArguments

    @Option(help: "What is shown on standard output: text, brief (a line for each packet), or jsonl.")
    var format: Format = .text

    @Flag(name: .shortAndLong, help: "Show no transcripts; only record.")
    var quiet = false

    func validate() throws {
        if !allowDomain.isEmpty, upstream != nil {
            throw ValidationError(
                "--allow-domain is about domains that clients name; with --upstream they have no choice"
            )
        }
        if let maxConnections, maxConnections < 1 {
            throw ValidationError("--max-connections is a number of connections above 0, not \(maxConnections)")
        }
        if redact, files.isUsed { throw ValidationError("a recording with --redact has one file only") }
        if redact, encryption.keylogPath != nil {
            throw ValidationError("--redact is of no use beside a key log, which opens all that was encrypted")
        }
    }

    func run() async throws {
        let listeners = try listening.addresses
        if case .replay(let file)? = upstream { return try await play(file, listeners) }
        var configuration = RelayConfiguration(
            listeners: listeners,
            upstream: upstream?.address,
            resolver: resolver,
            program: program
        )
        configuration.allowedDomains = allowDomain
        if let maxConnections { configuration.limits.connectionsToServer = maxConnections }
        configuration.expectsProxyHeader = proxyProtocol
        configuration.interception = try encryption.interception()
        var recording = Recording(
            configuration: configuration,
            recorder: recorder.name,
            directory: out,
            display: quiet ? nil : format,
            options: text.options
        )
        recording.filter = try display.packets()
        recording.isRedacted = redact
        recording.metrics = metrics
        recording.files = files.rules
        try await recording.run()
    }

    /// Without a server: what a recording holds is played.
    private func play(_ file: String, _ listeners: [ListenAddress]) async throws {
        var replaying = ServerReplaying(
            file: file,
            listeners: listeners,
            directory: out,
            recorder: recorder.name,
            output: LiveOutput(display: quiet ? nil : format, options: text.options)
        )
        replaying.output.filter = try display.packets()
        replaying.takesAnyUser = listening.anyUser
        if encryption.tls != .pass {
            replaying.authority = try encryption.folder.authority()
            replaying.keyPair = try encryption.keyPair()
        }
        try await replaying.run()
    }
}

/// An address to listen on whose port is not that of XMPP.
@Sendable
private func metricsAddress(_ argument: String) throws -> ListenAddress {
    var address = try ListenAddress(argument: argument)
    if !argument.hasSuffix(":\(address.endpoint.port)"), let own = Endpoint(host: address.endpoint.host, port: 9469) {
        address.endpoint = own
    }
    return address
}

/// Where the server is: an address, or a recording.
enum UpstreamArgument: Sendable {
    case address(UpstreamAddress)
    case replay(String)

    init(argument: String) throws {
        if argument.hasPrefix("replay:") {
            let file = String(argument.dropFirst("replay:".count))
            if file.isEmpty {
                throw ValidationError("replay: needs the name of a recording, such as replay:captures/NAME.pcapng")
            }
            self = .replay(file)
        } else {
            self = .address(try UpstreamAddress(argument: argument))
        }
    }

    var address: UpstreamAddress? {
        if case .address(let address) = self { address } else { nil }
    }
}
