import Foundation
import TestKit
import Testing

@Suite(.serialized, .enabled(if: hasPeers, "real servers and clients are not installed: tools/setup --tests"))
struct InternationalDomainTests {
    @Test(
        "prosody serves an internationalised domain, and a client that checks certificates comes to it",
        .timeLimit(.minutes(2)),
        arguments: ["required", "direct"]
    )
    func session(mode: String) throws {
        let server = try Server("prosody", mode: mode, domain: "im.grü.example")
        let recorder = try Recorder(server)
        let result = try runClient(
            "slixmpp",
            port: recorder.port,
            domain: server.domain,
            user: "romeo",
            encryption: mode == "direct" ? .direct(ca: recorder.ca) : .startTLS(ca: recorder.ca),
            actions: ["register", "login", "message", "remove"]
        )
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(recorder.stop() == 0)
        let told = recorder.transcript(2)
        #expect(told.contains("with the server"), "\(told)")
        #expect(told.contains("SNI im.xn--gr-yka.example, "))
        #expect(
            told.contains("stanzatap showed the certificate of CN=im.xn--gr-yka.example for im.xn--gr-yka.example, ")
        )
        #expect(told.contains("verified for im.grü.example]"))
        #expect(!told.contains("Warning: XMPP addresses have") && !told.contains("NOT verified"))
        try expectShowEqualsLive(recorder)
    }

    @Test("a certificate for another name is told with both forms of the right one", .timeLimit(.minutes(2)))
    func wrongName() throws {
        let server = try Server(
            "prosody",
            mode: "required",
            domain: "im.grü.example",
            options: ["--certificate", "wrong-name"]
        )
        let recorder = try Recorder(server)
        let result = try runClient(
            "slixmpp",
            port: recorder.port,
            domain: server.domain,
            user: "romeo",
            encryption: .startTLS(ca: recorder.ca),
            actions: ["register"]
        )
        #expect(result.status != 0)
        #expect(recorder.stop() == 0)
        let told = recorder.transcript()
        #expect(told.contains("it is for other.test, not for im.grü.example (im.xn--gr-yka.example)"), "\(told)")
    }

    @Test("OpenSSL with the wrong form in SNI and in its stream header is told of both", .timeLimit(.minutes(2)))
    func wrongForms() throws {
        let server = try Server("prosody", mode: "direct", domain: "im.grü.example")
        let recorder = try Recorder(server)
        let header =
            "<stream:stream to='im.xn--gr-yka.example' xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
        // Its input stays open until ours is closed.
        let client = try ChildProcess(
            "/bin/bash",
            [
                "-c",
                "{ printf %s \"$1\"; cat; } | openssl s_client -connect 127.0.0.1:$0 -servername im.grü.example -quiet",
                "\(recorder.port)", header,
            ]
        )
        #expect(recorder.wait { $0.contains("S->C") })
        client.closeInput()
        _ = client.wait(seconds: 20)
        #expect(recorder.stop() == 0)
        let told = recorder.transcript()
        #expect(
            told.contains("SNI im.grü.example, stanzatap showed the certificate of CN=im.xn--gr-yka.example"),
            "\(told)"
        )
        #expect(told.contains("(SNI); there it must be written as \"im.xn--gr-yka.example\" (RFC 6066 section 3).\n"))
        #expect(
            told.contains("Warning: XMPP addresses have the domain \"im.xn--gr-yka.example\" as \"im.grü.example\"; ")
        )
        #expect(told.contains("SNI im.xn--gr-yka.example, the certificate is of"))
    }

    @Test("a recording is replayed for an internationalised domain", .timeLimit(.minutes(2)))
    func replay() throws {
        let server = try Server("prosody", mode: "required", domain: "im.grü.example")
        let folder = try TemporaryFolder()
        let result = try run(
            Recorder.executable,
            [
                "replay", checkout + "/captures/samples/prosody-starttls.pcapng", "--as", "client", "--out",
                folder.path,
                "--to", "127.0.0.1:\(server.port)", "--set", "domain=\(server.domain)",
                "--upstream-ca", try #require(server.ca),
            ]
        )
        #expect(result.status == 0, "\(result.output.suffix(500))\(result.errors)")
        #expect(result.output.contains("SNI im.xn--gr-yka.example, "))
        #expect(result.output.contains("verified for im.grü.example]"))
    }

    @Test("bad names on the command line", arguments: ["--domain", "--allow-domain", "--upstream"])
    func options(option: String) throws {
        for (name, why) in [
            ("i❤.example", "no domain name may have"),
            (String(repeating: "ü", count: 30_000), "longer than 1023 bytes"),
        ] {
            let result = try run(Recorder.executable, ["record", "--listen", "127.0.0.1:0", option, name], seconds: 20)
            #expect(result.status == 2, "\(option)")
            #expect(result.errors.contains(why), "\(result.errors.suffix(500))")
        }
    }
}
