import Foundation
import TestKit
import Testing

@Suite("configuration files")
struct ConfigurationFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/stanzatap", withIntermediateDirectories: true)
    }

    private var file: String { folder.path + "/stanzatap/config.yaml" }

    private func write(_ text: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    private func stanzatap(_ arguments: [String]) throws -> (status: Int32?, output: String, errors: String) {
        try run("/usr/bin/env", ["XDG_CONFIG_HOME=" + folder.path, Recorder.executable] + arguments)
    }

    /// The rows of `config show`: key, value, origin.
    private func shown(_ arguments: [String] = []) throws -> [String: (value: String, origin: String)] {
        let result = try stanzatap(["config", "show"] + arguments)
        #expect(result.status == 0, "\(result.errors)")
        let rows = result.output.split(separator: "\n").map { line in
            let row = line.hasPrefix("# ") ? line.dropFirst(2) : line[...]
            let colon = row.firstIndex(of: ":") ?? row.endIndex
            let comment = row.range(of: "# ")?.lowerBound ?? row.endIndex
            let value = row[row.index(after: colon)..<comment].trimmingCharacters(in: .whitespaces)
            return (String(row[..<colon]), (value, String(row[comment...].dropFirst(2))))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    @Test("every option that the help of record knows may stand in the file")
    func everyOption() throws {
        let help = try stanzatap(["record", "--help"]).output
        let names = help.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("  -"), let start = line.range(of: "--") else { return nil }
            return String(line[start.upperBound...].prefix { $0.isLetter || $0 == "-" })
        }
        #expect(names.contains("listen") && names.contains("quiet") && names.count > 30)
        try write("")
        let known = try shown()
        for name in names where !["config", "no-config", "version", "help"].contains(name) {
            #expect(known[name] != nil, "\(name)")
            try write("\(name): null\n")
            #expect(try shown()[name]?.origin.contains("config.yaml, line 1") == true, "\(name)")
        }
        #expect(known.keys.allSatisfy(names.contains))
    }

    @Test("values of all kinds reach the recording")
    func record() throws {
        let listener = try RawListener()
        try write(
            """
            listen: ["127.0.0.1:0"]
            out: \(folder.path)/top
            data-dir: ~/data
            quiet: true
            profiles:
              work:
                upstream: 127.0.0.1:\(listener.port)
                out: \(folder.path)/chosen
            """
        )
        let process = try ChildProcess(
            "/usr/bin/env",
            [
                "XDG_CONFIG_HOME=" + folder.path, "HOME=" + folder.path, Recorder.executable, "record", "@work",
                "--codes",
            ]
        )
        #expect(process.errors.wait(until: { $0.contains("recording to ") }), "\(process.errors.text)")
        process.send(signal: SIGINT)
        #expect(process.wait() == 0)
        let told = process.errors.text
        #expect(told.contains("stanzatap: options from \(file), profile work\n"), "\(told)")
        #expect(told.contains("recording to \(folder.path)/chosen/"), "\(told)")
        #expect(FileManager.default.fileExists(atPath: folder.path + "/data/ca.pem"))
    }

    @Test("each value tells where it comes from")
    func origins() throws {
        try write(
            "out: 'a b'\nredact: true\nlisten: [127.0.0.1:1, 127.0.0.1:2]\nprofiles:\n  work:\n    out: work\n    redact: null\n"
        )
        let top = try shown()
        #expect(top["out"]?.value == "'a b'" && top["out"]?.origin == "\(file), line 1, column 6")
        #expect(top["redact"]?.value == "true" && top["tls"]?.value == "intercept" && top["tls"]?.origin == "default")
        let work = try shown(["@work"])
        #expect(work["out"]?.value == "work" && work["out"]?.origin == "\(file), line 6, column 10, profile work")
        #expect(
            work["redact"]?.value == "false"
                && work["redact"]?.origin == "default, by \(file), line 7, column 5, profile work"
        )
        #expect(work["listen"]?.value == "[127.0.0.1:1, 127.0.0.1:2]" && work["upstream"]?.origin == "not set")
    }

    struct Wrong: Sendable, CustomTestStringConvertible {
        let text: String
        let line: [String]
        let told: String
        var testDescription: String { "\(text) \(line)" }

        init(_ text: String, _ told: String) { self.init(text, [], told) }

        init(_ text: String, _ line: [String], _ told: String) {
            (self.text, self.line, self.told) = (text, line, told)
        }
    }

    static let wrongs = [
        Wrong("upstraem: a", "FILE, line 1, column 1: there is no option \"upstraem\"; did you mean upstream?"),
        Wrong("tls: maybe", "FILE, line 1, column 6: The value 'maybe' is invalid for '--tls <mode>'."),
        Wrong("tls: \"\\e[2J\"", "FILE, line 1, column 6: The value '&#x1B;[2J' is invalid"),
        Wrong("\"\\e\": 1", "FILE, line 1, column 1: there is no option \"&#x1B;\""),
        Wrong("out: a\nmax-size: 5X", "FILE, line 2, column 11: "),
        Wrong("listen: [127.0.0.1:1, 'x y:z']", "FILE, line 1, column 23: "),
        Wrong("keep: 3", "FILE, line 1, column 7: --keep is about captures"),
        Wrong("cert: a", "FILE, line 1, column 7: --cert and --key are needed together"),
        Wrong(
            "upstream: a\nallow-domain: b.example",
            "FILE, line 2, column 15 and FILE, line 1, column 11: --allow-domain is about domains"
        ),
        Wrong(
            "rotate: 1h",
            ["--redact"],
            "FILE, line 1, column 9: a recording with --redact has one file only; --no-rotate leaves out what the file says"
        ),
        Wrong("a: 1\n  b: 2", "FILE, line 2, column 4: a colon makes no key here"),
        Wrong("profiles: {work: {}}", ["@wrok"], "there is no profile @wrok (did you mean @work?); there are @work"),
        Wrong("", ["--no-config", "@work"], "--no-config reads no file, so there is no profile @work"),
        Wrong("", ["--no-config", "--config", "x"], "--no-config reads no file; leave out it or --config"),
        Wrong("", ["--config", "/nowhere.yaml"], "there is no file /nowhere.yaml"),
        Wrong("", ["work"], "'work' is no profile; profiles begin with @"),
        Wrong("", ["--lisen", "x"], "Unknown option '--lisen'"),
        Wrong("", ["--config"], "Missing value for '--config <file>'"),
        Wrong("", ["--keep", "0"], "Error: --keep is a number of captures above 0"),
    ]

    @Test("mistakes are told with file, line and reason, and end with status 2", arguments: wrongs)
    func mistakes(_ wrong: Wrong) throws {
        try write(wrong.text)
        let result = try stanzatap(["record"] + wrong.line)
        let told = wrong.told.replacingOccurrences(of: "FILE", with: file)
        #expect(result.status == 2 && result.errors.contains(told), "\(result.errors)")
        #expect(result.output.isEmpty && !result.errors.contains("\u{1B}"))
    }

    @Test("'config show' checks every profile")
    func checks() throws {
        try write("profiles:\n  good: {out: x}\n  bad: {tls: maybe}\n  worse: {max-packet: 0}\n")
        let result = try stanzatap(["config", "show"])
        #expect(
            result.status == 2 && result.errors.contains("line 3, column 14: The value 'maybe'"),
            "\(result.errors)"
        )
        #expect(result.errors.contains("line 4, column 23: --max-packet must be"), "\(result.errors)")
        #expect(try stanzatap(["config", "show", "@good"]).status == 0)
    }

    @Test("a file that others can write is refused", arguments: [0o620, 0o602, 0o666])
    func othersWrite(_ mode: Int) throws {
        try write("redact: true", mode: mode)
        let result = try stanzatap(["record"])
        #expect(result.status == 2 && result.errors.contains("'chmod go-w \(file)' ends that"), "\(result.errors)")
    }

    @Test("a broken file keeps nobody from the help, from other commands, from --no-config")
    func around() throws {
        try write("broken")
        #expect(try stanzatap(["record", "--help"]).status == 0)
        #expect(try stanzatap(["config", "path"]).output.hasPrefix(file + "\n"))
        #expect(try stanzatap(["record"]).status == 2)
        let result = try stanzatap(["record", "--no-config", "--keep", "0"])
        #expect(result.status == 2 && result.errors.contains("--keep is a number"))
    }

    @Test("what 'config show' writes is a configuration file")
    func roundTrip() throws {
        try write("out: \"it's\"\nlisten: ['[::1]:0', localhost:0]\nredact: true\nrecorder: 'true'\nmax-packet: 100\n")
        let first = try stanzatap(["config", "show"])
        try write(first.output)
        let second = try stanzatap(["config", "show"])
        #expect(second.status == 0, "\(second.errors)")
        func values(_ text: String) -> [String] {
            text.split(separator: "\n").compactMap { $0.hasPrefix("#") ? nil : $0.components(separatedBy: "  ").first }
        }
        #expect(values(first.output) == values(second.output) && values(first.output).contains("out: 'it''s'"))
    }
}
