import ArgumentParser
import Certificates
import Filter
import FoundationEssentials
import Glibc
import Player
import Relay
import Replay
import SystemErrors

/// The options of `replay --as client`.
struct ClientReplayArguments: ParsableArguments {
    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("The server. (default port: 5222)", valueName: "host[:port]"),
        transform: UpstreamAddress.init(argument:)
    )
    var target: UpstreamAddress?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Another value than the recorded one: username, password, domain, resource, a field of the registration, or any value that the client sends. May be given several times.",
            valueName: "name=value"
        )
    )
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "The first line of this file is the password of every login, instead of the recorded one.",
            valueName: "file"
        ),
        completion: .file()
    )
    var passwordFile: String?

    @Option(
        name: .customLong("tls"),
        help:
            "TLS with the server: recorded, starttls, direct or none. recorded starts TLS too where the server requires it."
    )
    var tls: ReplayTLS = .recorded

    @Option(
        help: ArgumentHelp(
            "When the client's packets are sent: max (at once), recorded (with the recorded pauses), a factor such as 2x, or step (each when you press Enter).",
            valueName: "speed"
        ),
        transform: { text throws in
            guard let speed = ReplaySpeed(text) else {
                throw ValidationError("the speed is max, recorded, step, or a factor such as 2x, not '\(text)'")
            }
            return speed
        }
    )
    var speed: ReplaySpeed = .maximum

    @Option(
        help: ArgumentHelp(
            "What is not compared: parts of packets by XPath, such as //instructions or //@ver, or the packets that an expression fits, such as '~ns csi' (see 'stanzatap help filter'). May be given several times.",
            valueName: "expression"
        ),
        completion: FilterHelp.completion,
        transform: IgnoreArgument.read
    )
    var ignore: [PacketFilter] = []

    @Option(help: ArgumentHelp("Silence after which an answer is taken for missing.", valueName: "seconds"))
    var timeout = 5.0

    @Option(
        name: [.customLong("upstream-ca"), .customLong("ca")],
        help: ArgumentHelp(
            "PEM file of the certificates that may have signed the server's, instead of the system's.",
            valueName: "file"
        ),
        completion: .file()
    )
    var upstreamCA: String?

    @Flag(
        name: [.customLong("upstream-insecure"), .customLong("insecure")],
        help: "Go on with a server whose certificate cannot be verified; the transcript says so."
    )
    var upstreamInsecure = false

    func validate() throws {
        guard timeout > 0, timeout <= 3600 else {
            throw ValidationError("--timeout is a number of seconds from above 0 to 3600, not \(timeout)")
        }
        if upstreamInsecure && upstreamCA != nil {
            throw ValidationError("--upstream-insecure accepts any certificate; leave out one of it and --upstream-ca")
        }
    }

    func trust() throws -> TrustStore {
        try Suggestion.requireFile(upstreamCA, status: 2)
        do throws(CertificateProblem) {
            if let upstreamCA { return try TrustStore(pemFile: upstreamCA) }
            return try TrustStore.system()
        } catch {
            throw Failure("\(error)", status: 2)
        }
    }

    /// The first line of the password file; nil if there is none.
    func password() throws -> String? {
        guard let passwordFile else { return nil }
        try Suggestion.requireFile(passwordFile, status: 2)
        guard let data = FileManager.default.contents(atPath: passwordFile) else {
            throw Failure("cannot read the password file \(passwordFile): \(systemReason(errno))", status: 2)
        }
        return String(decoding: data.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    }
}

extension ReplayTLS: ExpressibleByArgument {}
