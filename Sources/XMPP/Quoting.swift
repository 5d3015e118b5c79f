extension String {
    /// The text on one line, safe for a terminal and not longer than `limit` characters: for quoting a peer in a sentence.
    ///
    /// A line break becomes one blank, with the blanks around it; other control characters, and those that turn the direction of writing, become character
    /// references such as `&#x1B;`.
    public func shown(limit: Int = 200) -> String {
        if isPrintableASCII { return utf8.count <= limit ? self : String(Substring(utf8.prefix(limit))) + "…" }
        var result = ""
        var count = 0
        var blanks = BlankRun()
        for scalar in unicodeScalars {
            if blanks.takes(scalar) { continue }
            count += blanks.width
            result += blanks.end()
            guard count < limit else { return result + "…" }
            count += 1
            if scalar.isUnsafeOnTerminal {
                result += "&#x" + String(scalar.value, radix: 16, uppercase: true) + ";"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result + blanks.end()
    }

    /// True if there is nothing in it but letters, digits, signs and blanks of ASCII: the usual case, told fast.
    public var isPrintableASCII: Bool {
        var text = self
        return text.withUTF8 { $0.endOfPlainRun(from: 0) == $0.count }
    }

    /// `shown` in double quotes.
    public func quoted(limit: Int = 200) -> String { "\"" + shown(limit: limit) + "\"" }
}

/// White space that belongs together; a line break among it makes it indentation, of which one blank is told.
private struct BlankRun {
    private var count = 0
    private var breaksLine = false

    /// How many blanks are told of it.
    var width: Int { breaksLine ? 1 : count }

    mutating func takes(_ scalar: Unicode.Scalar) -> Bool {
        let isLineBreak = scalar == "\n" || scalar == "\r"
        guard isLineBreak || scalar == "\t" || scalar == " " else { return false }
        count += 1
        breaksLine = breaksLine || isLineBreak
        return true
    }

    mutating func end() -> String {
        defer { (count, breaksLine) = (0, false) }
        return String(repeating: " ", count: width)
    }
}

extension Unicode.Scalar {
    /// Control characters of C0 and C1, and invisible ones that can make a text look like another.
    public var isUnsafeOnTerminal: Bool {
        switch value {
        case 0...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}

extension Collection<String> {
    /// `a`, `a and b`, or `a, b and c`.
    public func listed(_ last: String = "and") -> String {
        let items = Array(self)
        guard items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " \(last) " + items[items.count - 1]
    }
}
