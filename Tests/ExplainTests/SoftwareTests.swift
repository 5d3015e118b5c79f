import Explain
import Session
import Testing
import XMPP

private func answer(_ content: String, _ from: String = "jabber.test") -> [String] {
    [
        "C <iq type='get' id='q' to='\(from)'><query xmlns='jabber:iq:version'/></iq>",
        "S <iq type='result' id='q' from='\(from)' to='romeo@jabber.test/orchard'>\(content)</iq>",
    ]
}
private let version = "<query xmlns='jabber:iq:version'><name>Prosody</name><version>0.12.3</version></query>"
private let caps = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' ver='x' node='https://gajim.org'/>"
private let features =
    "S <stream:features><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' ver='x' node='http://www.process-one.net/en/ejabberd/'/></stream:features>"

/// A conversation, and what is known of the two sides after it.
private struct Signs: Sendable {
    let lines: [String]
    var client: String?
    var server: String?
}

private let signs: [Signs] = [
    Signs(lines: bound),
    Signs(lines: bound + ["C <presence>\(caps)</presence>"], client: "Gajim (by its capabilities, XEP-0115)"),
    Signs(lines: bound + [features], server: "ejabberd (by its capabilities, XEP-0115)"),
    Signs(lines: bound + [features] + answer(version), server: "Prosody 0.12.3 (by its version, XEP-0092)"),
    // What another service says is not the server's.
    Signs(lines: bound + answer(version, "rooms.test")),
    Signs(lines: bound + ["S <presence from='nurse@capulet.test/x'>\(caps)</presence>"]),
    Signs(
        lines: bound + [
            "S <iq type='get' id='v' from='jabber.test'><query xmlns='jabber:iq:version'/></iq>",
            "C <iq type='result' id='v' to='jabber.test'><query xmlns='jabber:iq:version'><name>Dino</name></query></iq>",
        ],
        client: "Dino (by its version, XEP-0092)"
    ),
    Signs(
        lines: bound
            + answer(
                "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im' name='Prosody'/></query>"
            ),
        server: "Prosody (by the name of its identity, XEP-0030)"
    ),
    Signs(
        lines: bound + [
            "C <presence>\(caps.replacing("https://gajim.org", with: "http://example.org/client"))</presence>"
        ],
        client: "example.org/client (by its capabilities, XEP-0115)"
    ),
]

@Suite("who talks to whom")
struct SoftwareTests {
    @Test("a connection that resumes a session knows what was said on the one before")
    func resumed() {
        let sm = "xmlns='urn:xmpp:sm:3'"
        let memory = RecordingMemory()
        let lines = [
            bound + ["C <enable \(sm) resume='1'/>", "S <enabled \(sm) id='s' resume='1'/>", features]
                + ["C <presence>\(caps)</presence>", "C <presence/>"],
            loggedIn + ["C <resume \(sm) previd='s' h='0'/>", "S <resumed \(sm) previd='s' h='2'/>"],
        ]
        let software = lines.enumerated().map { index, lines in
            explained(lines, by: Explainer(connection: index + 1, memory: memory)).software
        }
        #expect(software[1].client?.told == "Gajim (by its capabilities, XEP-0115)")
        #expect(software[1].server?.told == "ejabberd (by its capabilities, XEP-0115)")
    }

    @Test("by their own words", arguments: signs)
    fileprivate func software(_ test: Signs) {
        let explainer = explained(test.lines, by: Explainer())
        #expect(explainer.software.client?.told == test.client && explainer.software.server?.told == test.server)
        #expect((explainer.softwareLine == nil) == (test.client == nil && test.server == nil))
    }

    /// An explainer that has seen these lines.
    private func explained(_ lines: [String], by explainer: Explainer) -> Explainer {
        var session = Session()
        var explainer = explainer
        for line in lines {
            let direction: Direction = line.hasPrefix("C") ? .clientToServer : .serverToClient
            for event in session.received(Array(line.dropFirst(2).utf8)[...], direction, time: nil) {
                if case .packet(let packet) = event {
                    // The client's name is learned where the transcript asks for it.
                    _ = explainer.clientNews(of: packet)
                    _ = explainer.explain(packet)
                }
            }
        }
        return explainer
    }
}
