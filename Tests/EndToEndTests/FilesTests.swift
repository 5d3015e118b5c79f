import Foundation
import Glibc
import TestKit
import Testing

private func sample(_ name: String) -> String { "\(checkout)/captures/samples/\(name)" }

private let capture = sample("prosody-plain.pcapng")

private let told = (try? String(contentsOfFile: sample("prosody-plain.txt"), encoding: .utf8)) ?? "no sample"

/// Runs a line of shell in a folder, where `$S` is stanzatap and `$C` the sample.
private func shell(_ line: String, in folder: String) throws -> (status: Int32?, output: String, errors: String) {
    let process = try ChildProcess(
        "/bin/bash",
        ["-c", "set -o pipefail; S='\(Recorder.executable)'; C='\(capture)'; \(line)"],
        directory: folder
    )
    process.closeInput()
    let status = process.wait(seconds: 60)
    return (status, process.output.text, process.errors.text)
}

@Suite("files as commands read and write them")
struct FilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "a recording is shown the same, wherever it comes from",
        arguments: [
            "$S show $C", "$S show - < $C", "cat $C | $S show -", "gzip -c $C | $S show -",
            "gzip -c $C > a && $S show a", "$S show <(cat $C)", "mkfifo p; gzip -c $C > p & $S show p",
            "$S show --output - $C", "zstd -qc $C > a.pcapng && $S show a.pcapng",
            "$S show $C | gzip > text && $S show text", "$S show $C | $S show -",
        ]
    )
    func sources(_ line: String) throws {
        let result = try shell(line, in: folder.path)
        #expect(result.status == 0 && result.output == told, "\(line): \(result.errors)")
    }

    @Test("rows of several recordings are written at once; a text is of one")
    func several() throws {
        let line = "cp $C \(sample("jabberd2-plain.pcapng")) .; $S show --format jsonl *.pcapng"
        let rows = try shell("\(line) | grep -c '\"kind\":\"connection\"'", in: folder.path)
        #expect(rows.output == "8\n" && rows.status == 0, "\(rows)")
        let damage = "(head -c 3000 $C; head -c 3000 /dev/zero) > prosody-plain.pcapng"
        let damaged = try shell("\(damage); $S show --format jsonl *.pcapng", in: folder.path)
        #expect(damaged.status == 1 && damaged.errors.contains("prosody-plain.pcapng: damaged at byte "))
        for name in ["jabberd2-plain", "prosody-plain"] {
            #expect(damaged.output.contains("\"file\":\"\(name).pcapng\""))
        }
        #expect(try shell("$S show *.pcapng", in: folder.path).status == 2)
    }

    @Test("without a file the newest recording is taken, and told; samples are never it")
    func newest() throws {
        let none = try shell("$S show", in: folder.path)
        #expect(none.status == 1 && none.output.isEmpty)
        #expect(none.errors.contains("there is no recording in ") && none.errors.contains("/captures: make one with"))
        let samples = try shell("mkdir -p captures/samples; cp $C captures/samples; $S show", in: folder.path)
        #expect(samples.status == 1 && samples.output.isEmpty)
        #expect(samples.errors.contains("the samples in captures/samples are read by their names"))
        let one = try shell("cp $C captures; $S show", in: folder.path)
        #expect(one.status == 0 && one.output == told)
        #expect(one.errors.contains("reading captures/prosody-plain.pcapng, the newest recording in captures"))
        let elsewhere = try shell("mv captures elsewhere; $S show --out elsewhere", in: folder.path)
        #expect(elsewhere.status == 0 && elsewhere.output == told)
        let packed = try shell("gzip elsewhere/*.pcapng; $S show --out elsewhere", in: folder.path)
        #expect(packed.status == 0 && packed.output == told, "\(packed.errors)")
        let redacted = try shell("$S redact --out elsewhere; ls elsewhere", in: folder.path)
        #expect(redacted.status == 0 && redacted.output.contains("prosody-plain-redacted.pcapng\n"))
    }

    @Test("a replay takes the newest recording that no replay made")
    func newestForReplay() throws {
        let listener = try RawListener()
        let line =
            "mkdir captures; cp $C captures; $S replay --as client --to 127.0.0.1:\(listener.port) --timeout 0.1 -q"
        let first = try shell(line, in: folder.path)
        #expect(first.errors.contains("reading captures/prosody-plain.pcapng, the newest recording that is no replay"))
        let second = try shell(line, in: folder.path)
        #expect(second.errors.contains("reading captures/prosody-plain.pcapng, the newest recording that is no replay"))
        let shown = try shell("$S show", in: folder.path)
        #expect(shown.errors.contains("reading captures/20"))
    }

    @Test(
        "a replay reads what show reads",
        arguments: ["cat $C | $S replay -", "gzip -c $C > a; $S replay a", "$S replay <(zstd -qc $C)"]
    )
    func replayed(_ line: String) throws {
        let result = try shell("\(line) --as client --to 127.0.0.1:1 --connection 1 -q", in: folder.path)
        #expect(result.status == 2)
        #expect(result.output.contains("4 recorded packets of the client could not be sent"), "\(result)")
    }

    @Test("several connections are chosen in every command, and one that is missing is told")
    func connections() throws {
        let two = try shell("$S show --connection 1 --connection 3 $C | grep -c '^XMPP session'", in: folder.path)
        #expect(two.output == "2\n")
        let missing = try shell("$S show --connection 1 --connection 9 $C", in: folder.path)
        #expect(missing.status == 1 && missing.errors.contains("holds no connection 9"))
        #expect(missing.output.contains("XMPP session"))
        let copy = try shell(
            "$S redact --connection 2 --output - $C > c && $S show c | grep -c '^XMPP session'",
            in: folder.path
        )
        #expect(copy.output == "1\n" && copy.status == 0, "\(copy.errors)")
        let none = try shell("$S redact --connection 9 --output d $C; test -e d", in: folder.path)
        #expect(none.status == 1 && none.errors.contains("holds no connection 9"))
        let script = try shell("$S show --format scs --connection 2 $C | grep -c ' connects'", in: folder.path)
        #expect(script.output == "1\n", "\(script.output) \(script.errors)")
    }

    @Test("a redacted copy goes through pipes, and holds the secret nowhere")
    func redactedPipe() throws {
        let piped = try shell("zstd -qc $C | $S redact - | $S show -", in: folder.path)
        let filed = try shell("$S redact --output copy $C && $S show copy", in: folder.path)
        #expect(piped.status == 0 && piped.output.count == filed.output.count, "\(piped.errors)")
        #expect(!piped.output.contains("<password>1234</password>") && piped.output.contains("<password>"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["copy"])
        let text = try shell("$S show $C | $S redact -", in: folder.path)
        #expect(text.status == 0 && !text.output.contains("<password>1234</password>"), "\(text.errors)")
        let damaged = try shell("(head -c 3000 $C; cat /etc/passwd) | $S redact - | wc -c", in: folder.path)
        #expect(damaged.status == 1 && damaged.output == "0\n")
    }

    @Test("what is cut off is shown up to the cut, which is told")
    func cut() throws {
        let cut = try shell("gzip -c $C | head -c 2000 > a; $S show a", in: folder.path)
        #expect(cut.status == 0 && cut.errors.contains("a is cut off in the middle of its compressed data"))
        #expect(cut.output.hasPrefix("XMPP session with jabber.test") && cut.output.count < told.count)
        let early = try shell("zstd -qc $C | head -c 2000 > a; $S show a", in: folder.path)
        #expect(early.status == 1 && early.errors.contains("cut off so early in its compressed data"))
        let empty = try shell(": | $S show -", in: folder.path)
        #expect(empty.status == 1 && empty.errors == "stanzatap: standard input is empty\n")
    }

    @Test("what a pipe brings is shown before more of it comes", .timeLimit(.minutes(1)))
    func live() throws {
        let process = try ChildProcess(
            "/bin/bash",
            ["-c", "(head -c 12000 '\(capture)'; read; tail -c +12001 '\(capture)') | '\(Recorder.executable)' show -"]
        )
        #expect(process.output.wait { $0.contains("XMPP session with jabber.test") })
        #expect(process.isRunning)
        process.closeInput()
        #expect(process.wait() == 0 && process.output.text == told)
    }

    @Test("pipes are read once, alone, and not by a replay that waits for Enter")
    func wrongCalls() throws {
        for (line, says) in [
            ("$S show - $C < $C", "standard input can be read once only"),
            ("$S show $C <(cat $C)", "can be read once only"),
            ("$S replay - --as client --to localhost --speed step < $C", "--speed step waits for Enter"),
            ("$S show --connection 0 $C", "connections are numbered from 1"),
            ("$S redact --connection 0 $C", "connections are numbered from 1"),
        ] {
            let result = try shell(line, in: folder.path)
            #expect(result.status == 2 && result.errors.contains(says) && result.output.isEmpty, "\(line): \(result)")
        }
    }
}

@Suite("recordings without a connection")
struct EmptyRecordingTests {
    @Test("are removed at their end, and that is told", arguments: [[], ["--redact"], ["--max-size", "1M"]])
    func removed(_ options: [String]) throws {
        let folder = try TemporaryFolder()
        let recorder = try Recorder(upstream: 1, options: options, out: folder.path)
        #expect(access(recorder.capture, F_OK) == 0)
        if options.contains("--max-size") {
            recorder.process.send(signal: SIGHUP)
            #expect(
                recorder.process.errors.wait { $0.components(separatedBy: "stanzatap: recording to ").count == 3 }
            )
        }
        #expect(recorder.stop() == 0)
        let errors = recorder.process.errors.text
        #expect(errors.contains("there was no connection, so the empty recording \(recorder.capture)"), "\(errors)")
        #expect(!errors.contains("recorded to"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("one that has no connection yet is not shown in place of the one before it")
    func notYet() throws {
        let folder = try TemporaryFolder()
        let recorder = try Recorder(upstream: 1, out: folder.path)
        let none = try run(Recorder.executable, ["show", "--out", folder.path])
        #expect(none.status == 1 && none.errors.contains("there is no recording in \(folder.path)"), "\(none.errors)")
        try FileManager.default.copyItem(atPath: capture, toPath: folder.path + "/before.pcapng")
        let shown = try run(Recorder.executable, ["show", "--out", folder.path])
        #expect(shown.status == 0 && shown.output == told)
        #expect(shown.errors.contains("\(recorder.capture) is newer, but holds no connection yet"), "\(shown.errors)")
        #expect(recorder.stop() == 0)
    }

    @Test("one with a connection stays, though its server was not reached", arguments: [[], ["--redact"]])
    func stays(_ options: [String]) throws {
        let folder = try TemporaryFolder()
        let recorder = try Recorder(upstream: 1, options: options, out: folder.path)
        let client = try RawPeer(port: recorder.port)
        client.send("<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
        client.readToEnd()
        #expect(recorder.stop() == 0)
        #expect(recorder.process.errors.text.contains("recorded to \(recorder.capture)\n"))
        #expect(access(recorder.capture, F_OK) == 0)
    }

    @Test(
        "the file of sniff --write is removed if no packet came",
        .enabled(if: getuid() == 0, "listening on an interface needs root"),
        .timeLimit(.minutes(1))
    )
    func sniffed() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/seen.pcap"
        let sniff = try ChildProcess(
            Recorder.executable,
            ["sniff", "-i", "lo", "--bpf", "host 192.0.2.77 and tcp port 1", "--write", path]
        )
        #expect(sniff.errors.wait { $0.contains("listening on") })
        #expect(access(path, F_OK) == 0)
        sniff.send(signal: SIGINT)
        #expect(sniff.wait() == 0)
        #expect(sniff.errors.text.contains("no packet came, so the empty capture \(path) was removed"))
        #expect(access(path, F_OK) != 0)
    }

    @Test("nothing is left where nothing could be recorded")
    func failedStart() throws {
        let folder = try TemporaryFolder()
        let taken = try RawListener()
        let captures = "\(folder.path)/captures"
        for line in [
            "$S replay $C --as server --listen 127.0.0.1:\(taken.port) --data-dir data",
            "$S replay $C --as client --to 127.0.0.1:1 -q",
            "$S record --upstream localhost --listen 127.0.0.1:0 --metrics 127.0.0.1:\(taken.port) --data-dir data",
            "$S record --upstream localhost --listen 127.0.0.1:\(taken.port) --data-dir data",
        ] {
            let result = try shell(line, in: folder.path)
            #expect(result.status != 0, "\(line)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: captures).isEmpty, "\(line)")
        }
    }
}
