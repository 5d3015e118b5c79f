import ArgumentParser
import Relay

/// Where clients are taken.
struct ListenArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to listen; may be given several times. Port 0 takes a free port. (default: 127.0.0.1:5222, and [::1]:5222 where there is one)",
            valueName: "host:port"
        ),
        transform: ListenAddress.init(argument:)
    )
    var listen: [ListenAddress] = []

    @Flag(
        help:
            "Of a played server: let users in whom the recording does not know, although others than this machine can reach it."
    )
    var anyUser = false

    /// Those that were given; else port 5222 of this machine alone, by IPv6 too where there is one.
    var addresses: [ListenAddress] {
        get throws { try listen.isEmpty ? Self.usual : listen }
    }

    /// Port 5222 of this machine alone.
    static var usual: [ListenAddress] {
        get throws {
            var six = try ListenAddress(argument: "[::1]:5222")
            six.isOptional = true
            return [try ListenAddress(argument: "127.0.0.1:5222"), six]
        }
    }
}
