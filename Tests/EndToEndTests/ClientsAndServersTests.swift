import Foundation
import TestKit
import Testing

/// A real server, and how it speaks TLS.
struct Place: Sendable, CustomTestStringConvertible {
    let server: String
    let mode: String
    var testDescription: String { "\(server), TLS \(mode)" }

    func encryption(ca: String) -> ClientEncryption {
        switch mode {
        case "none": .none
        case "direct": .direct(ca: ca)
        default: .startTLS(ca: ca)
        }
    }
}

private let servers = ["jabberd2", "prosody", "ejabberd"]
private let modes = ["none", "optional", "required", "direct"]

@Suite(.serialized, .enabled(if: hasPeers, "real servers and clients are not installed: tools/setup --tests"))
struct ClientsAndServersTests {
    @Test(
        "registration, login, a message and removal pass through, are decrypted and told",
        .timeLimit(.minutes(5)),
        arguments: servers.flatMap { server in modes.map { Place(server: server, mode: $0) } }
    )
    func wholeLife(at place: Place) throws {
        let server = try Server(place.server, mode: place.mode)
        for client in ["gloox", "slixmpp", "libstrophe"] {
            let recorder = try Recorder(server, options: ["--domain", server.domain])
            let result = try runClient(
                client,
                port: recorder.port,
                user: client,
                encryption: place.encryption(ca: recorder.ca),
                actions: ["register", "login", "message", "remove"]
            )
            #expect(result.status == 0, "\(client): \(result.output)\(result.errors)")
            #expect(recorder.stop() == 0)
            expectStory(of: client, in: recorder.process.output.text, isEncrypted: place.mode != "none")
            try expectShowEqualsLive(recorder)
        }
    }

    @Test(
        "clients that check the domain alone, or the host alone, accept the certificate and log in",
        .timeLimit(.minutes(5)),
        arguments: servers.flatMap { server in ["required", "direct"].map { Place(server: server, mode: $0) } }
    )
    func clientsWithoutRegistration(at place: Place) throws {
        let server = try Server(place.server, mode: place.mode)
        let registered = try runClient(
            "libstrophe",
            port: server.port,
            user: "sender",
            encryption: place.encryption(ca: try #require(server.ca)),
            actions: ["register"]
        )
        #expect(registered.status == 0, "\(registered.errors)")
        // sendxmpp names no domain in its handshake, so the server's certificate has to tell it.
        let recorder = try Recorder(server)
        let encryption = place.encryption(ca: recorder.ca)
        for client in ["sendxmpp", "go-sendxmpp"] {
            let result = try runClient(
                client,
                port: recorder.port,
                user: "sender",
                encryption: encryption,
                actions: ["login", "message"]
            )
            #expect(result.status == 0, "\(client): \(result.output)\(result.errors)")
        }
        #expect(recorder.stop() == 0)
        #expect(recorder.process.output.text.contains("Login as sender@jabber.test by"))
    }

    @Test(
        "every byte on its own, between the client, stanzatap and the server",
        .timeLimit(.minutes(3)),
        arguments: [("jabberd2", "required"), ("prosody", "direct"), ("ejabberd", "required")]
    )
    func sliced(name: String, mode: String) throws {
        let server = try Server(name, mode: mode)
        let upstream = try Slicer(port: server.port)
        let trust = server.ca.map { ["--upstream-ca", $0] } ?? []
        let recorder = try Recorder(upstream: upstream.port, options: trust + ["--domain", server.domain])
        let downstream = try Slicer(port: recorder.port)
        let encryption: ClientEncryption = mode == "direct" ? .direct(ca: recorder.ca) : .startTLS(ca: recorder.ca)
        for client in ["gloox", "slixmpp", "libstrophe"] {
            let result = try runClient(
                client,
                port: downstream.port,
                user: client,
                encryption: encryption,
                actions: ["register", "login", "message", "remove"]
            )
            #expect(result.status == 0, "\(client): \(result.output)\(result.errors)")
        }
        #expect(recorder.stop() == 0)
        expectStory(of: "slixmpp", in: recorder.process.output.text, isEncrypted: true)
        try expectShowEqualsLive(recorder)
    }

    @Test(
        "a client that begins with TLS reaches a server that has STARTTLS, or none at all",
        .timeLimit(.minutes(3)),
        arguments: [("jabberd2", "none"), ("prosody", "optional"), ("ejabberd", "required")]
    )
    func directTLSElsewhere(name: String, mode: String) throws {
        let server = try Server(name, mode: mode)
        let recorder = try Recorder(server)
        for client in ["gloox", "libstrophe"] {
            let result = try runClient(
                client,
                port: recorder.port,
                user: client,
                encryption: .direct(ca: recorder.ca),
                options: client == "gloox" ? ["--host", "localhost"] : [],
                actions: ["register", "login", "message", "remove"]
            )
            #expect(result.status == 0, "\(client): \(result.output)\(result.errors)")
        }
        #expect(recorder.stop() == 0)
        let all = recorder.process.output.text
        expectStory(of: "libstrophe", in: all, isEncrypted: true)
        if mode == "none" {
            #expect(all.contains("[The connection from stanzatap to the server is not encrypted]"))
        } else {
            #expect(all.contains("[stanzatap itself negotiated STARTTLS with the server]"))
            #expect(all.contains("TLS 1.3 with the server after STARTTLS"))
        }
        try expectShowEqualsLive(recorder)
    }

    @Test("clients with STARTTLS at a server that speaks TLS from the first byte", .timeLimit(.minutes(3)))
    func offered() throws {
        let server = try Server("prosody", mode: "direct")
        let recorder = try Recorder(server, options: ["--upstream-tls", "direct"])
        for client in ["gloox", "slixmpp", "libstrophe"] {
            let result = try runClient(
                client,
                port: recorder.port,
                user: client,
                encryption: .startTLS(ca: recorder.ca),
                actions: ["register", "login", "message", "remove"]
            )
            #expect(result.status == 0, "\(client): \(result.output)\(result.errors)")
        }
        let plain = try runClient(
            "libstrophe",
            port: recorder.port,
            user: "plain",
            encryption: .none,
            actions: ["register"]
        )
        #expect(plain.status != 0)
        #expect(recorder.stop() == 0)
        let all = recorder.process.output.text
        expectStory(of: "slixmpp", in: all, isEncrypted: true)
        #expect(all.contains("[Sent by stanzatap]\nstanzatap, in place of the server, agrees: TLS begins now."))
        #expect(all.contains("The server speaks TLS only, and the client did not ask for it"))
        try expectShowEqualsLive(recorder)
    }

    private func expectStory(of user: String, in all: String, isEncrypted: Bool) {
        #expect(all.contains("Registration of \(user)@jabber.test succeeded"))
        #expect(all.contains("Registration step 4 of 4: the server confirms that \(user)@jabber.test now exists"))
        #expect(all.contains("A chat message"))
        #expect(all.contains("emoval of \(user)@jabber.test succeeded"), "\(all)")
        // slixmpp goes on behind the end of its stream after registering, which jabberd2 answers by ending its own twice.
        #expect(!all.contains("is not explained") || user == "slixmpp")
        #expect(!all.contains("passed through unread"))
        #expect(all.contains("with the client ") == isEncrypted)
        #expect(all.contains(isEncrypted ? "encrypted and decrypted by stanzatap" : "not encrypted"))
    }
}

/// What `show` makes of the capture is what was written while it happened.
func expectShowEqualsLive(_ recorder: Recorder, connections: Int = 4) throws {
    var live: [String] = []
    while case let text = recorder.transcript(live.count + 1), !text.isEmpty { live.append(text) }
    try #require(live.count >= connections)
    let shown = try recorder.show()
    #expect(shown.status == 0)
    #expect(shown.output == live.joined(separator: "\n"))
    #expect(try recorder.show(["--connection", "1"]).output == live[0])
    let lines = try recorder.show(["--format", "jsonl"]).output.split(separator: "\n")
    for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    #expect(lines.filter { $0.hasPrefix("{\"kind\":\"connection\"") }.count == live.count)
}
