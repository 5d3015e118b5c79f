import Foundation
import TestKit
import Testing

/// What Python's reader of XML finds in a report; it fails where a count is not that of the elements.
private struct ReadReport: Decodable {
    let tests: Int
    let failures: Int
    let errors: Int
    let skipped: Int
    let suites: [String]
    let names: [String]
    let messages: [String]

    private static let script = """
        import json, sys, xml.etree.ElementTree as tree
        root = tree.fromstring(sys.stdin.buffer.read() if sys.argv[1] == '-' else open(sys.argv[1], 'rb').read())
        assert root.tag == 'testsuites' and all(suite.tag == 'testsuite' for suite in root)
        kinds = {'failures': 'failure', 'errors': 'error', 'skipped': 'skipped'}
        for node in [root] + list(root):
            cases = node.findall('.//testcase')
            assert int(node.get('tests')) == len(cases), node.attrib
            for count, kind in kinds.items():
                assert int(node.get(count)) == len(node.findall('.//testcase/' + kind)), node.attrib
            assert abs(float(node.get('time')) - sum(float(case.get('time')) for case in cases)) < 0.001 * (1 + len(cases))
        for suite in root:
            names = [case.get('name') for case in suite.findall('testcase')]
            assert len(names) == len(set(names)), names
            assert all(case.get('classname') for case in suite.findall('testcase'))
        print(json.dumps({
            **{count: int(root.get(count)) for count in ['tests', *kinds]},
            'suites': [suite.get('name') for suite in root],
            'names': [case.get('name') for case in root.iter('testcase')],
            'messages': [node.get('message') for node in root.iter() if node.get('message')]}))
        """

    init(_ path: String) throws {
        let result = try run("/usr/bin/python3", ["-c", Self.script, path])
        guard result.status == 0 else { throw TestKitError("\(path): \(result.errors)") }
        self = try JSONDecoder().decode(Self.self, from: Data(result.output.utf8))
    }
}

private func sample(_ name: String) -> String {
    "\(checkout)/captures/samples/\(name).pcapng"
}

@Suite(.serialized)
struct JUnitTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var report: String { folder.path + "/report.xml" }

    private func replay(_ recording: String, to port: Int, _ options: [String] = []) throws
        -> (status: Int32?, output: String, errors: String)
    {
        try run(
            Recorder.executable,
            ["replay", recording, "--as", "client", "--to", "127.0.0.1:\(port)", "--out", folder.path + "/out"]
                + ["--timeout", "0.5", "--junit", report] + options
        )
    }

    /// A recorded server that is played, with its own report.
    private func played(_ recording: String, _ options: [String] = []) throws -> (process: ChildProcess, port: Int) {
        let process = try ChildProcess(
            Recorder.executable,
            ["replay", recording, "--as", "server", "--listen", "127.0.0.1:0", "--out", folder.path + "/played"]
                + ["--data-dir", folder.path + "/data", "--junit", folder.path + "/server.xml"] + options
        )
        guard process.errors.wait(until: { $0.contains("recording to ") }),
            let line = process.errors.text.split(separator: "\n").first(where: { $0.contains("listening on ") }),
            let port = Int(line.split(separator: ":").last ?? "")
        else { throw TestKitError("the replay did not start: \(process.errors.text)") }
        return (process, port)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("a replay that goes as recorded passes on both sides", .timeLimit(.minutes(1)))
    func passes() throws {
        let server = try played(sample("prosody-plain"))
        try Data("old, and longer than what comes".utf8).write(to: URL(fileURLWithPath: report))
        let result = try replay(sample("prosody-plain"), to: server.port)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let read = try ReadReport(report)
        #expect(read.tests > 3 && read.failures == 0 && read.errors == 0)
        #expect(
            result.output.contains("\(read.tests - read.skipped) of \(read.tests - read.skipped) answers as recorded")
        )
        #expect(read.suites.first == "connection 1" && read.names.contains { $0.hasPrefix("packet 002, ") }, "\(read)")
        #expect(read.names.contains("login of test3"), "\(read.names)")
        #expect(try mode(report) == 0o600)
        server.process.send(signal: SIGINT)
        #expect(server.process.wait() == 0)
        let played = try ReadReport(folder.path + "/server.xml")
        #expect(played.tests == read.suites.count && played.failures == 0 && played.errors == 0, "\(played)")
    }

    @Test("each difference is a failure", .timeLimit(.minutes(1)))
    func fails() throws {
        let server = try played(sample("prosody-plain"))
        let result = try replay(sample("jabberd2-plain"), to: server.port)
        #expect(result.status == 1, "\(result.errors)")
        let read = try ReadReport(report)
        let differences = try #require(result.output.firstMatch(of: /recorded: (\d+) differences?,/)?.1)
        let unsent = result.output.firstMatch(of: /(\d+) recorded packets? of the client could/)?.1 ?? "0"
        #expect(read.failures == (Int(differences) ?? 0) + (Int(unsent) ?? 0), "\(result.output)")
        #expect(read.failures > 0 && read.errors == 0 && read.messages.contains { $0.contains(" / now: ") }, "\(read)")
    }

    @Test("a client that departs from the recording fails where that is strict", arguments: [true, false])
    func departs(isStrict: Bool) throws {
        let server = try played(sample("prosody-plain"), isStrict ? ["--strict"] : [])
        let client = try RawPeer(port: server.port)
        client.send(
            "<stream:stream to='jabber.test' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        client.send("<iq type='get' id='1'><query xmlns='urn:nothing'/></iq>")
        #expect(server.process.output.wait(until: { $0.contains("[Difference: ") }))
        if !isStrict { server.process.send(signal: SIGINT) }
        #expect(server.process.wait() == (isStrict ? 1 : 0))
        let read = try ReadReport(folder.path + "/server.xml")
        #expect(read.failures == (isStrict ? 1 : 0), "\(read)")
        #expect(read.suites == ["connection 1", "what no client said"], "\(read)")
        #expect(read.names.first == (isStrict ? "packet 003" : "what the client says"))
        #expect(read.skipped == read.tests - 1 && read.tests > 3, "\(read)")
    }

    @Test("a client that does not do all that was recorded fails where that is asked for", arguments: [false, true])
    func incomplete(comes: Bool) throws {
        let server = try played(sample("prosody-plain"), ["--strict", "--complete"])
        if comes {
            let result = try replay(sample("prosody-plain"), to: server.port, ["--connection", "1"])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }
        server.process.send(signal: SIGTERM)
        #expect(server.process.wait() == 1)
        let errors = server.process.errors.text
        #expect(errors.contains("said by no client: packet ") && errors.contains("no client did all that was recorded"))
        let read = try ReadReport(folder.path + "/server.xml")
        #expect(read.failures > 0 && read.suites.last == "what no client said", "\(read)")
        // What was said on connection 1, a registration, is not among it; a removal is.
        let ask = "<iq type=\"get\"> with <query> (jabber:iq:register)"
        #expect(read.messages.contains { $0.contains(ask) } == !comes, "\(read.messages)")
    }

    @Test("a quiet replay names its differences", .timeLimit(.minutes(1)))
    func quiet() throws {
        let server = try played(sample("prosody-plain"))
        let result = try replay(sample("jabberd2-plain"), to: server.port, ["--quiet"])
        #expect(result.status == 1 && result.output.hasPrefix("The replay went otherwise"), "\(result.output)")
        #expect(result.errors.contains("stanzatap: connection 1, packet 00"), "\(result.errors)")
    }

    @Test("a played server that nobody came to tells it")
    func nobody() throws {
        let server = try played(sample("prosody-plain"), ["--strict"])
        server.process.send(signal: SIGTERM)
        #expect(server.process.wait() == 0)
        let read = try ReadReport(folder.path + "/server.xml")
        #expect(read.tests == 1 && read.skipped == 1 && read.messages == ["no client came"], "\(read)")
    }

    @Test("a replay that cannot be run is an error", .timeLimit(.minutes(1)))
    func broken() throws {
        #expect(try replay(sample("prosody-plain"), to: 1).status == 2)
        let unreachable = try ReadReport(report)
        #expect(unreachable.errors == 1 && unreachable.messages.contains { $0.contains("cannot be reached") })
        #expect(unreachable.skipped > 0 && unreachable.failures == 0, "\(unreachable)")
        #expect(try replay(folder.path + "/nothing", to: 1).status == 2)
        let missing = try ReadReport(report)
        #expect(missing.tests == 1 && missing.errors == 1, "\(missing)")
    }

    @Test("an end before the end is told", .timeLimit(.minutes(1)), arguments: [SIGINT, SIGKILL])
    func interrupted(_ signal: Int32) throws {
        let listener = try RawListener()
        let process = try ChildProcess(
            Recorder.executable,
            [
                "replay", sample("prosody-plain"), "--as", "client", "--to", "127.0.0.1:\(listener.port)", "--timeout",
                "60",
            ]
                + ["--out", folder.path, "--junit", report]
        )
        let server = listener.accept()
        #expect(server.read(until: "stream:stream"))
        process.send(signal: signal)
        _ = process.wait()
        let read = try ReadReport(report)
        let told = signal == SIGINT ? "it was interrupted" : "the replay did not come to its end"
        #expect(read.errors == 1 && read.messages.contains(told), "\(read)")
    }

    @Test("standard output takes a report only if nothing else is there", .timeLimit(.minutes(1)))
    func standardOutput() throws {
        let arguments = ["replay", sample("prosody-plain"), "--as", "client", "--to", "127.0.0.1:1", "--junit", "-"]
        let refused = try run(Recorder.executable, arguments)
        #expect(refused.status == 2 && refused.errors.contains("add --quiet") && refused.output.isEmpty)
        let result = try run(Recorder.executable, arguments + ["--quiet", "--out", folder.path])
        #expect(result.status == 2)
        try Data(result.output.utf8).write(to: URL(fileURLWithPath: report))
        #expect(try ReadReport(report).errors == 1)
        #expect(result.errors.contains("The replay could not be run"), "\(result.errors)")
    }
}
