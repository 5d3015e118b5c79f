import XMLStream
import XMPP

/// Ladders as one SVG picture, without script and without anything from elsewhere.
enum PictureLadder {
    private static let width = 1000
    private static let client = 190
    private static let server = 960
    private static let lineHeight = 15
    /// Characters of the small font between the two lines.
    private static let characters = 112

    static func draw(_ ladders: [Ladder]) -> String {
        var body = ""
        var y = 20
        for ladder in ladders { y = draw(ladder, from: y, into: &body) + 30 }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(y)" width="\(width)" height="\(y)" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">
            <style>
            text { fill: #222 } .small { font-size: 11px; fill: #555 } .title { font-size: 15px; font-weight: bold; font-family: sans-serif }
            .up { stroke: #1a7f37; fill: #1a7f37 } .down { stroke: #0969da; fill: #0969da } .warning { fill: #b35900; font-size: 11px }
            .rail { stroke: #bbb } .label { font-weight: bold } text.failed { fill: #cf222e } g.failed { stroke: #cf222e; fill: #cf222e }
            </style>
            <rect width="100%" height="100%" fill="#fff"/>
            \(body)</svg>

            """
    }

    private static func draw(_ ladder: Ladder, from top: Int, into body: inout String) -> Int {
        var y = top
        for (index, line) in ladder.title.enumerated() {
            body += text(20, y, line, index == 0 ? "title" : "small")
            y += 20
        }
        y += 8
        body +=
            text(client, y, "client", "label", anchor: "middle") + text(server, y, "server", "label", anchor: "middle")
        let railTop = y + 8
        y += 28
        var rows = ""
        for row in ladder.rows { y = draw(row, at: y, into: &rows) }
        for x in [client, server] {
            body += "<line class=\"rail\" x1=\"\(x)\" y1=\"\(railTop)\" x2=\"\(x)\" y2=\"\(y)\"/>\n"
        }
        body += rows
        return y
    }

    private static func draw(_ row: LadderRow, at top: Int, into body: inout String) -> Int {
        var y = top
        switch row.kind {
        case .packet(let packet):
            body +=
                text(12, y, packet.digits ?? "", "label") + text(48, y, row.time, "small")
                + text(120, y, row.pause, "small")
            body += text(client + 14, y, packet.label, packet.isError ? "label failed" : "label")
            y += 6
            body += arrow(packet.direction, y, isError: packet.isError)
            y += lineHeight
            for line in wrapped(packet.explanation) { y = add(line, "small", y, &body) }
            for finding in packet.findings {
                for line in wrapped(finding.text) {
                    y = add(line, finding.severity == .warning ? "warning" : "small", y, &body)
                }
            }
        case .event(let event, let isFailure):
            for line in wrapped("[\(event)]") { y = add(line, isFailure ? "small failed" : "small", y, &body) }
        case .prose(let texts):
            for line in texts.flatMap(wrapped) { y = add(line, "", y, &body) }
        }
        return y + 12
    }

    private static func add(_ line: String, _ style: String, _ y: Int, _ body: inout String) -> Int {
        body += text(client + 14, y, line, style)
        return y + lineHeight
    }

    private static func arrow(_ direction: Direction, _ y: Int, isError: Bool) -> String {
        let isUp = direction == .clientToServer
        let (from, to) = isUp ? (client, server) : (server, client)
        let back = isUp ? to - 9 : to + 9
        let style = (isUp ? "up" : "down") + (isError ? " failed" : "")
        return
            "<g class=\"\(style)\"><line x1=\"\(from)\" y1=\"\(y)\" x2=\"\(back)\" y2=\"\(y)\" stroke-width=\"1.5\"/>"
            + "<polygon points=\"\(to),\(y) \(back),\(y - 4) \(back),\(y + 4)\"/></g>\n"
    }

    private static func text(_ x: Int, _ y: Int, _ text: String, _ style: String, anchor: String = "start") -> String {
        if text.isEmpty { return "" }
        let align = anchor == "start" ? "" : " text-anchor=\"\(anchor)\""
        return
            "<text x=\"\(x)\" y=\"\(y)\" class=\"\(style)\"\(align)>\(XMLText.escaped(text.shown(limit: 400)))</text>\n"
    }

    /// Lines that fit between the rails; what is longer than six of them is cut.
    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            let word = word.prefix(characters)
            if !line.isEmpty, line.count + 1 + word.count > characters {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        if !line.isEmpty { lines.append(line) }
        return lines.count > 6 ? lines.prefix(6) + ["…"] : lines
    }
}
