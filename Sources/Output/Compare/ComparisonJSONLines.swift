import Conversation
import Transcript
import XMPP

/// Two recordings side by side as JSON Lines: the summary first, then an object for each row.
public enum ComparisonJSONLines {
    public static func write(_ comparison: RecordingComparison, names: (String, String)) -> [UInt8] {
        var lines = [summary(comparison, names)]
        for session in comparison.sessions {
            for row in session.rows { lines.append(line(row, session)) }
            for event in session.events {
                lines.append(object([("kind", string("event"))] + connections(session) + fields(event)))
            }
        }
        for (kind, sessions) in [("connection-only-a", comparison.onlyInA), ("connection-only-b", comparison.onlyInB)] {
            for session in sessions {
                lines.append(
                    object([
                        ("kind", string(kind)), ("connection", "\(session.connection)"),
                        ("packets", "\(session.packets.count)"),
                    ])
                )
            }
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func summary(_ comparison: RecordingComparison, _ names: (String, String)) -> String {
        func count(_ kind: ComparisonRow.Kind) -> String { "\(comparison.sessions.reduce(0) { $0 + $1.count(kind) })" }
        return object([
            ("kind", string("summary")), ("a", string(names.0)), ("b", string(names.1)),
            ("isSame", comparison.isSame ? "true" : "false"), ("headline", string(comparison.headline)),
            ("same", count(.same)), ("changed", count(.changed)), ("onlyA", count(.onlyA)), ("onlyB", count(.onlyB)),
        ])
    }

    private static func line(_ row: ComparisonRow, _ session: SessionComparison) -> String {
        var fields: [(String, String)] = [("kind", string(row.kind.rawValue))] + connections(session)
        if let direction = (row.inA ?? row.inB)?.direction { fields.append(("direction", string(direction.rawValue))) }
        for (key, packet) in [("a", row.inA), ("b", row.inB)] {
            guard let packet else { continue }
            if let number = packet.number { fields.append(("\(key)Number", "\(number)")) }
            fields.append(("\(key)Sentence", string(packet.sentence)))
        }
        if let weight = row.weight { fields.append(("weight", string("\(weight)"))) }
        if row.isMoved { fields.append(("isMoved", "true")) }
        if !row.differences.isEmpty {
            let differences = row.differences.map { object(self.fields($0)) }
            fields.append(("differences", "[\(differences.joined(separator: ","))]"))
        }
        return object(fields)
    }

    private static func connections(_ session: SessionComparison) -> [(String, String)] {
        [("aConnection", "\(session.one.connection)"), ("bConnection", "\(session.two.connection)")]
    }

    private static func fields(_ difference: ComparedDifference) -> [(String, String)] {
        var fields = [("path", string(difference.path))]
        if let inA = difference.inA { fields.append(("a", string(inA))) }
        if let inB = difference.inB { fields.append(("b", string(inB))) }
        return fields + [("weight", string("\(difference.weight)"))]
    }

    private static func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    private static func string(_ text: String) -> String {
        var bytes: [UInt8] = []
        Array(text.utf8).withUnsafeBufferPointer { bytes.append(jsonString: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
