import Conversation
import XMPP

/// Reads a script of scansion.
struct ScansionReader {
    private let lines: [Substring]
    private var index = 0
    private var script = ScansionScript()

    /// - Throws: `ReplayError`, which names the line.
    static func read(_ text: String) throws(ReplayError) -> ScansionScript {
        var reader = ScansionReader(text)
        try reader.readCast()
        try reader.readActs()
        return reader.script
    }

    private init(_ text: String) { lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) }

    private func wrong(_ what: String) -> ReplayError {
        ReplayError("line \(min(index, lines.count - 1) + 1): \(what)")
    }

    private func isRemark(_ line: Substring) -> Bool {
        let start = line.drop(while: \.isWhitespace)
        return start.isEmpty || ["#", "//", "--"].contains { start.hasPrefix($0) }
    }

    private func isIndented(_ line: Substring) -> Bool { line.first?.isWhitespace == true }

    private mutating func readCast() throws(ReplayError) {
        while index < lines.count {
            let line = lines[index]
            if line.hasPrefix("---") {
                index += 1
                return
            }
            if line.hasPrefix("[Client]") {
                let name = trimmed(line.dropFirst("[Client]".count))
                if name.isEmpty { throw wrong("a client without a name") }
                script.clients.append(ScansionScript.Client(name: name, options: [:]))
            } else if !isRemark(line) {
                try readOption(line)
            }
            index += 1
        }
        throw wrong("the line of hyphens that ends the cast is missing")
    }

    private mutating func readOption(_ line: Substring) throws(ReplayError) {
        guard let colon = line.firstIndex(of: ":"), !script.clients.isEmpty else {
            throw wrong("\(trimmed(line).quoted(limit: 60)) is neither a client nor a setting of one")
        }
        let last = script.clients.count - 1
        script.clients[last].options[trimmed(line[..<colon])] = trimmed(line[line.index(after: colon)...])
    }

    private mutating func readActs() throws(ReplayError) {
        while index < lines.count {
            if isRemark(lines[index]) {
                index += 1
            } else {
                try readAct()
            }
        }
    }

    private mutating func readAct() throws(ReplayError) {
        let line = trimmed(lines[index])
        let name = script.clients.map(\.name).filter { line.hasPrefix($0 + " ") }.max { $0.count < $1.count }
        guard let name else { throw wrong("nobody of the cast does anything in \(line.quoted(limit: 60))") }
        let number = index + 1
        let act: ScansionScript.Act
        switch line.dropFirst(name.count + 1) {
        case "connects": act = .connects
        case "disconnects": act = .disconnects
        case "receives nothing", "receives: nothing": act = .receivesNothing
        case "sends:", "sends": act = .sends(try stanza())
        case "receives:", "receives":
            let text = try stanza()
            act = text.isEmpty ? .receivesNothing : .receives(text)
        default: throw wrong("\(line.quoted(limit: 60)) is nothing that a client of a script does")
        }
        index += 1
        script.steps.append(ScansionScript.Step(line: number, client: name, act: act))
    }

    /// The indented lines below; leaves the index at the last one. A remark may stand above the stanza; inside of it what looks
    /// like one is its text.
    private mutating func stanza() throws(ReplayError) -> String {
        var text: [String] = []
        while index + 1 < lines.count,
            isIndented(lines[index + 1]) || lines[index + 1].isEmpty || lines[index + 1].first == "<"
        {
            index += 1
            if !text.isEmpty || !isRemark(lines[index]) { text.append(String(lines[index])) }
        }
        return text.joined(separator: "\n")
    }

    private func trimmed(_ text: Substring) -> String {
        let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
        return String(text[..<end].drop(while: \.isWhitespace))
    }
}
