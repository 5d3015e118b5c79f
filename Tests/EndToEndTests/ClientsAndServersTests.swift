import Foundation
import TestKit
import Testing

/// A real server, and whether it offers STARTTLS.
struct Place: Sendable, CustomTestStringConvertible {
    let server: String
    let mode: String
    var testDescription: String { "\(server), STARTTLS \(mode)" }
}

private let places: [Place] = ["jabberd2", "prosody", "ejabberd"].flatMap { server in
    ["none", "optional"].map { Place(server: server, mode: $0) }
}

@Suite(.serialized, .enabled(if: hasPeers, "real servers and clients are not installed: tools/setup --tests"))
struct ClientsAndServersTests {
    @Test(
        "registration, login, a message and removal pass through and are told",
        .timeLimit(.minutes(3)),
        arguments: places
    )
    func wholeLife(at place: Place) throws {
        let server = try Server(place.server, mode: place.mode)
        for client in ["gloox", "slixmpp", "libstrophe"] {
            let recorder = try Recorder(upstream: server.port)
            let result = try runClient(
                client,
                port: recorder.port,
                user: client,
                noTLS: place.mode == "none",
                actions: ["register", "login", "message", "remove"]
            )
            #expect(result.status == 0, "\(client): \(result.output)\(result.errors)")
            #expect(recorder.stop() == 0)
            let all = recorder.process.output.text
            if place.mode == "none" { expectStory(of: client, in: all) } else { expectEncryption(in: all) }
            try expectShowEqualsLive(recorder)
        }
    }

    private func expectStory(of user: String, in all: String) {
        #expect(all.contains("Registration of \(user)@jabber.test succeeded"))
        #expect(all.contains("Registration step 4 of 4: the server confirms that \(user)@jabber.test now exists"))
        #expect(all.contains("A chat message"))
        #expect(all.contains("emoval of \(user)@jabber.test succeeded"), "\(all)")
        #expect(!all.contains("is not explained"))
    }

    private func expectEncryption(in all: String) {
        #expect(all.contains("[TLS begins after STARTTLS: what follows is encrypted and passed through unread]"))
        #expect(all.contains("bytes of encrypted data from the client passed through unread]"))
    }

    /// What `show` makes of the capture is what was written while it happened.
    private func expectShowEqualsLive(_ recorder: Recorder) throws {
        var live: [String] = []
        while case let text = recorder.transcript(live.count + 1), !text.isEmpty { live.append(text) }
        try #require(live.count >= 4)
        let shown = try recorder.show()
        #expect(shown.status == 0)
        #expect(shown.output == live.joined(separator: "\n"))
        #expect(try recorder.show(["--connection", "2"]).output == live[1])
        let lines = try recorder.show(["--format", "jsonl"]).output.split(separator: "\n")
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        #expect(lines.filter { $0.hasPrefix("{\"kind\":\"connection\"") }.count == live.count)
    }
}
