/// The directives of a message of DIGEST-MD5: `name=value` or `name="value"`, with commas between them (RFC 2831 section 2).
public struct DigestDirectives: Sendable, Equatable {
    public struct Directive: Sendable, Equatable {
        /// In small letters.
        public let name: String
        /// Without quotes and backslashes.
        public let value: String
        /// Where the value stands in the message, as it is written, between its quotes if it has some.
        public let range: Range<Int>
    }

    /// In the order in which they stand.
    public let directives: [Directive]

    /// Nil if a part is no directive, if a quote is not closed, or if another name than `realm` stands twice. Read leniently,
    /// what cannot be understood is passed over.
    public init?(_ message: [UInt8], _ reading: SASLReading) {
        var scanner = DigestScanner(message)
        var directives: [Directive] = []
        while let next = scanner.next() {
            switch next {
            case .directive(let directive): directives.append(directive)
            case .unclosed(let directive):
                if reading == .strict { return nil }
                directives.append(directive)
            case .broken: if reading == .strict { return nil }
            }
        }
        let single = directives.map(\.name).filter { $0 != "realm" }
        if reading == .strict, Set(single).count < single.count { return nil }
        self.directives = directives
    }

    /// The first value of that name.
    public subscript(name: String) -> String? { directives.first { $0.name == name }?.value }

    /// All values of that name: a challenge may offer several realms.
    public func all(_ name: String) -> [String] { directives.filter { $0.name == name }.map(\.value) }

    /// A value as it is written in quotes.
    public static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}

/// Cuts a message of DIGEST-MD5 at its commas, except those in quotes.
private struct DigestScanner {
    enum Part {
        case directive(DigestDirectives.Directive)
        /// The quote at the end of its value is missing.
        case unclosed(DigestDirectives.Directive)
        case broken
    }

    private let message: [UInt8]
    private var position = 0

    init(_ message: [UInt8]) { self.message = message }

    /// The next part; nil at the end. Empty parts may stand anywhere.
    mutating func next() -> Part? {
        skip { $0 == UInt8(ascii: ",") || $0.isBlank }
        guard position < message.count else { return nil }
        let start = position
        skip { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ",") }
        let name = message[start..<position]
        guard position < message.count, message[position] == UInt8(ascii: "=") else { return .broken }
        position += 1
        skip(while: \.isBlank)
        guard position < message.count, message[position] == UInt8(ascii: "\"") else { return token(name) }
        return quotation(name)
    }

    private mutating func skip(while condition: (UInt8) -> Bool) {
        while position < message.count, condition(message[position]) { position += 1 }
    }

    /// Nil if it has no name.
    private func directive(_ name: ArraySlice<UInt8>, _ value: some Collection<UInt8>, _ range: Range<Int>)
        -> DigestDirectives.Directive?
    {
        guard let end = name.lastIndex(where: { !$0.isBlank }) else { return nil }
        let name = String(decoding: name[...end], as: UTF8.self).lowercased()
        return DigestDirectives.Directive(name: name, value: String(decoding: value, as: UTF8.self), range: range)
    }

    private mutating func token(_ name: ArraySlice<UInt8>) -> Part {
        let start = position
        skip { $0 != UInt8(ascii: ",") }
        let end = message[start..<position].lastIndex { !$0.isBlank }.map { $0 + 1 } ?? start
        return directive(name, message[start..<end], start..<end).map(Part.directive) ?? .broken
    }

    private mutating func quotation(_ name: ArraySlice<UInt8>) -> Part {
        position += 1
        let start = position
        var value: [UInt8] = []
        while position < message.count, message[position] != UInt8(ascii: "\"") {
            if message[position] == UInt8(ascii: "\\"), position + 1 < message.count { position += 1 }
            value.append(message[position])
            position += 1
        }
        guard let directive = directive(name, value, start..<position) else { return .broken }
        guard position < message.count else { return .unclosed(directive) }
        position += 1
        return .directive(directive)
    }
}
