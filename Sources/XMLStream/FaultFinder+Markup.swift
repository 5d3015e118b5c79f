/// What begins with `<!` or `<?` (XML 1.0 sections 2.5 to 2.8).
extension FaultFinder {
    /// A comment, CDATA, or what may not stand in a stream at all.
    mutating func declaration(from start: Int) throws(Stop) {
        index += 1
        switch try byte() {
        case .hyphen: try comment(from: start)
        case .openBracket: try characterData(from: start)
        case let byte: throw fault(isLetter(byte) ? .documentType : .noMarkup, at: start)
        }
    }

    private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private mutating func comment(from start: Int) throws(Stop) {
        index += 1
        guard try byte() == .hyphen else { throw fault(.halfComment, at: start) }
        index += 1
        while true {
            let place = index
            guard try character() == UInt32(UInt8.hyphen), try byte() == .hyphen else { continue }
            index += 1
            guard try byte() == .greaterThan else { throw fault(.hyphensInComment, at: place) }
            index += 1
            return
        }
    }

    private mutating func characterData(from start: Int) throws(Stop) {
        for wanted in "[CDATA[".utf8 {
            guard try byte() == wanted else { throw fault(.noCharacterData, at: start) }
            index += 1
        }
        while !bytes[index...].starts(with: "]]>".utf8) { try character() }
        index += 3
    }

    mutating func instruction(from start: Int, isFirst: Bool) throws(Stop) {
        index += 1
        guard try isNameStart() else { throw fault(.instructionWithoutName, at: start) }
        let name = try name()
        if name.elementsEqual("xml".utf8) {
            if isFirst { return try xmlDeclaration(from: start) }
            // In the middle of a stream it is passed over, whatever it says.
            while !bytes[index...].starts(with: "?>".utf8) {
                _ = try byte()
                index += 1
            }
            return index += 2
        }
        if text(name).lowercased() == "xml" { throw fault(.reserved(text(name)), at: start) }
        guard try byte().isXMLWhitespace || bytes[index] == .question else { throw fault(.strayInInstruction) }
        while !bytes[index...].starts(with: "?>".utf8) { try character() }
        index += 2
    }

    // MARK: The XML declaration

    private mutating func xmlDeclaration(from start: Int) throws(Stop) {
        let order = ["version", "encoding", "standalone"]
        var next = 0
        while true {
            let hasBlank = try skipBlanks()
            if try byte() == .question {
                index += 1
                guard try byte() == .greaterThan else { throw fault(.stray(inDeclaration: 0x3F), at: index - 1) }
                if next == 0 { throw fault(.declarationWithoutVersion, at: start) }
                return index += 1
            }
            let place = index
            guard try isNameStart() else { throw fault(.stray(inDeclaration: try scalar().value)) }
            let name = text(try name())
            guard let rank = order.firstIndex(of: name) else { throw fault(.declarationKnowsNo(name), at: place) }
            if !hasBlank { throw fault(.withoutBlank(inDeclaration: name), at: place) }
            guard rank >= next, rank == 0 || next > 0 else { throw fault(.misplacedInDeclaration(name), at: place) }
            next = rank + 1
            try check(declared: name, try declaredValue(of: name), at: place)
        }
    }

    private mutating func declaredValue(of name: String) throws(Stop) -> String {
        let start = index
        try skipBlanks()
        guard try byte() == .equals else { throw fault(.withoutValueInDeclaration(name), at: start) }
        index += 1
        try skipBlanks()
        let quote = try byte()
        guard quote == .quote || quote == .apostrophe else { throw fault(.withoutValueInDeclaration(name)) }
        index += 1
        let begin = index
        while try byte() != quote {
            guard bytes[index] != .lessThan, bytes[index] != .question else {
                throw fault(.withoutValueInDeclaration(name), at: begin - 1)
            }
            index += 1
        }
        index += 1
        return text(bytes[begin..<(index - 1)])
    }

    private func check(declared name: String, _ value: String, at place: Int) throws(Stop) {
        let isWord =
            value.utf8.first.map(isLetter) == true
            && value.utf8.allSatisfy { isLetter($0) || (0x2D...0x39).contains($0) && $0 != .slash || $0 == 0x5F }
        switch name {
        case "version" where value != "1.0":
            let isNumber = value.hasPrefix("1.") && value.utf8.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) }
            throw fault(isNumber ? .version(value) : .badValue(inDeclaration: name), at: place)
        case "encoding" where value.lowercased() != "utf-8":
            throw fault(isWord ? .encoding(value) : .badValue(inDeclaration: name), at: place)
        case "standalone" where value != "yes" && value != "no":
            throw fault(.badValue(inDeclaration: name), at: place)
        default: return
        }
    }
}
