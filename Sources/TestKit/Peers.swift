import Foundation

/// This checkout's folder.
public let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// True if the real servers and clients are there. In CI nothing is skipped: there a missing peer is a failure.
public let hasPeers: Bool =
    ProcessInfo.processInfo.environment["CI"] == "true"
    || [
        "/usr/sbin/jabberd2-c2s", "/usr/bin/prosody", "/usr/bin/erl", "/usr/include/gloox/client.h",
        "/usr/include/strophe.h",
    ]
    .allSatisfy(FileManager.default.fileExists)
        && FileManager.default.fileExists(atPath: checkout + "/.build-peers/venv")

/// A real server on a free port of 127.0.0.1, ended with this value.
public final class Server: Sendable {
    public let port: Int
    public let domain: String
    /// The file of the CA that signed its certificate; nil if it has none.
    public let ca: String?
    private let process: ChildProcess

    /// - Parameter mode: STARTTLS none, optional or required; or direct, TLS from the first byte.
    public init(_ name: String, mode: String = "none", domain: String = "jabber.test", options: [String] = []) throws {
        self.domain = domain
        process = try ChildProcess(
            checkout + "/tools/peers/server",
            [name, "--mode", mode, "--domain", domain] + options
        )
        guard process.output.wait(seconds: 90, until: { $0.contains("\n") }),
            let line = process.output.text.split(separator: "\n").first,
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let port = object["port"] as? Int
        else { throw TestKitError("\(name) did not start: \(process.errors.text)") }
        self.port = port
        ca = object["ca"] as? String
    }

    deinit {
        process.closeInput()
        _ = process.wait(seconds: 10)
    }
}

/// A relay before a port of 127.0.0.1 that sends every byte on its own, in both directions; ended with this value.
public final class Slicer: Sendable {
    public let port: Int
    private let process: ChildProcess

    public init(port: Int) throws {
        process = try ChildProcess(checkout + "/tools/peers/slicer", ["\(port)"])
        guard process.output.wait(until: { $0.contains("\n") }),
            let own = Int(process.output.text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { throw TestKitError("the slicer did not start: \(process.errors.text)") }
        self.port = own
    }

    deinit { process.closeInput() }
}

/// `stanzatap record` on a free port, in front of something.
public final class Recorder: Sendable {
    public let port: Int
    /// The capture; transcripts lie in a folder of the same name without its ending.
    public let capture: String
    public let process: ChildProcess
    private let folder: TemporaryFolder
    /// The certificate of the CA that signs what clients are shown.
    public var ca: String { folder.path + "/data/ca.pem" }

    public static var executable: String {
        (Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0]))
            .deletingLastPathComponent().appendingPathComponent("stanzatap").path
    }

    /// In front of a real server, whose certificate is checked.
    public convenience init(_ server: Server, options: [String] = []) throws {
        try self.init(upstream: server.port, options: (server.ca.map { ["--upstream-ca", $0] } ?? []) + options)
    }

    /// - Parameters:
    ///   - upstream: the port of a server on 127.0.0.1; nil to let it be looked up.
    ///   - prefix: a program that runs it in place of itself, with its arguments.
    public init(upstream: Int?, options: [String] = [], out: String? = nil, prefix: [String] = []) throws {
        folder = try TemporaryFolder()
        let upstreamOptions = upstream.map { ["--upstream", "127.0.0.1:\($0)"] } ?? []
        let command =
            prefix + [Self.executable, "record", "--no-config", "--listen", "127.0.0.1:0", "--out", out ?? folder.path]
            + ["--data-dir", folder.path + "/data"] + upstreamOptions + options
        process = try ChildProcess(command[0], Array(command.dropFirst()))
        guard process.errors.wait(until: { $0.contains("recording to ") && $0.contains(", transcripts") }) else {
            throw TestKitError("stanzatap did not start: \(process.errors.text)")
        }
        let text = process.errors.text
        guard let listening = text.split(separator: "\n").first(where: { $0.contains("listening on 127.0.0.1:") }),
            let port = Int(listening.split(separator: ":").last ?? ""),
            let recording = text.split(separator: "\n").first(where: { $0.contains("recording to ") }),
            let path = recording.split(separator: " ").first(where: { $0.hasSuffix(".pcapng,") })
        else { throw TestKitError("stanzatap said something else: \(text)") }
        self.port = port
        capture = String(path.dropLast())
    }

    /// Ends it as Ctrl-C does, and returns its exit status.
    public func stop(signal: Int32 = SIGINT) -> Int32? {
        process.send(signal: signal)
        return process.wait()
    }

    /// The transcript of a connection, as it was written live.
    public func transcript(_ connection: Int = 1) -> String {
        let name = String(repeating: "0", count: max(0, 3 - String(connection).count)) + String(connection)
        let path = capture.dropLast(".pcapng".count) + "/\(name).txt"
        return (try? String(contentsOfFile: String(path), encoding: .utf8)) ?? ""
    }

    /// Waits until a connection's transcript satisfies `condition`.
    public func wait(connection: Int = 1, seconds: Double = 30, until condition: (String) -> Bool) -> Bool {
        let deadline = Date().addingTimeInterval(seconds)
        while Date() < deadline {
            if condition(transcript(connection)) { return true }
            usleep(10_000)
        }
        return false
    }

    /// What `stanzatap show` prints of the capture.
    public func show(_ options: [String] = []) throws -> (status: Int32?, output: String, errors: String) {
        try run(Self.executable, ["show", capture] + options)
    }
}

/// Runs a program to its end.
public func run(_ executable: String, _ arguments: [String], seconds: Double = 120) throws -> (
    status: Int32?, output: String, errors: String
) {
    let process = try ChildProcess(executable, arguments)
    process.closeInput()
    let status = process.wait(seconds: seconds)
    return (status, process.output.text, process.errors.text)
}

/// How a client is to encrypt.
public enum ClientEncryption: Sendable {
    case none
    /// STARTTLS with a certificate that this CA has signed; it is checked, with the name, as far as the client can.
    case startTLS(ca: String)
    /// The same from the first byte (XEP-0368).
    case direct(ca: String)

    fileprivate var options: [String] {
        switch self {
        case .none: ["--no-tls"]
        case .startTLS(let ca): ["--ca", ca]
        case .direct(let ca): ["--direct-tls", "--ca", ca]
        }
    }
}

/// Runs a real client (gloox, slixmpp, libstrophe, sendxmpp, go-sendxmpp …) against a port of 127.0.0.1.
public func runClient(
    _ name: String,
    port: Int,
    domain: String = "jabber.test",
    user: String,
    password: String = "1234",
    encryption: ClientEncryption,
    options: [String] = [],
    actions: [String]
) throws -> (status: Int32?, output: String, errors: String) {
    try run(
        checkout + "/tools/peers/client",
        [name, "--port", "\(port)", "--domain", domain, "--user", user, "--password", password]
            + encryption.options + options + actions
    )
}
