import Explain
import Session
import Testing
import XMPP

private let me = "to='romeo@jabber.test/orchard'"
private let mam = "xmlns='urn:xmpp:mam:2'"
private let rsm = "xmlns='http://jabber.org/protocol/rsm'"

private func query(_ content: String, id: String = "q1", to: String = "") -> String {
    "C <iq type='set' id='\(id)'\(to)><query \(mam) queryid='\(id)'>\(content)</query></iq>"
}
private func page(_ content: String) -> String { "<set \(rsm)>\(content)</set>" }
private func form(_ fields: [(String, String)]) -> String {
    "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field>"
        + fields.map { "<field var='\($0)'><value>\($1)</value></field>" }.joined() + "</x>"
}
private func result(_ id: String, _ text: String, query: String = "q1", from: String = "") -> String {
    "S <message \(me)\(from)><result \(mam) queryid='\(query)' id='\(id)'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-03-01T09:00:00Z'/><message xmlns='jabber:client' from='nurse@capulet.test/x' to='romeo@jabber.test' type='chat' id='o-\(id)'><body>\(text)</body></message></forwarded></result></message>"
}
private func fin(_ content: String, complete: Bool = false, id: String = "q1", from: String = "") -> String {
    "S <iq type='result' id='\(id)'\(from)><fin \(mam)\(complete ? " complete='true'" : "")>\(content)</fin></iq>"
}
private let firstPage: [String] = [
    query(page("<max>2</max>")), result("a-1", "One"), result("a-2", "Two"),
    fin(page("<first index='0'>a-1</first><last>a-2</last><count>57</count>")),
]
private let findings = ["Warning", "Note"]

private let archives: [Case] = [
    Case(
        name: "by whom and when",
        lines: bound + [
            query(form([("with", "nurse@capulet.test"), ("start", "2026-03-01T00:00:00Z")]) + page("<max>2</max>"))
        ],
        says: [
            "The client asks its archive for messages with nurse@capulet.test since 2026-03-01 00:00 UTC, the first 2 of them (XEP-0313)."
        ],
        never: findings
    ),
    Case(
        name: "everything",
        lines: bound + [query("")],
        says: ["The client asks its archive for all messages"],
        never: findings
    ),
    Case(
        name: "the latest of a room",
        lines: bound + [query(page("<max>20</max><before/>"), to: " to='tea@rooms.test'")],
        says: ["The client asks the archive of tea@rooms.test for the 20 latest messages"],
        never: findings
    ),
    Case(
        name: "a message by its id",
        lines: bound + [query(form([("ids", "a-1")]))],
        says: ["asks its archive for the message a-1"],
        never: findings
    ),
    Case(
        name: "a count",
        lines: bound + [query(page("<max>0</max>"))],
        says: ["for the number of messages, and none of them"],
        never: findings
    ),
    Case(
        name: "a result",
        lines: bound + firstPage.dropLast(),
        says: [
            "From the archive (2nd for 009), of 2026-03-01 09:00 UTC: nurse@capulet.test/x wrote to romeo@jabber.test: \"Two\"."
        ],
        never: findings
    ),
    Case(
        name: "the end of a page",
        lines: bound + firstPage,
        says: ["The archive has sent 2 of 57 messages (a-1 to a-2); there are more, to be asked for after a-2."],
        never: findings
    ),
    Case(
        name: "the next page",
        lines: bound + firstPage + [query(page("<max>50</max><after>a-2</after>"), id: "q2")],
        says: ["asks its archive for the next 50 messages, after a-2 (the last one of 012)."],
        never: findings
    ),
    Case(
        name: "nothing more",
        lines: bound + firstPage + [
            query(page("<after>a-2</after>"), id: "q2"), fin(page("<count>57</count>"), complete: true, id: "q2"),
        ],
        says: ["The archive has nothing after a-2 (of 57 messages): the client is up to date."],
        never: findings
    ),
    Case(
        name: "nothing at all",
        lines: bound + [query(""), fin(page("<count>0</count>"), complete: true)],
        says: ["The archive has no such messages."],
        never: findings
    ),
    Case(
        name: "backwards",
        lines: bound + [
            query(page("<max>1</max><before/>")), result("a-9", "Last"),
            fin(page("<first>a-9</first><last>a-9</last>")),
        ],
        says: ["The archive has sent 1 message (a-9); there are more, to be asked for before a-9."],
        never: findings
    ),
    Case(
        name: "the third page by its index",
        lines: bound + [
            query(page("<max>1</max><after>a-8</after>")), result("a-9", "x"),
            fin(page("<first index='2'>a-9</first><last>a-9</last><count>3</count>"), complete: true),
        ],
        says: ["The archive has sent 1 of 3 messages (a-9), page 3; there are no more."],
        never: findings
    ),
    Case(
        name: "an id that is gone",
        lines: bound + [
            query(page("<after>gone</after>")),
            "S <iq type='error' id='q1'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        ],
        says: ["The archive does not know the message gone that 009 wants to go on from (item-not-found)"],
        never: findings
    ),
    Case(
        name: "refused",
        lines: bound + [
            query("", to: " to='tea@rooms.test'"),
            "S <iq type='error' id='q1' from='tea@rooms.test'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        ],
        says: [
            "The archive of tea@rooms.test does not answer the query of 009: the sender is not permitted to do this (forbidden)."
        ]
    ),
    Case(
        name: "a message that nobody asked for",
        lines: bound + [query(""), result("x", "Pay", from: " from='fool@evil.test/x'")],
        says: [
            "fool@evil.test/x sends what looks like a message out of an archive",
            "Warning: it comes from an archive that was not asked",
        ]
    ),
    Case(
        name: "a room's archive",
        lines: bound + [query("", to: " to='tea@rooms.test'"), result("x", "Hi", from: " from='tea@rooms.test'")],
        says: ["From the archive of tea@rooms.test (1st for 009)"],
        never: findings
    ),
    Case(
        name: "preferences",
        lines: bound + [
            "C <iq type='set' id='p'><prefs \(mam) default='roster'><always><jid>a@b.test</jid></always><never><jid>c@b.test</jid></never></prefs></iq>"
        ],
        says: [
            "The client sets what is archived: messages with contacts, but always those with a@b.test, and never those with c@b.test (XEP-0441)."
        ],
        never: findings
    ),
    Case(
        name: "preferences set",
        lines: bound + [
            "C <iq type='set' id='p'><prefs \(mam) default='never'/></iq>",
            "S <iq type='result' id='p'><prefs \(mam) default='never'/></iq>",
        ],
        says: ["From now on the server archives no messages."],
        never: findings
    ),
    Case(
        name: "how far it reaches",
        lines: bound + [
            "C <iq type='get' id='m'><metadata \(mam)/></iq>",
            "S <iq type='result' id='m'><metadata \(mam)><start id='a' timestamp='2008-08-22T21:09:04Z'/><end id='b' timestamp='2020-04-20T14:34:21Z'/></metadata></iq>",
        ],
        says: ["The archive reaches from 2008-08-22 21:09:04 UTC (a) to 2020-04-20 14:34:21 UTC (b)."],
        never: findings
    ),
    Case(
        name: "a recording that begins in the middle",
        lines: bound + ["S <message \(me)><result \(mam)/></message>"],
        says: ["From the archive", "something that is no message."]
    ),
]

struct ArchiveTests {
    @Test("queries of archives, what they bring and how they end are told", arguments: archives)
    func archive(_ test: Case) { expect(test) }

    @Test("the pages of a query are one story, which ends with the last one")
    func story() {
        let lines =
            bound + firstPage + [query(page("<after>a-2</after>"), id: "q2"), fin(page(""), complete: true, id: "q2")]
        let queries = stories(lines).filter { $0.kind == .archiveQuery }
        #expect(queries.map(\.packets) == [[9, 12, 13, 14]])
        #expect(queries.map(\.state) == [.succeeded])
    }
}

/// The stories that a conversation tells.
private func stories(_ lines: [String]) -> [Story] {
    var session = Session()
    var explainer = Explainer()
    for line in lines {
        let direction: Direction = line.hasPrefix("C") ? .clientToServer : .serverToClient
        for case .packet(let packet) in session.received(Array(line.dropFirst(2).utf8)[...], direction, time: nil) {
            _ = explainer.explain(packet)
        }
    }
    return explainer.stories
}
