/// Start tags and end tags (XML 1.0 sections 3 and 3.1).
extension FaultFinder {
    mutating func startTag(from start: Int) throws(Stop) {
        if open.isEmpty, let wide = StreamOpening.faultBehindLessThan(bytes[start...]) { throw fault(wide, at: start) }
        guard try isNameStart() else { throw fault(.bareLessThan(before: try scalar().value), at: start) }
        let tag = try name()
        var names: Set<ArraySlice<UInt8>> = []
        var mustHaveBlank = false
        while true {
            let hasBlank = try skipBlanks()
            switch try byte() {
            case .greaterThan:
                index += 1
                open.append(tag)
                return
            case .slash:
                guard index + 1 < bytes.endIndex else { throw Stop.outOfBytes }
                guard bytes[index + 1] == .greaterThan else { throw fault(.slash(in: text(tag))) }
                index += 2
                return
            default:
                try attribute(of: tag, &names, mustHaveBlank: mustHaveBlank && !hasBlank)
                mustHaveBlank = true
            }
        }
    }

    private mutating func attribute(
        of tag: ArraySlice<UInt8>,
        _ names: inout Set<ArraySlice<UInt8>>,
        mustHaveBlank lacksBlank: Bool
    ) throws(Stop) {
        let start = index
        guard try isNameStart() else { throw fault(try stray(in: tag)) }
        let name = try name()
        if lacksBlank { throw fault(.withoutBlank(text(name), of: text(tag)), at: start) }
        guard names.insert(name).inserted else { throw fault(.twice(text(name), of: text(tag)), at: start) }
        try skipBlanks()
        guard try byte() == .equals else {
            try check()
            throw fault(.withoutValue(text(name), of: text(tag)), at: start)
        }
        index += 1
        try skipBlanks()
        let quote = try byte()
        guard quote == .quote || quote == .apostrophe else {
            try check()
            throw fault(.withoutQuotes(text(name), of: text(tag)))
        }
        index += 1
        try value(of: name, upTo: quote)
    }

    private mutating func value(of name: ArraySlice<UInt8>, upTo quote: UInt8) throws(Stop) {
        while true {
            switch try byte() {
            case quote:
                index += 1
                return
            case .lessThan: throw fault(.lessThan(inValueOf: text(name)))
            case .ampersand: try reference()
            default: try character()
            }
        }
    }

    /// What stands here, where an attribute might begin.
    private func stray(in tag: ArraySlice<UInt8>) throws(Stop) -> XMLFault {
        try check()
        let value = try scalar().value
        return value == UInt32(UInt8.lessThan) ? .tagInTag(text(tag)) : .stray(value, in: text(tag))
    }

    /// Throws if what stands here is no character of XML at all.
    private func check() throws(Stop) {
        let value = try scalar().value
        if !Self.isCharacter(value) { throw fault(.character(value)) }
    }

    mutating func endTag(from start: Int) throws(Stop) {
        index += 1
        guard try isNameStart() else { throw fault(.endTagWithoutName, at: start) }
        let tag = try name()
        guard let last = open.last else { throw fault(.closesNothing(text(tag)), at: start) }
        guard tag == last else { throw fault(.mismatched(text(tag), open: text(last)), at: start) }
        try skipBlanks()
        guard try byte() == .greaterThan else {
            try check()
            let value = try scalar().value
            throw fault(
                value == UInt32(UInt8.lessThan) ? .tagInTag("/" + text(tag)) : .stray(value, inEndTag: text(tag))
            )
        }
        index += 1
        open.removeLast()
    }
}
