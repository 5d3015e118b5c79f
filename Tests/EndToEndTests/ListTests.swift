import Foundation
import TestKit
import Testing

private let header =
    "<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

@Suite("the list of connections")
struct ListTests {
    /// Two clients through stanzatap; returns what was recorded.
    private func record(_ options: [String], messages: Int) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, options: options, out: folder.path)
        for _ in 0..<2 {
            let client = try RawPeer(port: recorder.port)
            let server = listener.accept()
            client.send(header)
            #expect(server.read(until: header))
            server.send(header)
            #expect(client.read(until: header))
            for number in 0..<messages {
                client.send(
                    "<message to='b@a'><body>number \(number) \(String(repeating: "x", count: 200))</body></message>"
                )
                #expect(server.read(until: "number \(number) "))
            }
            client.closeOutput()
            server.closeOutput()
        }
        #expect(recorder.stop() == 0)
        return folder
    }

    private func list(_ folder: TemporaryFolder) throws -> [String] {
        let listed = try run(Recorder.executable, ["show", "--list", "--format", "jsonl", folder.path])
        #expect(listed.status == 0)
        return listed.output.split(separator: "\n").map(String.init)
    }

    private func indexes(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix("index.jsonl") }.map {
            folder.path + "/" + $0
        }
    }

    @Test("an index says what the captures say, and is used and made anew", arguments: [[], ["--max-size", "5k"]])
    func index(_ options: [String]) throws {
        let folder = try record(options, messages: 40)
        let indexes = try indexes(folder)
        #expect(options.isEmpty ? indexes.count == 1 : indexes.count > 2)
        let indexed = try list(folder)
        #expect(indexed.count == 2 && indexed.allSatisfy { $0.contains("\"packets\":42,") })
        for path in indexes {
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            try FileManager.default.removeItem(atPath: path)
        }
        #expect(try list(folder) == indexed)
        #expect(try self.indexes(folder).count == indexes.count)
        // Rows of the index are shown, not those of the capture, where it is there and matches.
        for path in indexes {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacing("\"result\":\"\"", with: "\"result\":\"from the index\"").write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
        }
        #expect(try list(folder).allSatisfy { $0.contains("from the index") })
        try "{broken".write(toFile: indexes[indexes.count - 1], atomically: true, encoding: .utf8)
        #expect(try list(folder) == indexed)
    }

    @Test(
        "what stands in an index reaches no terminal as it is, and a filter chooses the connections in which it fits something"
    )
    func foreign() throws {
        let folder = try record([], messages: 1)
        let path = try indexes(folder)[0]
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("\"result\":\"\"", with: "\"result\":\"\\u001b[31mred\"").write(
            toFile: path,
            atomically: true,
            encoding: .utf8
        )
        let listed = try run(Recorder.executable, ["show", "--list", folder.path])
        #expect(listed.output.contains("31mred") && !listed.output.contains("\u{1B}"))
        for option in ["--list", "--stories"] {
            let chosen = try run(Recorder.executable, ["show", option, "--only", "message", folder.path])
            #expect(chosen.status == 0 && chosen.output.contains(" packets in "), "\(chosen.output)")
            let none = try run(
                Recorder.executable,
                ["show", option, "--filter", "~text nobody-said-this", folder.path]
            )
            #expect(none.status == 0 && !none.output.contains(" packets in "), "\(none.output)")
        }
    }

    @Test("the index of a recording that goes on is its recorder's")
    func goingOn() throws {
        let folder = try TemporaryFolder()
        let listener = try RawListener()
        let recorder = try Recorder(upstream: listener.port, out: folder.path)
        let client = try RawPeer(port: recorder.port)
        let server = listener.accept()
        client.send(header)
        #expect(server.read(until: header))
        // A file tells nobody when it is there, so it is looked for, with a limit.
        let deadline = ContinuousClock.now + .seconds(30)
        while try indexes(folder).isEmpty, .now < deadline { usleep(10_000) }
        let path = try #require(try indexes(folder).first)
        let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        #expect(try list(folder).count == 1)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == before)
        client.closeOutput()
        server.closeOutput()
        #expect(recorder.stop() == 0)
    }

    @Test("indexes are removed with the captures that --keep removes")
    func keeping() throws {
        let folder = try record(["--max-size", "5k", "--keep", "2"], messages: 60)
        let captures = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(captures.count { $0.hasSuffix(".pcapng") } == 2)
        #expect(captures.count { !$0.hasSuffix(".pcapng") } <= 2)
        #expect(try indexes(folder).count <= 2)
    }
}
