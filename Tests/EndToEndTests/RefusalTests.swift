import Foundation
import TestKit
import Testing

/// What a client asks of a server, and what the transcript must say of the answer.
struct Refusal: Sendable, CustomTestStringConvertible {
    let name: String
    /// Sent one after the other, each when the one before was answered; the ids are r1, r2, …
    let requests: [String]
    var mode = "none"
    var options: [String] = []
    /// Registers USER and logs in with PLAIN first.
    var logsIn = false
    /// By server: texts that must all be in the transcript.
    let expected: [String: [String]]
    var settings: Settings { Settings(mode: mode, options: options) }
    var testDescription: String { name }

    struct Settings: Hashable {
        let mode: String
        let options: [String]
    }
}

private func register(_ id: String, _ content: String, to: String? = nil) -> String {
    "<iq type='set' id='\(id)'\(to.map { " to='\($0)'" } ?? "")><query xmlns='jabber:iq:register'>\(content)</query></iq>"
}

private let romeo = "<username>USER</username><password>1234</password>"
private let ask = "<iq type='get' id='r1'><query xmlns='jabber:iq:register'/></iq>"

private let refusals: [Refusal] = [
    Refusal(
        name: "the name is taken",
        requests: [ask, register("r2", romeo), register("r3", romeo)],
        expected: [
            "jabberd2": [
                "refused: the name is taken (conflict)", "Choose another user name.", "the error repeats the password",
            ],
            "prosody": ["refused: the name is taken (conflict)", "It says: ", "Choose another user name."],
            "ejabberd": [
                "refused: the name is taken (conflict)", "Choose another user name.", "the error repeats the password",
            ],
        ]
    ),
    Refusal(
        name: "an empty password",
        requests: [ask, register("r2", "<username>a</username><password/>")],
        expected: [
            "jabberd2": ["Warning: the password is empty.", "step 4 of 4"],
            "prosody": ["Warning: the password is empty.", "(not-acceptable)", "the password is empty or missing"],
            "ejabberd": ["Warning: the password is empty.", "(not-acceptable)", "the password is empty or missing"],
        ]
    ),
    Refusal(
        name: "a bad user name",
        requests: [ask, register("r2", "<username>b ob</username><password>1</password>")],
        expected: [
            "jabberd2": ["the user name is not valid in an address (jid-malformed)", "Choose a name without blanks"],
            "prosody": ["(not-acceptable)", "It says: \"The requested username is invalid.\""],
            "ejabberd": ["the user name is not valid in an address (jid-malformed)", "Choose a name without blanks"],
        ]
    ),
    Refusal(
        name: "a missing field",
        requests: [ask, register("r2", "<username>bob</username>")],
        expected: [
            "jabberd2": ["the server asked for password, but the client did not send it", "(bad-request)"],
            "prosody": ["the server asked for password, but the client did not send it", "(not-acceptable)"],
            "ejabberd": ["the server asked for password, but the client did not send it", "(bad-request)"],
        ]
    ),
    Refusal(
        name: "a set without a get",
        requests: [register("r1", romeo)],
        expected: Dictionary(
            uniqueKeysWithValues: ["jabberd2", "prosody", "ejabberd"].map {
                ($0, ["Note: the client did not ask which fields are required", "USER@jabber.test now exists"])
            }
        )
    ),
    Refusal(
        name: "removal before login",
        requests: [register("r1", "<remove/>")],
        expected: [
            "jabberd2": ["Removal refused:", "(bad-request)", "Log in"],
            "prosody": ["Removal refused:", "(registration-required)", "Log in as that user first."],
            "ejabberd": ["Removal refused:", "(forbidden)", "Log in as that user first."],
        ]
    ),
    Refusal(
        name: "registration is closed",
        requests: [ask, register("r2", romeo)],
        options: ["--closed"],
        expected: [
            "jabberd2": ["Registration refused:"],
            "prosody": [
                "Registration refused: the server does not support in-band registration, or it is turned off (service-unavailable)"
            ],
            "ejabberd": ["Registration refused:", "(forbidden)"],
        ]
    ),
    Refusal(
        name: "registration in the clear where TLS is required",
        requests: [ask],
        mode: "required",
        expected: [
            "jabberd2": [
                "encryption by STARTTLS, which it requires", "ends the stream with the error policy-violation",
            ],
            "prosody": ["which some servers do only after TLS has started", "(policy-violation)", "Start TLS first"],
            "ejabberd": [
                "encryption by STARTTLS, which it requires", "ends the stream with the error policy-violation",
            ],
        ]
    ),
    Refusal(
        name: "asking for one's data when logged in",
        requests: [ask],
        logsIn: true,
        expected: [
            "jabberd2": ["Request for registration data refused:", "(not-allowed)"],
            "prosody": ["this user is registered already as USER"],
            "ejabberd": ["this user is registered already as USER"],
        ]
    ),
    Refusal(
        name: "a password change",
        requests: [register("r1", "<username>USER</username><password>new</password>")],
        logsIn: true,
        expected: Dictionary(
            uniqueKeysWithValues: ["jabberd2", "prosody", "ejabberd"].map {
                (
                    $0,
                    [
                        "that asks to change the password of USER", "the password of USER@jabber.test is changed",
                        "Password change of USER@jabber.test succeeded".lowercasedStart,
                    ]
                )
            }
        )
    ),
    Refusal(
        name: "a password change to nothing",
        requests: [register("r1", "<username>USER</username><password/>")],
        logsIn: true,
        expected: [
            "jabberd2": ["Warning: the new password is empty or missing", "is changed"],
            "prosody": ["Warning: the new password is empty or missing"],
            "ejabberd": ["Warning: the new password is empty or missing", "Password change refused:", "(not-allowed)"],
        ]
    ),
    Refusal(
        name: "a password change for another user",
        requests: [register("r1", "<username>mercutio</username><password>x</password>", to: "jabber.test")],
        logsIn: true,
        expected: [
            "jabberd2": [
                "so it cannot change the password of", "the error names no condition", "(not-authorized)",
            ],
            "prosody": ["so it cannot change the password of", "(bad-request)"],
            "ejabberd": ["so it cannot change the password of"],
        ]
    ),
    Refusal(
        name: "removal when logged in",
        requests: [register("r1", "<remove/>")],
        logsIn: true,
        expected: [
            "jabberd2": ["the account USER@jabber.test is removed", "removal of USER@jabber.test succeeded"],
            "prosody": ["the account USER@jabber.test is removed", "That is expected here"],
            "ejabberd": ["the account USER@jabber.test is removed"],
        ]
    ),
]

extension String {
    fileprivate var lowercasedStart: String { prefix(1).lowercased() + dropFirst() }
}

private let servers = ["jabberd2", "prosody", "ejabberd"]

@Suite(.serialized, .enabled(if: hasPeers, "real servers are not installed: tools/setup --tests"))
struct RefusalTests {
    @Test("a server's answers are explained", .timeLimit(.minutes(3)), arguments: servers)
    func explained(at name: String) throws {
        for settings in Set(refusals.map(\.settings)) {
            let server = try Server(name, mode: settings.mode, options: settings.options)
            let recorder = try Recorder(upstream: server.port)
            let asked = refusals.filter { $0.settings == settings }
            for (index, refusal) in asked.enumerated() {
                try ask(refusal, user: "tybalt\(index)", server: server, recorder: recorder)
            }
            #expect(recorder.stop() == 0)
            let all = asked.indices.map { recorder.transcript($0 + 1) }
            #expect(try recorder.show().output == all.joined(separator: "\n"))
            for (index, refusal) in asked.enumerated() {
                let transcript = all[index]
                for text in refusal.expected[name] ?? [] {
                    let wanted = text.replacing("USER", with: "tybalt\(index)")
                    #expect(transcript.contains(wanted), "\(refusal.name): \(wanted) is not in:\n\(transcript)")
                }
            }
        }
    }

    private func ask(_ refusal: Refusal, user: String, server: Server, recorder: Recorder) throws {
        if refusal.logsIn {
            try makeAccount(user, server)
        }
        let client = try RawPeer(port: recorder.port)
        if refusal.logsIn { logIn(client, user) }
        converse(client, refusal.requests.map { $0.replacing("USER", with: user) }, isOpen: refusal.logsIn)
        client.send("</stream:stream>")
        client.closeOutput()
        client.readToEnd()
    }

    /// Registers past stanzatap.
    private func makeAccount(_ user: String, _ server: Server) throws {
        let client = try RawPeer(port: server.port)
        converse(client, [register("r1", "<username>\(user)</username><password>1234</password>")])
        guard client.text.contains("type='result'") else {
            throw TestKitError("\(user) could not be registered: \(client.text)")
        }
    }

    private func open(_ client: RawPeer) {
        client.send(
            "<?xml version='1.0'?><stream:stream to='jabber.test' version='1.0' xmlns='jabber:client' "
                + "xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        let before = client.received.count
        _ = client.read {
            String(decoding: $0.received.dropFirst(before), as: UTF8.self).contains("</stream:features>")
        }
    }

    private func converse(_ client: RawPeer, _ requests: [String], isOpen: Bool = false) {
        if !isOpen { open(client) }
        for request in requests {
            let before = client.received.count
            client.send(request)
            _ = client.read { peer in
                let answer = String(decoding: peer.received.dropFirst(before), as: UTF8.self)
                return answer.contains("</iq>") || (answer.contains("<iq") && answer.hasSuffix("/>"))
                    || answer.contains("</stream:")
            }
        }
    }

    private func logIn(_ client: RawPeer, _ user: String) {
        open(client)
        let secret = Data("\0\(user)\u{0}1234".utf8).base64EncodedString()
        client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>\(secret)</auth>")
        _ = client.read(until: "<success")
        open(client)
        converse(
            client,
            [
                "<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>raw</resource></bind></iq>"
            ],
            isOpen: true
        )
    }
}
