import XMPP

/// The header line of a packet, `C->S 001`, also as people and web pages write it: `C->s`, `S-&GT;C 2`, without a number.
struct PacketHeaderLine {
    let direction: Direction
    let number: Int?
    let seconds: Double?
    /// False if the line is not spelled as stanzatap spells it.
    let isCanonical: Bool

    init?(_ line: some StringProtocol) {
        var rest = line.trimmed[...]
        guard let first = rest.popFirst()?.lowercased(), first == "c" || first == "s", rest.popFirst() == "-" else {
            return nil
        }
        let hasSign: Bool
        if rest.first == ">" {
            rest.removeFirst()
            hasSign = true
        } else {
            hasSign = rest.lowercased().hasPrefix("&gt;")
            rest = rest.dropFirst(4)
        }
        guard hasSign, let second = rest.popFirst()?.lowercased(), second == "c" || second == "s", second != first
        else {
            return nil
        }
        direction = first == "c" ? .clientToServer : .serverToClient
        var words = rest.split(separator: " ")
        guard words.count <= 2, rest.first == nil || rest.first == " " else { return nil }
        var seconds: Double?
        if let last = words.last, last.hasPrefix("+"), last.hasSuffix("s"),
            let value = Double(last.dropFirst().dropLast())
        {
            seconds = value
            words.removeLast()
        }
        let number = words.first.flatMap { Int($0) }
        guard words.isEmpty || (words.count == 1 && number.map { $0 >= 0 } == true) else { return nil }
        self.number = number
        self.seconds = seconds
        isCanonical = line.hasPrefix(direction.rawValue)
    }
}

extension StringProtocol {
    /// Without blanks and line ends on both sides.
    var trimmed: String {
        var view = self[...]
        while let first = view.first, first.isWhitespace { view = view.dropFirst() }
        while let last = view.last, last.isWhitespace { view = view.dropLast() }
        return String(view)
    }
}
