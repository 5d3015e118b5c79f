import Transcript
import XMPP

/// A run of packets of one connection that say little one by one: stream management, presence, pings.
struct BriefRun {
    /// What is folded.
    enum Kind: CaseIterable {
        case presence
        case streamManagement
        case ping

        func text(_ count: Int) -> String {
            switch self {
            case .presence: "\(count) presence"
            case .streamManagement: "\(count) stream management"
            case .ping: "\(count) ping"
            }
        }
    }

    private struct Item {
        let number: Int
        let kind: Kind
        let line: BriefLine
        /// A ping that nobody has answered yet: it stands on a line of its own.
        var waits: Bool
    }

    private var items: [Item] = []

    var isEmpty: Bool { items.isEmpty }

    /// Takes a packet that belongs into the run; false for any other.
    mutating func takes(_ record: PacketRecord, _ line: @autoclosure () -> BriefLine) -> Bool {
        guard let number = record.number, Self.isQuiet(record),
            let root = record.root ?? PacketRecord.Root(xml: record.xml), !root.isError, let kind = kind(record, root)
        else { return false }
        if let asked = record.answers, let index = items.lastIndex(where: { $0.number == asked }) {
            items[index].waits = false
        }
        items.append(Item(number: number, kind: kind, line: line(), waits: root.isRequest))
        return true
    }

    /// Nothing about it deserves attention.
    private static func isQuiet(_ record: PacketRecord) -> Bool {
        record.telling.findings.isEmpty && record.replacement == nil && !record.isSentByProxy
            && record.omittedBytes == 0
    }

    private func kind(_ record: PacketRecord, _ root: PacketRecord.Root) -> Kind? {
        switch root.namespace {
        case NS.streamManagement2, NS.streamManagement3:
            return root.name == "r" || root.name == "a" ? .streamManagement : nil
        case NS.client, NS.server, NS.component: break
        default: return nil
        }
        switch root.name {
        case "presence":
            // What is a step of a story, such as entering a room, is told by itself.
            let isStatus = root.type == nil || root.type == "unavailable"
            return isStatus && record.telling.step == nil ? .presence : nil
        case "iq" where root.type == "get": return root.contentNamespace == NS.ping ? .ping : nil
        case "iq" where root.type == "result":
            let isAnswer = record.answers.map { asked in items.last { $0.number == asked }?.waits == true } ?? false
            return isAnswer ? .ping : nil
        default: return nil
        }
    }

    /// What is written of it: a line for each run of two and more packets, one for each ping without an answer.
    func lines() -> [BriefLine] {
        var lines: [BriefLine] = []
        var folded: [Item] = []
        for item in items {
            // Where a number is missing, a packet was hidden: a line names only numbers that it stands for.
            if item.waits || folded.last.map({ $0.number + 1 != item.number }) == true {
                lines += Self.line(folded)
                folded = []
            }
            if item.waits { lines.append(item.line) } else { folded.append(item) }
        }
        return lines + Self.line(folded)
    }

    private static func line(_ items: [Item]) -> [BriefLine] {
        guard items.count > 1, let first = items.first, let last = items.last else { return items.map(\.line) }
        let parts = Kind.allCases.compactMap { kind in
            let count = items.count { $0.kind == kind }
            return count > 0 ? kind.text(count) : nil
        }
        let numbers = BriefNumber.text(first.number) + "-" + BriefNumber.text(last.number)
        let fold = "\(items.count) packets: \(parts.joined(separator: ", "))"
        return [BriefLine(fold: fold, numbers: numbers, seconds: first.line.seconds)]
    }
}
