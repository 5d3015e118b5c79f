import Conversation
import XMPP

/// Two recordings side by side, as text.
public struct ComparisonText {
    private let style: TextStyle
    private let showsAll: Bool
    private var text = ""

    /// - Parameter showsAll: what is the same is shown too.
    public static func write(
        _ comparison: RecordingComparison,
        names: (String, String),
        style: TextStyle,
        showsAll: Bool = false
    ) -> [UInt8] {
        var writer = ComparisonText(style: style, showsAll: showsAll)
        writer.text = "A: \(names.0.shown(limit: 1000))\nB: \(names.1.shown(limit: 1000))\n\n\(comparison.headline)\n"
        for session in comparison.sessions { writer.add(session) }
        for session in comparison.onlyInA { writer.add(session, "A") }
        for session in comparison.onlyInB { writer.add(session, "B") }
        var bytes: [UInt8] = []
        style.append(Array(writer.text.utf8), to: &bytes)
        return bytes
    }

    private init(style: TextStyle, showsAll: Bool) {
        self.style = style
        self.showsAll = showsAll
    }

    private mutating func add(_ session: ComparedSession, _ name: String) {
        text += "\nConnection \(session.connection) of \(name) has no counterpart: "
        text += "\(session.packets.count) packet\(session.packets.count == 1 ? "" : "s")\n"
    }

    private mutating func add(_ session: SessionComparison) {
        text += "\nConnection \(session.one.connection) of A and \(session.two.connection) of B: \(session.counted)\n"
        var same: [ComparisonRow] = []
        for row in session.rows {
            if row.kind == .same, !showsAll {
                same.append(row)
            } else {
                fold(&same)
                add(row)
            }
        }
        fold(&same)
        for event in session.events { text += "\n[\(event.told)]\n" }
    }

    /// A run of packets without differences becomes one line.
    private mutating func fold(_ rows: inout [ComparisonRow]) {
        defer { rows = [] }
        guard let first = rows.first, let last = rows.last else { return }
        let range = rows.count == 1 ? first.name : "\(first.name) to \(last.name)"
        text += "\n… \(rows.count) packet\(rows.count == 1 ? "" : "s") the same (\(range))\n"
    }

    private mutating func add(_ row: ComparisonRow) {
        let place: String =
            switch row.kind {
            case .same: "same"
            case .changed: row.weight == .minor ? "changed in details" : "changed"
            case .onlyA: "only in A"
            case .onlyB: "only in B"
            }
        text += "\n\(row.name)  \(place)\n"
        let sentences = row.sentences
        for (name, sentence) in sentences { text += name.map { "\($0): \(sentence)\n" } ?? "\(sentence)\n" }
        if row.kind == .changed { for told in row.told { text += "  \(told)\n" } }
    }
}

extension SessionComparison {
    /// How many packets are the same and how many are not.
    var counted: String {
        let same = count(.same)
        var parts = ["\(same) packet\(same == 1 ? "" : "s") the same"]
        for (kind, what) in [(ComparisonRow.Kind.changed, "changed"), (.onlyA, "only in A"), (.onlyB, "only in B")]
        where count(kind) > 0 {
            parts.append("\(count(kind)) \(what)")
        }
        if mappedNames > 0 {
            parts.append(mappedNames == 1 ? "1 name stands for another" : "\(mappedNames) names stand for others")
        }
        return parts.joined(separator: ", ")
    }
}

extension ComparisonRow {
    /// What it does: once where both do the same, else of each side by its name.
    var sentences: [(side: String?, sentence: String)] {
        let (one, two) = (inA.map { Self.withoutTime($0.sentence) }, inB.map { Self.withoutTime($0.sentence) })
        switch (one, two) {
        case (let one?, let two?): return one == two ? [(nil, one)] : [("A", one), ("B", two)]
        case (let only?, nil), (nil, let only?): return [(nil, only)]
        case (nil, nil): return []
        }
    }
}
