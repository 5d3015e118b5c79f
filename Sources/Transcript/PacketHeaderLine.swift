import XMPP

/// The header line of a packet, `C->S 001`, also as people and web pages write it: `C->s`, `S-&GT;C 2`, without a number.
struct PacketHeaderLine {
    let direction: Direction
    let number: Int?
    let seconds: Double?
    /// False if the line is not spelled as stanzatap spells it.
    let isCanonical: Bool

    init?(_ line: String) { self.init(TextLine(line)) }

    init?(_ line: TextLine) {
        var rest = line.withoutIndentation
        guard let sender = rest.popFirst().flatMap(Self.side), rest.popFirst() == UInt8(ascii: "-"),
            Self.popGreaterThan(&rest), let receiver = rest.popFirst().flatMap(Self.side), receiver != sender
        else { return nil }
        guard rest.first.map(isBlank) != false, rest.count < 80 else { return nil }
        direction = Direction(sender: sender)
        var words = rest.split(whereSeparator: isBlank)
        seconds = words.last.flatMap(Self.seconds)
        if seconds != nil { words.removeLast() }
        number = words.first.flatMap(Self.number)
        // A number that is too long for one is none, and the line a header all the same.
        let isNumbered = words.first?.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } == true
        guard words.count == (isNumbered ? 1 : 0) else { return nil }
        isCanonical = line.bytes.starts(with: direction.rawValue.utf8)
    }

    private static func side(_ byte: UInt8) -> Side? {
        switch byte {
        case UInt8(ascii: "C"), UInt8(ascii: "c"): .client
        case UInt8(ascii: "S"), UInt8(ascii: "s"): .server
        default: nil
        }
    }

    private static func popGreaterThan(_ rest: inout ArraySlice<UInt8>) -> Bool {
        if rest.first == .greaterThan {
            rest.removeFirst()
            return true
        }
        guard String(decoding: rest.prefix(4), as: UTF8.self).lowercased() == "&gt;" else { return false }
        rest.removeFirst(4)
        return true
    }

    private static func number(_ word: ArraySlice<UInt8>) -> Int? {
        guard word.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
        return Int(String(decoding: word, as: UTF8.self)).flatMap { $0 <= Int.largestRead ? $0 : nil }
    }

    /// Reads `+0.213s`.
    private static func seconds(_ word: ArraySlice<UInt8>) -> Double? {
        guard word.first == UInt8(ascii: "+"), word.last == UInt8(ascii: "s") else { return nil }
        let digits = word.dropFirst().dropLast()
        // `inf` and `nan` would be numbers too.
        guard digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") || $0 == UInt8(ascii: ".") })
        else {
            return nil
        }
        return Double(String(decoding: digits, as: UTF8.self))
    }
}
