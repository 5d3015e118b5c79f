import XMPP

/// Ladders as plain text, for mails and bug reports.
struct TextLadder {
    /// Columns of the whole.
    let columns: Int

    /// Number, time and pause.
    private static let margin = 26
    static let usualColumns = 100

    init(columns: Int) { self.columns = max(60, min(columns, 200)) }

    func draw(_ ladders: [Ladder]) -> String {
        ladders.map(draw).joined(separator: "\n\n") + (ladders.isEmpty ? "" : "\n")
    }

    private var width: Int { columns - Self.margin }

    private func draw(_ ladder: Ladder) -> String {
        var lines = ladder.title.flatMap { wrapped($0, columns) }
        lines.append("")
        lines.append(padded("", Self.margin) + "client" + String(repeating: " ", count: width - 12) + "server")
        for row in ladder.rows { lines += draw(row) }
        return lines.joined(separator: "\n")
    }

    private func draw(_ row: LadderRow) -> [String] {
        switch row.kind {
        case .packet(let packet):
            let start = padded("\(packet.digits ?? "---") \(padded(row.time, 10)) \(row.pause)", Self.margin)
            let notes = [packet.explanation] + packet.findings.map(\.text)
            return [start + arrow(packet)]
                + notes.filter { !$0.isEmpty }.flatMap { wrapped($0, width - 4) }.map { rail($0) }
        case .event(let text, _):
            return wrapped("[\(text)]", width - 4).map { rail($0) }
        case .prose(let texts):
            return [""] + texts.flatMap { wrapped($0, columns) }
        }
    }

    /// `|-- iq get query ------>|`
    private func arrow(_ packet: LadderRow.Packet) -> String {
        let label = " \(String(packet.label.prefix(width - 12))) "
        let line = String(repeating: "-", count: max(0, width - 5 - label.count))
        return packet.direction == .clientToServer ? "|--\(label)\(line)>|" : "|<-\(label)\(line)-|"
    }

    private func rail(_ text: String) -> String {
        padded("", Self.margin) + "| " + padded(text, width - 4) + " |"
    }

    private func padded(_ text: String, _ count: Int) -> String {
        text + String(repeating: " ", count: max(0, count - text.count))
    }

    /// Breaks a text into lines between words; longer words are cut.
    private func wrapped(_ text: String, _ count: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var word = word
            while !word.isEmpty {
                if line.isEmpty {
                    line = String(word.prefix(count))
                    word = word.dropFirst(count)
                } else if line.count + 1 + word.count <= count {
                    line += " " + word
                    word = ""
                } else {
                    lines.append(line)
                    line = ""
                }
                if line.count == count, !word.isEmpty {
                    lines.append(line)
                    line = ""
                }
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}
