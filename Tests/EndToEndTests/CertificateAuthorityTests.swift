import Foundation
import TestKit
import Testing

/// `stanzatap ca`, as a user calls it.
@Suite struct CertificateAuthorityTests {
    let folder: TemporaryFolder
    var directory: String { folder.path + "/data" }

    init() throws { folder = try TemporaryFolder() }

    private func ca(_ arguments: [String]) throws -> (status: Int32?, output: String, errors: String) {
        try run(Recorder.executable, ["ca"] + arguments, seconds: 20)
    }

    @Test func pathMakesItOnce() throws {
        let first = try ca(["path", "--data-dir", directory])
        #expect(first.status == 0)
        #expect(first.output == directory + "/ca.pem\n")
        #expect(first.errors == "stanzatap: made a new certificate authority, \(directory)/ca.pem\n")
        let second = try ca(["path", "--data-dir", directory])
        #expect(second.output == first.output)
        #expect(second.errors == "")
    }

    @Test(arguments: [
        (["XDG_DATA_HOME=DIR/x", "HOME=DIR"], "DIR/x/stanzatap/ca.pem\n"),
        (["-u", "XDG_DATA_HOME", "HOME=DIR/h"], "DIR/h/.local/share/stanzatap/ca.pem\n"),
    ])
    func whereItLies(_ environment: [String], _ expected: String) throws {
        let settings = environment.map { $0.replacing("DIR", with: folder.path) }
        let result = try run("/usr/bin/env", settings + [Recorder.executable, "ca", "path"], seconds: 20)
        #expect(result.output == expected.replacing("DIR", with: folder.path))
        #expect(result.status == 0)
    }

    @Test func aRelativeFolderIsPrintedAbsolute() throws {
        let line = "cd '\(folder.path)' && '\(Recorder.executable)' ca path --data-dir here"
        let result = try run("/bin/sh", ["-c", line], seconds: 20)
        #expect(result.output.hasSuffix(folder.path + "/here/ca.pem\n"))
    }

    @Test func export() throws {
        let text = try ca(["export", "--data-dir", directory])
        #expect(text.status == 0)
        #expect(try String(contentsOfFile: directory + "/ca.pem", encoding: .utf8) == text.output)
        #expect(text.output.hasPrefix("-----BEGIN CERTIFICATE-----\n"))
        let line = "'\(Recorder.executable)' ca export --der --data-dir '\(directory)' > '\(folder.path)/ca.cer'"
        #expect(try run("/bin/sh", ["-c", line], seconds: 20).status == 0)
        let back = try run("/usr/bin/openssl", ["x509", "-inform", "der", "-in", folder.path + "/ca.cer"])
        #expect(back.output == text.output)
    }

    @Test(
        "root reads the certificate of another user's authority, and not its key",
        .enabled(if: getuid() == 0, "needs root")
    )
    func ofAnotherUser() throws {
        let text = try ca(["export", "--data-dir", directory]).output
        for name in ["", "/ca.pem", "/ca-key.pem"] { #expect(chown(directory + name, 65_534, 65_534) == 0) }
        let again = try ca(["export", "--data-dir", directory])
        #expect(again.output == text && again.status == 0)
        #expect(try ca(["path", "--data-dir", directory]).output == directory + "/ca.pem\n")
        #expect(try ca(["trust-help", "--data-dir", directory]).status == 0)
        let record = ["record", "--listen", "127.0.0.1:0", "--upstream", "localhost:1", "--data-dir", directory]
        let refused = try run(Recorder.executable, record + ["--no-config", "--out", folder.path + "/out"])
        #expect(refused.status != 0 && refused.errors.contains("belongs to another user"))
    }

    @Test func exportedAtOnceByMany() throws {
        let processes = try (0..<8).map { _ in
            try ChildProcess(Recorder.executable, ["ca", "export", "--data-dir", directory])
        }
        for process in processes { #expect(process.wait(seconds: 20) == 0, "\(process.errors.text)") }
        let one = try String(contentsOfFile: directory + "/ca.pem", encoding: .utf8)
        #expect(processes.map(\.output.text) == [String](repeating: one, count: 8))
        #expect(processes.filter { $0.errors.text.contains("made a new") }.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == ["ca-key.pem", "ca.pem"])
    }

    @Test func trustHelp() throws {
        let odd = folder.path + "/it's here"
        let result = try ca(["trust-help", "--data-dir", odd])
        #expect(result.status == 0)
        let shell = "'" + odd.replacing("'", with: "'\\''") + "/ca.pem'"
        let wanted = [
            "Whoever holds \(odd)/ca-key.pem\n", "SSL_CERT_FILE=\(shell) profanity",
            "xmpp.ca_certs = \"\(odd)/ca.pem\"",
            "sudo cp \(shell) /usr/local/share/ca-certificates/stanzatap.crt", "sudo update-ca-certificates --fresh",
            "security add-trusted-cert", "sudo update-ca-trust", "gloox", "libstrophe", "QXmpp", "Pidgin", "nbxmpp",
            "go-sendxmpp", "sendxmpp -a", "Gajim", "Dino", "Conversations",
        ]
        for part in wanted { #expect(result.output.contains(part), "\(part)") }
        #expect(!result.output.split(separator: "\n").contains { $0.hasSuffix(" ") })
    }

    /// A call, its status, and what it says on standard error, DIR standing for the folder.
    struct Call: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let status: Int32
        let said: String
        /// Run in the shell beforehand.
        var before = ""
        var testDescription: String { (arguments + [before]).joined(separator: " ") }
    }

    @Test(arguments: [
        Call(arguments: ["path", "--data-dir"], status: 2, said: "Missing value for '--data-dir <dir>'"),
        Call(arguments: ["path", "--data-dir", ""], status: 2, said: "--data-dir needs the name of a folder"),
        Call(arguments: ["paths"], status: 2, said: "did you mean 'stanzatap ca path'?"),
        Call(arguments: ["path", "extra"], status: 2, said: "Unexpected argument 'extra'"),
        Call(
            arguments: ["path", "--data-dir", "DIR/file/x"],
            status: 1,
            said: "stanzatap: cannot make the folder DIR/file: it is a file\n",
            before: "touch DIR/file"
        ),
        Call(
            arguments: ["export", "--data-dir", "DIR/data"],
            status: 1,
            said: "chmod 600 DIR/data/ca-key.pem\n",
            before: "EXE ca path --data-dir DIR/data; chmod 644 DIR/data/ca-key.pem"
        ),
        Call(
            arguments: ["trust-help", "--data-dir", "DIR/data"],
            status: 1,
            said: "DIR/data/ca.pem and DIR/data/ca-key.pem do not belong together",
            before: "for i in data b; do EXE ca path --data-dir DIR/$i; done; mv DIR/b/ca.pem DIR/data"
        ),
    ])
    func refused(_ call: Call) throws {
        let fill = { (text: String) in
            text.replacing("DIR", with: folder.path).replacing("EXE", with: Recorder.executable)
        }
        if !call.before.isEmpty { #expect(try run("/bin/sh", ["-c", fill(call.before)], seconds: 20).status == 0) }
        let result = try ca(call.arguments.map(fill))
        #expect(result.status == call.status)
        #expect(result.errors.contains(fill(call.said)), "\(result.errors)")
        #expect(result.output == "")
    }

    @Test func aFullDisk() throws {
        let line = "'\(Recorder.executable)' ca trust-help --data-dir '\(directory)' > /dev/full"
        let result = try run("/bin/sh", ["-c", line], seconds: 20)
        #expect(result.status == 1)
        #expect(result.errors.contains("cannot write to standard output: the disk is full"), "\(result.errors)")
    }

    @Test(arguments: [
        ["ca"], ["ca", "--help"], ["ca", "path", "--help"], ["ca", "export", "--help"], ["ca", "trust-help", "-h"],
    ])
    func help(_ arguments: [String]) throws {
        let result = try run(Recorder.executable, arguments, seconds: 20)
        #expect(result.status == 0)
        #expect(result.output.contains("Examples:\n  stanzatap ca "))
        #expect(result.errors == "")
    }
}
