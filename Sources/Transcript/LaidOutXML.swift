/// Gathers the lines of a laid-out packet until its XML is complete, and undoes the layout.
struct LaidOutXML {
    private(set) var bytes: [UInt8] = []
    private var depth = 0
    private var quote: UInt8?
    private var isInTag = false
    private var tagStart = 0
    private var isInCharacterData = false
    private(set) var isComplete = false

    /// Adds a line without its indentation; true if the packet is complete with it.
    mutating func add(_ line: String) -> Bool {
        let text = line.trimmed
        if let last = bytes.last, isInTag || last != UInt8(ascii: ">") || !text.hasPrefix("<") {
            // Between tags a line break is layout; inside a tag or a text it stands for a blank.
            bytes.append(UInt8(ascii: " "))
        }
        for byte in text.utf8 { add(byte) }
        return isComplete
    }

    private mutating func add(_ byte: UInt8) {
        bytes.append(byte)
        if isInCharacterData {
            if bytes.hasSuffix("]]>") { isInCharacterData = false }
        } else if isInTag {
            addInTag(byte)
        } else if byte == UInt8(ascii: "<") {
            isInTag = true
            tagStart = bytes.count - 1
        }
    }

    private mutating func addInTag(_ byte: UInt8) {
        if let open = quote {
            if byte == open { quote = nil }
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            quote = byte
        } else if byte == UInt8(ascii: "["), bytes.count - tagStart == 9, bytes.hasSuffix("<![CDATA[") {
            isInTag = false
            isInCharacterData = true
        } else if byte == UInt8(ascii: ">") {
            isInTag = false
            closeTag()
        }
    }

    private mutating func closeTag() {
        let tag = bytes[tagStart...]
        let second = tag.dropFirst().first
        if second == UInt8(ascii: "?") || second == UInt8(ascii: "!") { return }
        if second == UInt8(ascii: "/") {
            depth -= 1
        } else if tag.dropLast().last != UInt8(ascii: "/") {
            depth += 1
        }
        isComplete = depth <= 0 || isStreamHeader(tag)
    }

    private func isStreamHeader(_ tag: ArraySlice<UInt8>) -> Bool {
        let name = tag.dropFirst().prefix { !isBlank($0) && $0 != UInt8(ascii: ">") }
        let text = String(decoding: name, as: UTF8.self).lowercased()
        return depth == 1 && (text == "stream" || text.hasSuffix(":stream"))
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
