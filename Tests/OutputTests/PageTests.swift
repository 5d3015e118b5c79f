import Foundation
import TestKit
import Testing
import Transcript
import XMPP

@testable import Output

/// A page of connections of which each has a request, its answer and an event.
private func page(_ connections: Int, domain: (Int) -> String?, answer: String = "<iq type='result' id='1'/>") -> String
{
    let ladders = (1...connections).map { number in
        let title = ConnectionTitle(
            connection: number,
            client: "192.0.2.7:\(40_000 + number)",
            domain: domain(number),
            server: "198.51.100.9:5222",
            time: nil,
            program: "stanzatap test"
        )
        var ladder = Ladder(title, TextOptions(), showsXML: true)
        ladder.add(.packet(packet(1, .clientToServer, "<iq type='get' id='1'><q xmlns='urn:q'/></iq>")))
        var second = packet(2, .serverToClient, answer)
        second.answers = 1
        if number % 10 == 0 { second.telling.findings = [Finding(code: "a.b", .warning, "odd.")] }
        ladder.add(.packet(second))
        ladder.add(.event(EventRecord(kind: "failed", text: "TLS broke")))
        ladder.add(.event(EventRecord(kind: "closed", text: "The client closes")))
        return ladder
    }
    return WebPage(program: "stanzatap test").draw(ladders)
}

private func packet(_ number: Int, _ direction: Direction, _ xml: String) -> PacketRecord {
    PacketRecord(number: number, direction: direction, xml: Array(xml.utf8))
}

/// What stands between two texts, wherever it does.
private func all(_ page: String, _ start: String, _ end: String) -> [String] {
    page.components(separatedBy: start).dropFirst().map { $0.components(separatedBy: end)[0] }
}

@Suite("pages")
struct PageTests {
    @Test("150 connections: a list that is closed at first, with links that lead somewhere and counts that agree")
    func many() throws {
        let page = page(150) { "im\($0 % 5).example" }
        let list = try #require(all(page, "<details id=\"list\">", "</details>").first)
        #expect(list.hasPrefix("<summary>150 connections</summary>"))
        let links = all(list, "<a href=\"#", "\"")
        let ids = Set(all(page, " id=\"", "\""))
        #expect(links.count == 150 && links.allSatisfy(ids.contains))
        #expect(all(page, "href=\"#", "\"").allSatisfy(ids.contains))
        #expect(list.components(separatedBy: ": 2 packets").count == 151)
        #expect(list.components(separatedBy: "<span class=\"warning\">1 warning</span>").count == 16)
        #expect(page.contains("<p>300 packets on 150 connections, told by stanzatap test."))
        #expect(page.components(separatedBy: "<details class=\"packet ").count == 301)
        #expect(page.contains("scroll-padding-top: var(--top)"))
    }

    @Test(
        "headings have names, not addresses",
        arguments: [
            (1, ["a.example"], "XMPP session with a.example", "Connection 1: a.example"),
            (1, ["192.0.2.1"], "XMPP session with an unknown server", "Connection 1"),
            (1, ["2001:db8::1"], "XMPP session with an unknown server", "Connection 1"),
            (1, [nil], "XMPP session with an unknown server", "Connection 1"),
            (2, ["a.example", "a.example"], "XMPP sessions with a.example", "Connection 1: a.example"),
            (2, ["192.0.2.1", nil], "XMPP sessions", "Connection 1"),
            (
                3, ["a.example", "b.example", nil], "XMPP sessions with a.example and b.example",
                "Connection 1: a.example"
            ),
            (
                5, ["<a>", "b", "c", "d", "e"], "XMPP sessions with &lt;a&gt;, b, c and 2 more",
                "Connection 1: &lt;a&gt;"
            ),
        ] as [(Int, [String?], String, String)]
    )
    func headings(count: Int, domains: [String?], whole: String, first: String) {
        let page = page(count) { domains[$0 - 1] }
        #expect(all(page, "<h1>", "</h1>") == [whole])
        #expect(all(page, "<title>", "</title>") == [whole])
        #expect(all(page, "<h2>", "</h2>").first == first)
        #expect(page.contains("<p class=\"who\">Client 192.0.2.7:40001, "))
    }

    @Test(
        "what is an error is marked as one",
        arguments: [
            ("<iq type='error' id='1'><error><conflict xmlns='\(NS.stanzaErrors)'/></error></iq>", true),
            ("<message type='error'/>", true), ("<iq type='result' id='1'/>", false),
            ("<message><error/></message>", false),
            ("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", true),
            ("<failure xmlns='\(NS.sasl)'><not-authorized/></failure>", true), ("<failure xmlns='\(NS.tls)'/>", true),
            ("<failed xmlns='urn:xmpp:sm:3'/>", true), ("<success xmlns='\(NS.sasl)'/>", false),
        ]
    )
    func errors(xml: String, isError: Bool) {
        let page = page(1, domain: { _ in "a.example" }, answer: xml)
        #expect(page.contains("<details class=\"packet down pair h5 fails\" id=\"c1p2\">") == isError)
        #expect(page.contains("<p class=\"event fails\">TLS broke</p>"))
        #expect(page.contains("<p class=\"event\">The client closes</p>"))
        #expect(!page.contains("error error"))
    }

    @Test("an answer to a packet that is not in the page has no link")
    func answerToNothing() {
        let title = ConnectionTitle(connection: 1, lines: ["My session"])
        var ladder = Ladder(title, TextOptions(), showsXML: true)
        var answer = packet(9, .serverToClient, "<iq type='result' id='1'/>")
        answer.answers = 8
        ladder.add(.packet(answer))
        let page = WebPage(program: "stanzatap test").draw([ladder])
        #expect(page.contains("<span class=\"answers\">answers 8</span>") && !page.contains("href="))
        #expect(page.contains("<h1>My session</h1>") && page.contains("<h2>Connection 1: My session</h2>"))
    }
}
