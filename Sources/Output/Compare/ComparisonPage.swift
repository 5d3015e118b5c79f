import Conversation
import Crypto
import FoundationEssentials
import Transcript
import XMPP

/// Two recordings side by side as one self-contained web page without scripts: nothing is loaded from anywhere, and
/// everything that came from the network is text.
public struct ComparisonPage {
    private let names: (String, String)
    private let program: String

    public static func write(
        _ comparison: RecordingComparison,
        names: (String, String),
        program: String
    ) -> [UInt8] {
        Array(ComparisonPage(names: names, program: program).page(comparison).utf8)
    }

    private func page(_ comparison: RecordingComparison) -> String {
        let heading = escaped(comparison.headline)
        let policy = "default-src 'none'; style-src '\(Self.hash)'; base-uri 'none'; form-action 'none'"
        let alone =
            comparison.onlyInA.map { self.alone($0, "A") } + comparison.onlyInB.map { self.alone($0, "B") }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Comparison of two XMPP recordings</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <h1>\(heading)</h1>
            <p class="who">A: \(escaped(names.0))<br>B: \(escaped(names.1))<br>Compared by \(escaped(program)). Click a packet for its XML.</p>
            \(comparison.sessions.map(section).joined())\(alone.joined())</body>
            </html>

            """
    }

    private func alone(_ session: ComparedSession, _ name: String) -> String {
        "<h2>Connection \(session.connection) of \(name) has no counterpart: \(session.packets.count) packets</h2>\n"
    }

    private func section(_ session: SessionComparison) -> String {
        let title = "Connection \(session.one.connection) of A and \(session.two.connection) of B: \(session.counted)"
        var text = "<h2>\(escaped(title))</h2>\n<div class=\"ends\"><span>A</span><span>B</span></div>\n"
        var same: [ComparisonRow] = []
        for row in session.rows {
            if row.kind == .same {
                same.append(row)
            } else {
                text += fold(same) + self.row(row)
                same = []
            }
        }
        text += fold(same)
        for event in session.events { text += "<p class=\"event\">\(escaped(event.told))</p>\n" }
        return text
    }

    private func fold(_ rows: [ComparisonRow]) -> String {
        guard let first = rows.first, let last = rows.last else { return "" }
        let range = rows.count == 1 ? first.name : "\(first.name) to \(last.name)"
        let title = "… \(rows.count) packet\(rows.count == 1 ? "" : "s") the same (\(range))"
        return "<details class=\"run\"><summary>\(escaped(title))</summary>\n\(rows.map(row).joined())</details>\n"
    }

    private func row(_ row: ComparisonRow) -> String {
        let told = row.told.map { "<li>\(escaped($0))</li>" }.joined()
        let list = row.kind == .changed && !told.isEmpty ? "<ul>\(told)</ul>" : ""
        let weight = row.weight == .minor ? " minor" : ""
        return "<div class=\"row \(row.kind.rawValue)\(weight)\">\(packet(row.inA))\(packet(row.inB))\(list)</div>\n"
    }

    private func packet(_ packet: ComparedPacket?) -> String {
        guard let packet else { return "<div class=\"none\"></div>" }
        let xml = String(decoding: packet.xml, as: UTF8.self)
        return "<details><summary><b>\(escaped(packet.name))</b> \(escaped(packet.sentence))</summary>"
            + "<pre>\(escaped(xml))</pre></details>"
    }

    private func escaped(_ text: String) -> String { PageText.escaped(text) }

    private static let hash = "sha256-" + Data(SHA256.hash(data: Array(style.utf8))).base64EncodedString()

    private static let style = """
        :root { color-scheme: light dark; --rail: #c8ccd1; --soft: #656d76; --a: #cf222e; --b: #1a7f37; --c: #b35900 }
        body { font: 14px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 90rem; padding: 0 1rem 3rem }
        h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin: 1.6rem 0 .2rem } .who, .run > summary, .event { color: var(--soft) }
        .ends, .row { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1rem } .ends { font-weight: 600 }
        .row { border-left: 4px solid var(--rail); padding: .3rem .6rem; margin: .2rem 0; overflow-wrap: anywhere }
        .changed { border-color: var(--c) } .only-a { border-color: var(--a) } .only-b { border-color: var(--b) } .minor { border-color: var(--rail) }
        ul { grid-column: 1 / 3; margin: .2rem 0; color: var(--c); font-weight: 600 } summary { cursor: pointer }
        pre { overflow: auto; max-height: 24rem; font: 12.5px/1.4 ui-monospace, Menlo, Consolas, monospace; white-space: pre-wrap }
        """
}
