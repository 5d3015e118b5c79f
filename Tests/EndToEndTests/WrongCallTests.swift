import Foundation
import TestKit
import Testing

@testable import stanzatap

private let capture = "\(checkout)/captures/samples/prosody-plain.pcapng"

/// Runs stanzatap with the arguments in `folder`.
private func stanzatap(_ line: String, in folder: String) throws -> (status: Int32?, output: String, errors: String) {
    let arguments = line.split(separator: " ").map(String.init)
    let process = try ChildProcess(Recorder.executable, arguments, directory: folder)
    process.closeInput()
    let status = process.wait()
    return (status, process.output.text, process.errors.text)
}

@Suite("what was called wrongly is told with what was meant")
struct WrongCallTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["session.pcapng", "2026-11-23T05-15-40.123.pcapng", "ca.pem"] {
            try FileManager.default.copyItem(atPath: capture, toPath: "\(folder.path)/\(name)")
        }
    }

    @Test(
        "a subcommand, an option, a file",
        arguments: [
            ("recrod", 2, "\"recrod\" is no subcommand; did you mean 'stanzatap record'?"),
            ("shwo session.pcapng", 2, "did you mean 'stanzatap show'?"),
            ("ca exprot", 2, "\"exprot\" is no subcommand; did you mean 'stanzatap ca export'?"),
            ("session.pcapng", 2, "is no subcommand; to see a recording: stanzatap show session.pcapng"),
            ("nowhere.pcapng", 2, "to see a recording: stanzatap show nowhere.pcapng"),
            (
                "something", 2,
                "is no subcommand; there are record, show, lint, compare, replay, sniff, redact, ca, doctor"
            ),
            ("--hlep", 2, "Unknown option '--hlep'. Did you mean '--help'?"),
            ("record --upstraem localhost", 2, "Unknown option '--upstraem'. Did you mean '--upstream'?"),
            ("show sesion.pcapng", 1, "there is no file sesion.pcapng; did you mean session.pcapng?"),
            ("show session.pcap", 1, "there is no file session.pcap; did you mean session.pcapng?"),
            ("show 2026-11-23T05-15-40.132.pcapng", 1, "did you mean 2026-11-23T05-15-40.123.pcapng?"),
            ("show nowhere/x.pcapng", 1, "there is no file nowhere/x.pcapng: there is no folder nowhere"),
            ("show quite-another-name", 1, "there is no file quite-another-name\n"),
            ("redact sesion.pcapng", 1, "did you mean session.pcapng?"),
            ("replay sesion.pcapng --as client --to localhost:1", 2, "did you mean session.pcapng?"),
            (
                "record --upstream replay:sesion.pcapng --listen 127.0.0.1:0 --data-dir d", 2,
                "did you mean session.pcapng?"
            ),
            ("record --upstream localhost --upstream-ca cq.pem --data-dir d", 1, "did you mean ca.pem?"),
        ] as [(String, Int32, String)]
    )
    func suggestions(_ line: String, _ status: Int32, _ says: String) throws {
        let result = try stanzatap(line, in: folder.path)
        #expect(result.status == status && result.output.isEmpty)
        #expect(result.errors.contains(says), "\(result.errors)")
    }

    @Test(
        "the usage is that of the subcommand, whether its options or its work refuse the call",
        arguments: [
            ("replay session.pcapng", "Usage: stanzatap replay "), ("record --bogus", "Usage: stanzatap record "),
            ("replay session.pcapng --as client", "Usage: stanzatap replay "),
            ("show --explain session.pcapng", "Usage: stanzatap show "), ("redact --bogus", "Usage: stanzatap redact "),
            ("sniff", "Usage: stanzatap sniff "), ("ca export --bogus", "Usage: stanzatap ca export "),
            ("doctor --bogus", "Usage: stanzatap doctor "), ("sniff -i lo --write -", "Usage: stanzatap sniff "),
            ("ca bogus", "Usage: stanzatap ca "), ("help bogus", "Usage: stanzatap "),
            ("help ca bogus", "Usage: stanzatap ca "),
            ("record --listen 0.0.0.0:0 --data-dir d", "Usage: stanzatap record "),
        ]
    )
    func usage(_ line: String, _ says: String) throws {
        let result = try stanzatap(line, in: folder.path)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.contains("\n\(says)"), "\(result.errors)")
        let command = says.dropFirst("Usage: ".count).dropLast()
        #expect(result.errors.contains("See '\(command) --help' for more information."), "\(result.errors)")
    }

    @Test(
        "the help of each command names it",
        arguments: [
            "", "record", "show", "lint", "replay", "sniff", "redact", "doctor", "ca", "ca path", "ca export",
            "ca trust-help",
        ]
    )
    func help(_ command: String) throws {
        let result = try stanzatap(command + " --help", in: folder.path)
        #expect(result.status == 0 && result.errors.isEmpty)
        let name = command.isEmpty ? "stanzatap" : "stanzatap \(command)"
        #expect(result.output.contains("\nUSAGE: \(name) "), "\(result.output)")
        #expect(result.output.contains("Examples:"))
    }

    @Test(
        "no error is told in a library's words",
        arguments: [
            "replay session.pcapng --as client --to localhost:1", "replay session.pcapng --as client --to 127.0.0.1:1",
            "replay session.pcapng --as client --to nowhere.invalid", "record --out ca.pem/x --data-dir d",
            "show --output /nowhere/x session.pcapng", "redact --output session.pcapng session.pcapng",
            "replay session.pcapng --as server --listen 192.0.2.1:5222 --data-dir d",
            "record --upstream localhost --upstream-ca ca.pem --data-dir d", "ca path --data-dir ca.pem/x",
            "record --upstream localhost --listen 192.0.2.1:0 --data-dir d",
        ]
    )
    func ownWords(_ line: String) throws {
        let result = try stanzatap(line, in: folder.path)
        let text = result.output + result.errors
        #expect(result.status != 0)
        for words in [
            "errno", "NIO", "Error(", "(error", "error set", "Error Domain", "Optional(", "No such file", ".swift",
        ] {
            #expect(!text.contains(words), "\(words): \(text)")
        }
    }
}
