import Foundation
import TestKit
import Testing

private let password = "correct-horse-battery-staple"

/// All bytes below a folder, file after file.
private func everything(in folder: String) throws -> [UInt8] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.reduce(into: []) { bytes, name in
        bytes += FileManager.default.contents(atPath: folder + "/" + name).map(Array.init) ?? []
    }
}

/// True if the password stands there, in the clear or in base64 at any of its three places.
private func holdsPassword(_ bytes: [UInt8]) -> Bool {
    let encoded = (0..<3).map { shift -> [UInt8] in
        let text = Data([UInt8](repeating: 0, count: shift) + Array(password.utf8)).base64EncodedString().utf8
        return Array(text.dropFirst(4).dropLast(4))
    }
    return ([Array(password.utf8)] + encoded).contains { bytes.firstRange(of: $0) != nil }
}

@Suite("redaction", .enabled(if: hasPeers, "real servers and clients are not installed: run tools/setup --tests"))
struct RedactionEndToEndTests {
    @Test(
        "record --redact lets no password get onto the disk, and its capture is told and shown alike",
        arguments: ["none", "required"]
    )
    func recording(mode: String) throws {
        let server = try Server("prosody", mode: mode)
        let folder = try TemporaryFolder()
        let recorder = try Recorder(
            upstream: server.port,
            options: ["--redact"] + (server.ca.map { ["--upstream-ca", $0] } ?? []),
            out: folder.path
        )
        let client = try runClient(
            "libstrophe",
            port: recorder.port,
            user: "romeo",
            password: password,
            encryption: mode == "none" ? .none : .startTLS(ca: recorder.ca),
            actions: ["register", "login", "remove"]
        )
        #expect(client.status == 0, "\(client.output)\(client.errors)")
        #expect(recorder.stop() == 0)
        let told = recorder.process.output.text
        #expect(told.contains("Registration step 4 of 4") && told.contains("<username>romeo</username>"))
        #expect(recorder.process.errors.text.contains("values were replaced"))
        let written = try everything(in: folder.path)
        #expect(!holdsPassword(Array(told.utf8)) && !holdsPassword(written))
        #expect(try recorder.show().output == told)
    }

    @Test("after kill -9 nothing that was not redacted remains")
    func killed() throws {
        let server = try Server("prosody")
        let folder = try TemporaryFolder()
        let recorder = try Recorder(upstream: server.port, options: ["--redact"], out: folder.path)
        let client = try runClient(
            "libstrophe",
            port: recorder.port,
            user: "juliet",
            password: password,
            encryption: .none,
            actions: ["register"]
        )
        #expect(client.status == 0, "\(client.output)\(client.errors)")
        #expect(recorder.wait { $0.contains("Registration step 4 of 4") })
        recorder.process.send(signal: SIGKILL)
        _ = recorder.process.wait()
        let written = try everything(in: folder.path)
        #expect(!written.isEmpty && !holdsPassword(written))
        #expect(try recorder.show().output.contains("Registration step 4 of 4"))
    }

    @Test(
        "a recording is redacted afterwards, shows as before and serves clients",
        arguments: ["prosody-plain", "jabberd2-plain"]
    )
    func afterwards(_ name: String) throws {
        let folder = try TemporaryFolder()
        let (original, copy) = (checkout + "/captures/samples/\(name).pcapng", folder.path + "/copy.pcapng")
        let done = try run(Recorder.executable, ["redact", original, "--output", copy])
        #expect(done.status == 0 && done.errors.contains("values were replaced"), "\(done.errors)")
        let again = try run(Recorder.executable, ["redact", original, "--output", copy])
        #expect(again.status == 1 && again.errors.contains("there is one of that name already"), "\(again.errors)")
        let (before, after) = (
            try run(Recorder.executable, ["show", original]), try run(Recorder.executable, ["show", copy])
        )
        #expect(
            before.output.contains("<password>1234</password>") && !after.output.contains("<password>1234</password>")
        )
        let told = before.output.split(separator: "\n").filter { !$0.hasPrefix(" ") && !$0.hasPrefix("<") }
        #expect(told == after.output.split(separator: "\n").filter { !$0.hasPrefix(" ") && !$0.hasPrefix("<") })
        let player = try Recorder(upstream: nil, options: ["--upstream", "replay:" + copy])
        let client = try runClient(
            "libstrophe",
            port: player.port,
            user: "romeo",
            password: password,
            encryption: .none,
            actions: ["register", "login", "message", "remove"]
        )
        #expect(client.status == 0, "\(client.output)\(client.errors)")
        #expect(player.stop() == 0)
    }

    @Test("a transcript is redacted, and a key log beside --redact is refused")
    func transcript() throws {
        let folder = try TemporaryFolder()
        let copy = folder.path + "/copy.txt"
        let done = try run(
            Recorder.executable,
            ["redact", checkout + "/captures/samples/prosody-plain.txt", "-o", copy]
        )
        #expect(done.status == 0, "\(done.errors)")
        let text = try String(contentsOfFile: copy, encoding: .utf8)
        #expect(text.contains("<password>") && !text.contains("<password>1234</password>"))
        let wrong = try run(Recorder.executable, ["record", "--redact", "--keylog", folder.path + "/keys"])
        #expect(wrong.status == 2 && wrong.errors.contains("key log"))
    }
}
