import Crypto
import FoundationEssentials
import XMPP

/// Ladders as one self-contained web page: nothing is loaded from anywhere, no script but our own runs, and everything
/// that came from the network is text.
struct WebPage {
    let program: String

    func draw(_ ladders: [Ladder]) -> String {
        let sections = ladders.map(section).joined()
        let heading = escaped(PageHeading.of(ladders))
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(heading)</title>
            <style>\(WebPageParts.style)</style>
            </head>
            <body>
            <header>
            <h1>\(heading)</h1>
            <p>\(counted(ladders)), told by \(escaped(program)). Click a packet for its XML.</p>
            <form role="search"><input id="search" type="search" placeholder="Search packets and explanations" aria-label="Search" autocomplete="off">
            <button id="all" type="button">Open all</button> <output id="found"></output></form>
            \(list(ladders))</header>
            <main>
            \(sections)</main>
            <script>\(WebPageParts.script)</script>
            </body>
            </html>

            """
    }

    /// Nothing but our own style and script, told by their hashes.
    private var policy: String {
        "default-src 'none'; style-src '\(hash(WebPageParts.style))'; script-src '\(hash(WebPageParts.script))'; base-uri 'none'; form-action 'none'"
    }

    private func hash(_ text: String) -> String {
        "sha256-" + Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString()
    }

    private func counted(_ ladders: [Ladder]) -> String {
        let packets = count(ladders.reduce(0) { $0 + $1.packetCount }, "packet")
        return "\(packets) on \(count(ladders.count, "connection"))"
    }

    private func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }

    /// Closed at first and never higher than a part of the window, however many there are.
    private func list(_ ladders: [Ladder]) -> String {
        guard ladders.count > 1 else { return "" }
        return "<details id=\"list\"><summary>\(count(ladders.count, "connection"))</summary><nav>\n"
            + ladders.map(link).joined() + "</nav></details>\n"
    }

    private func link(_ ladder: Ladder) -> String {
        let warnings = ladder.warningCount
        let warned = warnings == 0 ? "" : " <span class=\"warning\">\(count(warnings, "warning"))</span>"
        return "<a href=\"#c\(ladder.connection)\">Connection \(ladder.connection): "
            + "\(count(ladder.packetCount, "packet"))\(warned)</a>\n"
    }

    private func section(_ ladder: Ladder) -> String {
        let numbers = Set(ladder.rows.compactMap(\.number))
        let titles = ladder.title.dropFirst().map { "<p class=\"who\">\(escaped($0))</p>\n" }.joined()
        return """
            <section id="c\(ladder.connection)">
            <h2>\(escaped(PageHeading.of(ladder)))</h2>
            \(titles)<div class="ends"><span>client</span><span>server</span></div>
            \(ladder.rows.map { row($0, ladder.connection, numbers) }.joined())</section>

            """
    }

    /// - Parameter numbers: of the packets that a link can lead to.
    private func row(_ row: LadderRow, _ connection: Int, _ numbers: Set<Int>) -> String {
        switch row.kind {
        case .packet(let packet): self.packet(packet, row, connection, numbers)
        case .event(let text, let isFailure):
            "<p class=\"event\(isFailure ? " fails" : "")\">\(escaped(text))</p>\n"
        case .prose(let lines): "<p class=\"summary\">\(lines.map(escaped).joined(separator: "<br>"))</p>\n"
        }
    }

    private func packet(
        _ packet: LadderRow.Packet,
        _ row: LadderRow,
        _ connection: Int,
        _ numbers: Set<Int>
    ) -> String {
        let isUp = packet.direction == .clientToServer
        let hue = packet.pair.map { " pair h\(($0 % 12) * 5 % 12)" } ?? ""
        let marks = (packet.warns ? " warns" : "") + (packet.isError ? " fails" : "")
        let id = packet.number.map { " id=\"c\(connection)p\($0)\"" } ?? ""
        let answer = packet.answers.map { answerLink($0, connection, isThere: numbers.contains($0)) } ?? ""
        let findings = packet.findings.map {
            "<span class=\"finding \($0.severity.rawValue.lowercased())\">\(escaped($0.text))</span>"
        }
        return "<details class=\"packet \(isUp ? "up" : "down")\(hue)\(marks)\"\(id)><summary>"
            + "<span class=\"n\">\(packet.digits ?? "–")</span><span class=\"t\">\(row.time)</span><span class=\"d\">\(row.pause)</span>"
            + "<span class=\"arrow\"><span class=\"label\">\(escaped(packet.label))</span></span>"
            + "<span class=\"told\">\(escaped(packet.explanation))\(answer)\(findings.joined())</span></summary>"
            + "<pre>\(escaped(packet.xml))</pre></details>\n"
    }

    private func answerLink(_ number: Int, _ connection: Int, isThere: Bool) -> String {
        isThere
            ? " <a class=\"answers\" href=\"#c\(connection)p\(number)\">answers \(number)</a>"
            : " <span class=\"answers\">answers \(number)</span>"
    }

    private func escaped(_ text: String) -> String { PageText.escaped(text) }
}
