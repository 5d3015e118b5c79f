import Glibc

/// Finds where tags begin and end, byte by byte, before libxml2 sees them.
///
/// It judges nothing: well-formedness is libxml2's business. It is here because limits must bite before libxml2's cliffs
/// and because it names the exact end of each packet.
struct TagScanner {
    enum Token: Equatable {
        case text
        case startTag
        case endTag
        case emptyTag
        /// `<? … ?>`, the XML declaration among them.
        case instruction
        case characterData
        /// `<!-- … -->`.
        case comment
        /// `<!` and anything else, such as a document type declaration. Told at once.
        case declaration
    }

    private enum State: Equatable {
        case content
        case opened
        case bang
        /// Behind `<!-`.
        case hyphen
        case comment(hyphens: Int)
        case characterData(brackets: Int)
        case instruction(afterQuestionMark: Bool)
        case startTag(afterSlash: Bool)
        case endTag
        case quoted(UInt8)
    }

    private var state = State.content

    /// True between tags, false inside of one.
    var isInContent: Bool { state == .content }

    /// Moves `position` to the end of the token that begins at `start`; nil when the bytes end before the token does.
    ///
    /// Called again with more bytes behind the same ones, it goes on where it stopped.
    mutating func next(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, position: inout Int) -> Token? {
        while position < bytes.count {
            switch state {
            case .content:
                position = bytes.firstIndex(of: .lessThan, from: position)
                if position > start { return position < bytes.count ? .text : nil }
                position += 1
                state = .opened
            case .opened:
                opened(by: bytes[position])
                if state == .bang || state == .endTag || state == .instruction(afterQuestionMark: false) {
                    position += 1
                }
            case .bang:
                state = .content
                switch bytes[position] {
                case .openBracket: state = .characterData(brackets: 0)
                case .hyphen: state = .hyphen
                default: return .declaration
                }
                position += 1
            case .hyphen:
                guard bytes[position] == .hyphen else { return done(.declaration) }
                state = .comment(hyphens: 0)
                position += 1
            case .comment, .characterData, .instruction, .startTag, .endTag, .quoted:
                if let token = inside(bytes, &position) { return token }
            }
        }
        return nil
    }

    private mutating func opened(by byte: UInt8) {
        switch byte {
        case .exclamation: state = .bang
        case .question: state = .instruction(afterQuestionMark: false)
        case .slash: state = .endTag
        default: state = .startTag(afterSlash: false)
        }
    }

    /// One step inside of something that began with `<`.
    private mutating func inside(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Token? {
        let byte = bytes[position]
        switch state {
        case .content, .opened, .bang, .hyphen:
            return nil
        case .startTag(let afterSlash):
            return startTag(afterSlash, bytes, &position)
        case .endTag:
            position = bytes.firstIndex(of: .greaterThan, from: position) + 1
            return position <= bytes.count ? done(.endTag) : unfinished(bytes, &position)
        case .quoted(let quote):
            position = bytes.firstIndex(of: quote, from: position) + 1
            if position > bytes.count { return unfinished(bytes, &position) }
            state = .startTag(afterSlash: false)
        case .instruction(let afterQuestionMark):
            position += 1
            if afterQuestionMark && byte == .greaterThan { return done(.instruction) }
            state = .instruction(afterQuestionMark: byte == .question)
        case .comment(let hyphens):
            position += 1
            if hyphens >= 2 && byte == .greaterThan { return done(.comment) }
            state = .comment(hyphens: byte == .hyphen ? hyphens + 1 : 0)
        case .characterData(let brackets):
            position += 1
            if brackets >= 2 && byte == .greaterThan { return done(.characterData) }
            state = .characterData(brackets: byte == .closeBracket ? brackets + 1 : 0)
        }
        return nil
    }

    private mutating func startTag(
        _ slashBefore: Bool,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ position: inout Int
    ) -> Token? {
        var afterSlash = slashBefore
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case .greaterThan: return done(afterSlash ? .emptyTag : .startTag)
            case .quote, .apostrophe:
                state = .quoted(byte)
                return nil
            default: afterSlash = byte == .slash
            }
        }
        state = .startTag(afterSlash: afterSlash)
        return nil
    }

    private mutating func done(_ token: Token) -> Token {
        state = .content
        return token
    }

    private func unfinished(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Token? {
        position = bytes.count
        return nil
    }
}

extension TagScanner.Token {
    /// How much deeper the elements are behind it.
    var depthChange: Int {
        switch self {
        case .startTag: 1
        case .endTag: -1
        case .text, .emptyTag, .instruction, .characterData, .comment, .declaration: 0
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The first position of `byte`, or the end.
    func firstIndex(of byte: UInt8, from start: Int) -> Int {
        guard start < count, let base = baseAddress, let found = memchr(base + start, Int32(byte), count - start) else {
            return count
        }
        return base.distance(to: found.assumingMemoryBound(to: UInt8.self))
    }
}

extension UInt8 {
    static let lessThan = UInt8(ascii: "<")
    static let greaterThan = UInt8(ascii: ">")
    static let slash = UInt8(ascii: "/")
    static let exclamation = UInt8(ascii: "!")
    static let question = UInt8(ascii: "?")
    static let hyphen = UInt8(ascii: "-")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let quote = UInt8(ascii: "\"")
    static let apostrophe = UInt8(ascii: "'")
    static let colon = UInt8(ascii: ":")

    /// XML's white space: space, tab, carriage return, line feed.
    public var isXMLWhitespace: Bool { self == 0x20 || self == 0x0A || self == 0x09 || self == 0x0D }
}
