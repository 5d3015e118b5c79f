import Foundation
import TestKit
import Testing

@Suite(.serialized, .enabled(if: hasPeers, "real servers and clients are not installed: tools/setup --tests"))
struct SniffTests {
    /// What a transcript tells, without what depends on who looked and when: title, events, times, and the order of packets
    /// that crossed each other.
    private func story(_ transcript: String) -> [Substring] {
        transcript.split(separator: "\n").dropFirst(2)
            .filter { line in
                !["[", "C->S ", "S->C "].contains { line.hasPrefix($0) } && !line.contains(" packets in ")
                    && !line.contains("Answer to")
            }
            .sorted()
    }

    /// tcpdump writes what it has seen a little later, and may not end before it sees more.
    private func waitForStory(of path: String, _ wanted: [Substring]) throws -> [Substring] {
        let deadline = Date().addingTimeInterval(20)
        var told: [Substring] = []
        repeat {
            told = story(try run(Recorder.executable, ["show", path]).output)
        } while told != wanted && Date() < deadline
        return told
    }

    @Test(
        "tcpdump's capture and sniffing tell what recording tells",
        .enabled(if: getuid() == 0, "listening on an interface needs root"),
        .timeLimit(.minutes(2))
    )
    func sameStory() throws {
        let server = try Server("prosody")
        let recorder = try Recorder(server)
        let folder = try TemporaryFolder()
        let filter = "tcp port \(recorder.port)"
        let dump = try ChildProcess(
            "/usr/bin/tcpdump",
            ["-i", "lo", "-U", "-Z", "root", "-w", folder.path + "/a.pcap", filter]
        )
        let sniff = try ChildProcess(
            Recorder.executable,
            ["sniff", "-i", "lo", "--bpf", filter, "--write", folder.path + "/b.pcap"]
        )
        #expect(dump.errors.wait(until: { $0.contains("listening on") }))
        #expect(sniff.errors.wait(until: { $0.contains("listening on") }))
        let result = try runClient(
            "libstrophe",
            port: recorder.port,
            user: "anna",
            encryption: .none,
            actions: ["register"]
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(sniff.output.wait(until: { $0.contains("Registration of anna@jabber.test succeeded") }))
        #expect(recorder.stop() == 0)
        sniff.send(signal: SIGINT)
        #expect(sniff.wait() == 0)
        let wanted = story(recorder.process.output.text)
        #expect(wanted.count > 20)
        #expect(story(sniff.output.text) == wanted)
        for name in ["a.pcap", "b.pcap"] {
            #expect(try waitForStory(of: folder.path + "/" + name, wanted) == wanted, "\(name)")
        }
        dump.send(signal: SIGTERM)
        // The same packets in another order, cut into other formats, by Wireshark's own tools.
        for (format, name) in [("pcapng", "c"), ("nsecpcap", "d")] {
            let path = folder.path + "/" + name
            let converted = try run("/usr/bin/editcap", ["-F", format, folder.path + "/a.pcap", path])
            #expect(converted.status == 0, "\(converted.errors)")
            #expect(story(try run(Recorder.executable, ["show", path]).output) == wanted)
        }
    }

    @Test("without permission, and with a wrong filter or interface, a message tells what to do")
    func messages() throws {
        let wrongFilter = try run(Recorder.executable, ["sniff", "-i", "lo", "--bpf", "prot 5222"])
        #expect(wrongFilter.status == 1)
        #expect(wrongFilter.errors.contains("man pcap-filter"))
        let wrongName = try run(Recorder.executable, ["sniff", "-i", "nowhere0"])
        #expect(wrongName.status == 1)
        #expect(wrongName.errors.contains("nowhere0"))
        guard getuid() == 0 else { return }
        let denied = try run(
            "/usr/bin/setpriv",
            [
                "--bounding-set", "-all", "--inh-caps", "-all", "--reuid", "65534", "--clear-groups",
                Recorder.executable, "sniff", "-i", "lo",
            ]
        )
        // A folder that others may not enter keeps the program itself from them.
        if !denied.errors.contains("failed to execute") {
            #expect(denied.status == 1)
            #expect(denied.errors.contains("setcap cap_net_raw+ep"), "\(denied.errors)")
        }
    }

    @Test("the samples are told as they were when they were recorded")
    func samples() throws {
        let folder = "\(checkout)/captures/samples"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".pcapng") }
        #expect(names.count == 13)
        for name in names {
            let golden = try String(
                contentsOfFile: folder + "/" + name.replacing(".pcapng", with: ".txt"),
                encoding: .utf8
            )
            #expect(try run(Recorder.executable, ["show", folder + "/" + name]).output == golden, "\(name)")
        }
    }

    @Test("a sample becomes a script, which runs at the server", .timeLimit(.minutes(1)))
    func script() throws {
        let server = try Server("prosody")
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.scs"
        let written = try run(
            Recorder.executable,
            ["show", "--format", "scs", "--output", path, "\(checkout)/captures/samples/prosody-plain.pcapng"]
        )
        #expect(written.status == 0, "\(written.errors)")
        let registered = try runClient(
            "gloox",
            port: server.port,
            user: "test3",
            encryption: .none,
            actions: ["register"]
        )
        #expect(registered.status == 0)
        let result = try run(
            Recorder.executable,
            ["replay", path, "--to", "127.0.0.1:\(server.port)", "--out", folder.path]
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
}
