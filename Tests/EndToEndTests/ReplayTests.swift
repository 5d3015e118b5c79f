import Foundation
import TestKit
import Testing

/// A run of `stanzatap replay --as server`, on a free port.
private final class PlayedServer: Sendable {
    let port: Int
    let ca: String
    let process: ChildProcess
    private let folder: TemporaryFolder

    init(_ recording: String, options: [String] = []) throws {
        folder = try TemporaryFolder()
        ca = folder.path + "/data/ca.pem"
        process = try ChildProcess(
            Recorder.executable,
            ["replay", recording, "--as", "server", "--listen", "127.0.0.1:0", "--out", folder.path]
                + ["--data-dir", folder.path + "/data"] + options
        )
        guard process.errors.wait(until: { $0.contains("recording to ") }),
            let line = process.errors.text.split(separator: "\n").first(where: {
                $0.contains("listening on 127.0.0.1:")
            }),
            let port = Int(line.split(separator: ":").last ?? "")
        else { throw TestKitError("the replay did not start: \(process.errors.text)") }
        self.port = port
    }

    func stop() -> Int32? {
        process.send(signal: SIGINT)
        return process.wait()
    }
}

private func sample(_ name: String) -> String { "\(checkout)/captures/samples/\(name).pcapng" }

/// Replays as the client; the recording of the new run lies in `out`.
private func replay(_ recording: String, to port: Int, ca: String? = nil, out: String, options: [String] = []) throws
    -> (
        status: Int32?, output: String, errors: String
    )
{
    try run(
        Recorder.executable,
        ["replay", recording, "--as", "client", "--to", "127.0.0.1:\(port)", "--out", out]
            + (ca.map { ["--ca", $0] } ?? []) + options
    )
}

private func captures(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".pcapng") }.map {
        folder + "/" + $0
    }
}

private let servers = ["jabberd2", "prosody", "ejabberd"]
private let samples = servers.flatMap { server in ["plain", "starttls", "refusals"].map { "\(server)-\($0)" } }

@Suite(.serialized, .enabled(if: hasPeers, "real servers and clients are not installed: tools/setup --tests"))
struct ReplayTests {
    @Test(
        "a client that does not trust a played server is told of in words of ours",
        .timeLimit(.minutes(1)),
        arguments: ["-tls1_2", "-tls1_3"]
    )
    func untrustingClient(version: String) throws {
        let server = try PlayedServer(sample("prosody-starttls"))
        _ = try run(
            "/usr/bin/openssl",
            [
                "s_client", "-connect", "127.0.0.1:\(server.port)", "-starttls", "xmpp", "-xmpphost", "jabber.test",
                version,
            ]
                + ["-verify_return_error"]
        )
        #expect(server.process.output.wait(until: { $0.contains("trust-help' tells how. ") }))
        let told = server.process.output.text
        #expect(
            told.contains(
                "[TLS with the client failed: the client does not accept the certificate that stanzatap showed"
            )
        )
        #expect(!told.contains("OPENSSL") && !told.contains("decrypted") && !told.contains("resets"))
        _ = server.stop()
    }

    @Test(
        "each recording is replayed at the server that it is of, and so is the recording of the replay",
        .timeLimit(.minutes(3)),
        arguments: samples
    )
    func sameServer(_ name: String) throws {
        let mode = name.hasSuffix("starttls") ? "required" : "none"
        let server = try Server(String(name.prefix { $0 != "-" }), mode: mode)
        let folder = try TemporaryFolder()
        // Some servers need many seconds for their first stream on a busy machine.
        let patience = ["--timeout", "30"]
        let first = try replay(sample(name), to: server.port, ca: server.ca, out: folder.path, options: patience)
        #expect(first.status == 0, "\(first.output)\(first.errors)")
        #expect(first.output.contains("The replay went as recorded"))
        let again = try #require(try captures(in: folder.path).first)
        let second = try replay(again, to: server.port, ca: server.ca, out: folder.path, options: patience)
        #expect(second.status == 0, "\(second.output)\(second.errors)")
    }

    @Test(
        "each recording is replayed at the other servers too, in the clear and with TLS",
        .timeLimit(.minutes(6)),
        arguments: servers,
        ["none", "required"]
    )
    func otherServers(_ name: String, _ mode: String) throws {
        let server = try Server(name, mode: mode)
        for recording in samples where !recording.hasPrefix(name) {
            let folder = try TemporaryFolder()
            let result = try replay(
                sample(recording),
                to: server.port,
                ca: server.ca,
                out: folder.path,
                options: ["--timeout", "1"]
            )
            #expect(result.status == 1, "\(recording) at \(name): \(result.errors)")
            #expect(result.output.contains("[Difference: "), "\(recording) at \(name)")
            #expect(result.output.contains("The replay went otherwise than recorded"), "\(recording) at \(name)")
        }
    }

    @Test("each recording is played to itself", arguments: samples)
    func itself(_ name: String) throws {
        let server = try PlayedServer(sample(name))
        let folder = try TemporaryFolder()
        let result = try replay(sample(name), to: server.port, ca: server.ca, out: folder.path)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(server.stop() == 0)
    }

    @Test(
        "each recording serves gloox, slixmpp and libstrophe under names of their own",
        .timeLimit(.minutes(4)),
        arguments: samples.filter { !$0.hasSuffix("refusals") }
    )
    func clients(_ name: String) throws {
        for client in ["gloox", "slixmpp", "libstrophe"] {
            let server = try PlayedServer(sample(name))
            let result = try runClient(
                client,
                port: server.port,
                user: client,
                password: "geheim",
                encryption: name.hasSuffix("plain") ? .none : .startTLS(ca: server.ca),
                actions: ["register", "login", "message", "remove"]
            )
            #expect(result.status == 0, "\(client): \(result.output)\(result.errors)\(server.process.errors.text)")
            #expect(server.stop() == 0)
        }
    }

    @Test("no server is needed to record", arguments: [ClientEncryption.none])
    func recordWithoutServer(_ encryption: ClientEncryption) throws {
        let recorder = try Recorder(upstream: nil, options: ["--upstream", "replay:" + sample("jabberd2-plain")])
        let result = try runClient(
            "gloox",
            port: recorder.port,
            user: "test3",
            encryption: encryption,
            actions: ["register"]
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(recorder.stop() == 0)
        #expect(recorder.process.output.text.contains("Registration of test3@jabber.test succeeded"))
        #expect(try recorder.show().output == recorder.process.output.text)
    }

    @Test("the founding document registers its user at each server", arguments: servers)
    func foundingDocument(_ name: String) throws {
        let server = try Server(name)
        let folder = try TemporaryFolder()
        let document = "\(checkout)/Tests/Fixtures/source-document.txt"
        let result = try replay(
            document,
            to: server.port,
            out: folder.path,
            options: ["--set", "domain=jabber.test", "--set", "username=test4"]
        )
        #expect(
            result.output.contains("Registration of test4@jabber.test succeeded"),
            "\(result.output)\(result.errors)"
        )
        // prosody sends a form beside the fields that jabberd2 asked for in its day.
        #expect(result.status == (name == "prosody" ? 1 : 0))
        #expect(result.output.contains("[Difference: ") == (name == "prosody"))
    }

    @Test("a replay that cannot be run ends with status 2, and says why")
    func failures() throws {
        let folder = try TemporaryFolder()
        let unreachable = try replay(sample("prosody-plain"), to: 1, out: folder.path)
        #expect(unreachable.status == 2)
        #expect(unreachable.output.contains("127.0.0.1:1 cannot be reached"))
        let missing = try replay(folder.path + "/nothing", to: 1, out: folder.path)
        #expect(missing.status == 2)
        #expect(missing.errors.contains("there is no file"))
        let setting = try replay(sample("prosody-plain"), to: 1, out: folder.path, options: ["--set", "nobody=x"])
        #expect(setting.status == 2)
        #expect(setting.errors.contains("names are username"))
        let server = try Server("prosody", mode: "required")
        let untrusted = try replay(sample("prosody-starttls"), to: server.port, out: folder.path)
        #expect(untrusted.status == 2)
        #expect(untrusted.output.contains("certificate was not accepted"))
    }

    @Test(
        "a chat of three people is replayed both ways, and one of them alone, without waiting",
        .timeLimit(.minutes(3))
    )
    func evening() throws {
        let recording = try recordedEvening()
        let server = try Server("prosody", options: ["--services"])
        let folder = try TemporaryFolder()
        let again = try replay(recording.capture, to: server.port, out: folder.path)
        #expect(again.status == 0, "\(again.output)\(again.errors)")
        let fresh = try Server("prosody", options: ["--services"])
        // Only Anna registers, and comes: what the others said does not come.
        let began = Date()
        let alone = try replay(
            recording.capture,
            to: fresh.port,
            out: folder.path,
            options: ["--connection", "1", "--connection", "4", "--timeout", "15"]
        )
        #expect(Date().timeIntervalSince(began) < 15, "\(alone.output)\(alone.errors)")
        #expect(alone.output.contains("of others did not come, for nobody replays them"))
        let played = try PlayedServer(recording.capture)
        #expect(played.process.errors.text.contains("the password of anna, bela and cleo is known"))
        let itself = try replay(recording.capture, to: played.port, out: folder.path)
        #expect(itself.status == 0, "\(itself.output)\(itself.errors)")
        #expect(played.stop() == 0)
        let nothing = try replay(recording.capture, to: 1, out: folder.path, options: ["--connection", "99"])
        #expect(nothing.status == 2 && nothing.errors.contains("holds no connection 99"))
    }

    @Test("a chat of which one side was recorded is replayed both ways", .timeLimit(.minutes(3)))
    func oneSide() throws {
        let recording = try recordedEvening(ofOneOnly: true)
        let folder = try TemporaryFolder()
        let server = try Server("prosody", options: ["--services"])
        let began = Date()
        let alone = try replay(recording.capture, to: server.port, out: folder.path, options: ["--timeout", "15"])
        #expect(Date().timeIntervalSince(began) < 15, "\(alone.output)\(alone.errors)")
        #expect(alone.output.contains("of others did not come, for nobody replays them"))
        let played = try PlayedServer(recording.capture)
        let itself = try replay(recording.capture, to: played.port, out: folder.path)
        #expect(itself.status == 0, "\(itself.output)\(itself.errors)")
        #expect(played.stop() == 0)
    }

    private func recordedEvening(ofOneOnly: Bool = false) throws -> Recorder {
        let server = try Server("prosody", options: ["--services"])
        let recorder = try Recorder(server)
        let others = ofOneOnly ? ["--others-port", "\(server.port)"] : []
        let result = try run(checkout + "/tools/peers/evening", ["--port", "\(recorder.port)", "--short"] + others)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(recorder.stop() == 0)
        return recorder
    }

    @Test("a replay that is interrupted in a handshake tells what is left")
    func interruption() throws {
        let folder = try TemporaryFolder()
        let listener = try RawListener()
        let process = try ChildProcess(
            Recorder.executable,
            ["replay", sample("prosody-starttls"), "--as", "client", "--to", "127.0.0.1:\(listener.port)"]
                + ["--out", folder.path]
        )
        let peer = listener.accept()
        #expect(peer.read(until: "<stream:stream"))
        let streams = "http://etherx.jabber.org/streams"
        peer.send(
            "<stream:stream from='jabber.test' id='s' xmlns='jabber:client' xmlns:stream='\(streams)' version='1.0'>"
                + "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
        )
        #expect(peer.read(until: "<starttls"))
        peer.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        // The ClientHello, which nobody answers.
        #expect(peer.read { $0.received.contains(0x16) })
        process.send(signal: SIGINT)
        #expect(process.wait(seconds: 20) == 2)
        let told = process.output.text
        #expect(told.contains("[The replay is interrupted in the TLS handshake"), "\(told)")
        #expect(told.contains("it was interrupted in the TLS handshake with the server. Until then: 2 packets sent"))
        #expect(told.contains("recorded packets of the client could not be sent"))
    }
}
