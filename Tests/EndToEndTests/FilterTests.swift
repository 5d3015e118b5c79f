import Foundation
import TestKit
import Testing

@testable import stanzatap

private func sample(_ name: String) -> String { "\(checkout)/captures/samples/\(name).pcapng" }

@Suite("recordings are asked by filters")
struct FilterTests {
    /// The numbers of packets in rows of JSON Lines.
    private func numbers(_ lines: String) throws -> [Int] {
        try lines.split(separator: "\n").compactMap {
            let row = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            return row?["number"] as? Int
        }
    }

    @Test(
        "show writes what a filter fits, in each format",
        arguments: ["text", "brief", "jsonl", "ladder", "svg", "html", "pcapng"]
    )
    func formats(_ format: String) throws {
        let shown = try run(
            Recorder.executable,
            ["show", "--format", format, "--filter", "//username", sample("prosody-plain")]
        )
        #expect(shown.status == 0)
        #expect(shown.errors.contains("hidden by the filter: "))
        if format == "jsonl" {
            #expect(try numbers(shown.output).prefix(2) == [5, 6])
        } else if format != "pcapng" {
            #expect(shown.output.contains("006") && !shown.output.contains("C->S 004"))
        }
    }

    @Test(
        "a wrong filter ends with status 2, its column and the reason, and no word of a library's",
        arguments: [
            ("~knd iq", "column 1: there is no short form ~knd; did you mean ~kind?"),
            ("//iq[", "column 5: this [ is not closed"), ("//regsiter:query", "column 3: no protocol is called"),
            ("/iq and 1 +", "column 11: it is no XPath expression from here on"), ("~in ~out", "column 5: "),
        ]
    )
    func wrong(_ filter: String, _ reason: String) throws {
        let show = try run(Recorder.executable, ["show", "--filter", filter, sample("prosody-plain")])
        #expect(show.status == 2 && show.output.isEmpty)
        #expect(show.errors.contains("--filter, \(reason)"), "\(show.errors)")
        #expect(show.errors.contains("\n    \(filter)\n"))
        #expect(!show.errors.lowercased().contains("xml") && !show.errors.contains("XPath error"))
        let replay = try run(
            Recorder.executable,
            ["replay", sample("prosody-plain"), "--as", "client", "--to", "localhost:1", "--ignore", filter]
        )
        #expect(replay.status == 2 && replay.errors.contains(reason), "\(replay.errors)")
    }

    @Test("what a replay cannot know is no filter of its")
    func replay() throws {
        let result = try run(
            Recorder.executable,
            ["replay", sample("prosody-plain"), "--as", "client", "--to", "localhost:1", "--ignore", "~story login"]
        )
        #expect(result.status == 2 && result.errors.contains("~story asks about a recording"), "\(result.errors)")
    }

    @Test(
        "a filter of libpcap's is told which option it belongs to",
        arguments: ["tcp", "port 5222 and host 192.0.2.1", "not port 22", "(tcp or udp) and less 100", "TCP"]
    )
    func network(_ filter: String) throws {
        let result = try run(Recorder.executable, ["sniff", "-i", "lo", "--filter", filter])
        #expect(result.status == 2 && result.errors.contains("--bpf"), "\(result.errors)")
    }

    @Test("filters of XMPP are none of libpcap's", arguments: ["~in", "/iq", "//port", "~ns tls", "@type='set'", "iq"])
    func others(_ filter: String) { #expect(!NetworkFilter.isOne(filter)) }

    @Test("the language is told by help filter, and shells complete it")
    func help() throws {
        let help = try run(Recorder.executable, ["help", "filter"])
        #expect(help.status == 0 && help.errors.isEmpty)
        for form in ["~in", "~kind iq", "~jid", "~ns", "~finding", "~story", "~time", "~text", "/iq/register:query"] {
            #expect(help.output.contains(form))
        }
        #expect(help.output.split(separator: "\n").allSatisfy { $0.count <= 130 })
        #expect(FilterHelp.candidates("~k") == ["~kind"])
        #expect(FilterHelp.candidates("~in and (~ou") == ["~in and (~out"])
        #expect(FilterHelp.candidates("'~kind pre") == ["'~kind presence"])
        #expect(FilterHelp.candidates("~in a") == ["~in and"] && FilterHelp.candidates("~jid ").isEmpty)
        #expect(FilterHelp.candidates("~kind pre") == ["~kind presence"])
        #expect(FilterHelp.candidates("/iq/regis").contains("/iq/register:"))
        #expect(FilterHelp.candidates("~ns carb") == ["~ns carbons"])
        #expect(FilterHelp.candidates("~finding iq.id.").contains("~finding iq.id.reused"))
        let script = try run(Recorder.executable, ["--generate-completion-script", "bash"])
        #expect(script.status == 0 && script.output.contains("--filter"))
    }

    @Test(
        "a running recording shows what a filter fits, and its files hold everything",
        .enabled(if: hasPeers, "real servers and clients are not installed: tools/setup --tests")
    )
    func live() throws {
        let server = try Server("prosody")
        let recorder = try Recorder(server, options: ["--filter", "~ns register and ~in"])
        let client = try runClient(
            "libstrophe",
            port: recorder.port,
            user: "anna",
            encryption: .none,
            actions: ["register"]
        )
        #expect(client.status == 0, "\(client.output)\(client.errors)")
        #expect(recorder.stop() == 0)
        let shown = recorder.process.output.text
        #expect(shown.contains("S->C 005") && !shown.contains("C->S 004"), "\(shown)")
        #expect(recorder.process.errors.text.contains("hidden by the filter: "))
        let whole = try run(Recorder.executable, ["show", recorder.capture])
        #expect(whole.output.contains("C->S 004"))
    }
}
