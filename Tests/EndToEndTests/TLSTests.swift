import Foundation
import TestKit
import Testing

@Suite(.serialized, .enabled(if: hasPeers, "real servers and clients are not installed: tools/setup --tests"))
struct TLSTests {
    /// A server that will not be trusted, and what must be said of it.
    struct Untrusted: Sendable, CustomTestStringConvertible {
        let certificate: String
        var trustsItsCA = true
        let says: String
        var testDescription: String { certificate + (trustsItsCA ? "" : ", unknown CA") }
    }

    @Test(
        "a certificate that is not accepted is told with what is wrong and what lets it through",
        .timeLimit(.minutes(2)),
        arguments: [
            Untrusted(certificate: "good", trustsItsCA: false, says: "signed by"),
            Untrusted(certificate: "expired", says: "it expired on"),
            Untrusted(
                certificate: "wrong-name",
                says: "it is for other.test, not for jabber.test"
            ),
            Untrusted(certificate: "self-signed", trustsItsCA: false, says: "self-signed"),
        ]
    )
    func untrusted(server untrusted: Untrusted) throws {
        let server = try Server("prosody", mode: "required", options: ["--certificate", untrusted.certificate])
        let trust = untrusted.trustsItsCA ? server.ca.map { ["--upstream-ca", $0] } ?? [] : []
        let recorder = try Recorder(upstream: server.port, options: trust)
        let refused = try registerRomeo(recorder, trusting: recorder.ca)
        #expect(refused.status != 0)
        #expect(recorder.stop() == 0)
        let told = recorder.transcript()
        #expect(
            told.contains("[TLS with the server failed: the server's certificate was not accepted for jabber.test: ")
        )
        #expect(told.contains(untrusted.says), "\(told)")
        #expect(told.contains("SHA-256 "))
        #expect(told.contains("run stanzatap with --upstream-insecure; to trust its issuer, with --upstream-ca FILE]"))
        #expect(told.contains("[The client got instead:]\n<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\n"))
        #expect(told.contains("Encryption by STARTTLS failed"))
        try expectShowEqualsLive(recorder, connections: 1)

        let insecure = try Recorder(upstream: server.port, options: ["--upstream-insecure"])
        let accepted = try registerRomeo(insecure, trusting: insecure.ca)
        #expect(accepted.status == 0, "\(accepted.errors)")
        #expect(insecure.stop() == 0)
        #expect(insecure.transcript().contains(", NOT verified: "))
    }

    @Test(
        "a client that does not trust the CA is told how it could",
        .timeLimit(.minutes(2)),
        arguments: ["1.2", "1.3"]
    )
    func untrustingClient(version: String) throws {
        let server = try Server("prosody", mode: "required")
        let recorder = try Recorder(server)
        let refused = try runClient(
            "slixmpp",
            port: recorder.port,
            user: "romeo",
            encryption: .startTLS(ca: try #require(server.ca)),
            options: ["--tls-version", version],
            actions: ["login"]
        )
        #expect(refused.status == 3, "\(refused.output)")
        #expect(recorder.stop() == 0)
        let told = recorder.transcript()
        // asyncio closes without an alert.
        #expect(told.contains("[TLS with the client failed: the client "), "\(told)")
        #expect(told.contains("'stanzatap ca trust-help' tells how]"))
        #expect(told.contains("Encryption by STARTTLS failed: the client "))
        #expect(!told.contains("decrypted by stanzatap"))
    }

    @Test("TLS 1.2 only, at the server and at the client", .timeLimit(.minutes(2)))
    func oldTLS() throws {
        let server = try Server("ejabberd", mode: "required", options: ["--tls-version", "1.2"])
        let recorder = try Recorder(server)
        let result = try runClient(
            "slixmpp",
            port: recorder.port,
            user: "romeo",
            encryption: .startTLS(ca: recorder.ca),
            options: ["--tls-version", "1.2"],
            actions: ["register", "login", "remove"]
        )
        #expect(result.status == 0, "\(result.output)")
        #expect(recorder.stop() == 0)
        let told = recorder.transcript(2)
        #expect(told.contains("[TLS 1.2 with the server after STARTTLS, TLS_ECDHE_ECDSA_WITH_AES_"), "\(told)")
        #expect(told.contains("[TLS 1.2 with the client after STARTTLS, TLS_ECDHE_ECDSA_WITH_AES_"))
        #expect(told.contains("[The client got instead:]"))
    }

    @Test("--tls pass leaves TLS untouched, and tells what is in the clear", .timeLimit(.minutes(2)))
    func pass() throws {
        for (mode, begins) in [
            ("required", "[TLS begins after STARTTLS: what follows is encrypted and passed through unread]"),
            ("direct", "[The client begins with TLS: everything is encrypted and passed through unread]"),
        ] {
            let server = try Server("prosody", mode: mode)
            let recorder = try Recorder(upstream: server.port, options: ["--tls", "pass"])
            let ca = try #require(server.ca)
            let result = try runClient(
                "libstrophe",
                port: recorder.port,
                user: "romeo",
                encryption: mode == "direct" ? .direct(ca: ca) : .startTLS(ca: ca),
                actions: ["register", "login", "message", "remove"]
            )
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(recorder.stop() == 0)
            let told = recorder.transcript(2)
            #expect(told.contains(begins))
            #expect(
                told.contains("[The client offers TLS 1.3, ")
                    && told.contains("asks for \"jabber.test\" (SNI), no ALPN]"),
                "\(told)"
            )
            #expect(told.hasPrefix("XMPP session with jabber.test\n") || mode == "required")
            #expect(told.contains("[The server chooses TLS 1.3, TLS_AES_"))
            #expect(told.contains("bytes of encrypted data from the client passed through unread]"))
            try expectShowEqualsLive(recorder)
        }
    }

    @Test("--tls strip: a client without TLS at servers that require it", .timeLimit(.minutes(2)))
    func strip() throws {
        for (name, mode) in [("prosody", "required"), ("ejabberd", "direct")] {
            let server = try Server(name, mode: mode)
            let kind = mode == "direct" ? ["--upstream-tls", "direct"] : []
            let recorder = try Recorder(server, options: ["--tls", "strip"] + kind)
            let result = try runClient(
                "libstrophe",
                port: recorder.port,
                user: "romeo",
                encryption: .none,
                actions: ["register", "login", "message", "remove"]
            )
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(recorder.stop() == 0)
            let told = recorder.transcript(2)
            #expect(told.contains("TLS 1.3 with the server"), "\(told)")
            #expect(!told.contains("with the client"))
        }
    }

    @Test("gloox binds its login to TLS; kept in, the doctor names the cause", .timeLimit(.minutes(2)))
    func channelBinding() throws {
        let server = try Server("ejabberd", mode: "required")
        for keeps in [false, true] {
            let recorder = try Recorder(server, options: keeps ? ["--channel-binding", "keep"] : [])
            let result = try runClient(
                "gloox",
                port: recorder.port,
                user: keeps ? "keeps" : "strips",
                encryption: .startTLS(ca: recorder.ca),
                actions: ["register", "login"]
            )
            #expect((result.status == 0) == !keeps, "\(result.output)")
            #expect(recorder.stop() == 0)
            let told = recorder.transcript(2)
            #expect(told.contains("[The client got instead:]") == !keeps)
            #expect(told.contains("SCRAM-SHA-1-PLUS"))
            if keeps { #expect(told.contains("tls-unique") && told.contains("--channel-binding"), "\(told)") }
        }
    }

    @Test(
        "the key log decrypts both legs in a capture of tcpdump",
        .timeLimit(.minutes(2)),
        .enabled(if: canSniff, "needs root and the right to capture packets")
    )
    func keyLog() throws {
        let folder = try TemporaryFolder()
        let (keys, packets) = (folder.path + "/keys", folder.path + "/loopback.pcap")
        let server = try Server("prosody", mode: "required")
        let recorder = try Recorder(server, options: ["--keylog", keys])
        let filter = "tcp port \(recorder.port) or tcp port \(server.port)"
        let tcpdump = try ChildProcess(
            "/usr/bin/tcpdump",
            ["-i", "lo", "-U", "-Z", "root", "-w", packets, filter]
        )
        try #require(tcpdump.errors.wait { $0.contains("listening on") }, "\(tcpdump.errors.text)")
        let result = try registerRomeo(recorder, trusting: recorder.ca)
        #expect(result.status == 0)
        #expect(recorder.stop() == 0)
        let rights = try FileManager.default.attributesOfItem(atPath: keys)[.posixPermissions] as? Int
        #expect(rights == 0o600)
        // tcpdump writes what it has seen a little later.
        let deadline = Date().addingTimeInterval(30)
        var ports: Set<Substring> = []
        while ports.count < 3, Date() < deadline {
            let dissected = try run(
                "/usr/bin/tshark",
                [
                    "-r", packets, "-o", "tls.keylog_file:\(keys)", "-d", "tcp.port==\(recorder.port),xmpp",
                    "-d", "tcp.port==\(server.port),xmpp", "-Y", "tls && xmpp.iq", "-T", "fields",
                    "-e", "tcp.dstport",
                ]
            )
            ports = Set(dissected.output.split(separator: "\n"))
        }
        tcpdump.send(signal: SIGTERM)
        #expect(ports.isSuperset(of: ["\(recorder.port)", "\(server.port)"]), "\(ports)")
    }

    @Test("Wireshark dissects the decrypted stream, which is a TCP connection of its own", .timeLimit(.minutes(2)))
    func dissected() throws {
        let server = try Server("prosody", mode: "required")
        let recorder = try Recorder(server)
        let result = try registerRomeo(recorder, trusting: recorder.ca)
        #expect(result.status == 0)
        #expect(recorder.stop() == 0)
        let dissected = try run(
            "/usr/bin/tshark",
            [
                "-r", recorder.capture, "-d", "tcp.port==\(recorder.port),xmpp", "-Y", "xmpp", "-T", "fields",
                "-e", "tcp.stream", "-e", "_ws.col.Info",
            ]
        )
        let lines = dissected.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("0\t") && $0.contains("STARTTLS") }, "\(dissected.output)")
        #expect(lines.contains { $0.hasPrefix("1\t") && $0.contains("IQ(set)") })
        #expect(!dissected.output.contains("etransmission"))
    }

    @Test("the server's own certificate, and one for the server", .timeLimit(.minutes(2)))
    func ownCertificates() throws {
        let folder = try TemporaryFolder()
        let files = (certificate: folder.path + "/own.pem", key: folder.path + "/own-key.pem")
        let made = try run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=own", "-addext", "subjectAltName=DNS:jabber.test,DNS:localhost", "-keyout", files.key,
                "-out", files.certificate,
            ]
        )
        #expect(made.status == 0, "\(made.errors)")
        let server = try Server("prosody", mode: "required")
        let recorder = try Recorder(
            server,
            options: [
                "--cert", files.certificate, "--key", files.key, "--client-cert", files.certificate, "--client-key",
                files.key,
            ]
        )
        let result = try runClient(
            "libstrophe",
            port: recorder.port,
            user: "romeo",
            encryption: .startTLS(ca: files.certificate),
            actions: ["register", "login"]
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(recorder.stop() == 0)
        #expect(
            recorder.transcript().contains("stanzatap showed the certificate of CN=own for jabber.test, localhost,")
        )
    }
}

/// libstrophe registers through a recorder by STARTTLS.
private func registerRomeo(
    _ recorder: Recorder,
    trusting ca: String
) throws -> (status: Int32?, output: String, errors: String) {
    try runClient(
        "libstrophe",
        port: recorder.port,
        user: "romeo",
        encryption: .startTLS(ca: ca),
        actions: ["register"]
    )
}

/// True where tcpdump may look at the loopback interface.
private let canSniff: Bool = {
    guard let tcpdump = try? ChildProcess("/usr/bin/tcpdump", ["-i", "lo", "-w", "/dev/null"]) else { return false }
    defer { tcpdump.send(signal: SIGKILL) }
    return tcpdump.errors.wait(seconds: 10) { $0.contains("listening on") }
}()
