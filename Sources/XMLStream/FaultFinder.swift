/// Finds the first place at which bytes cannot be XML, and what is wrong there (XML 1.0, fifth edition).
///
/// libxml2 knows that something is wrong, but often only later, or waits for what never comes: an `&` without a `;` stops it
/// in silence. So it decides whether bytes are well-formed, and this is asked where and why, once that is known. It looks at
/// each byte from the packet's beginning on, so its answer does not depend on how the bytes were cut.
struct FaultFinder {
    struct Found: Equatable {
        let fault: XMLFault
        /// Of the byte at fault, or of the first one of what is.
        let index: Int
    }

    enum Stop: Error {
        case fault(Found)
        /// Nothing is wrong as far as the bytes go.
        case outOfBytes
    }

    let bytes: ArraySlice<UInt8>
    var index: Int
    /// The names of the elements that are open; the stream's root is the first.
    var open: [ArraySlice<UInt8>]

    /// - Parameters:
    ///   - bytes: a packet from its beginning on, or a stream header with what stands before it.
    ///   - root: the name of the stream's root; nil for the header itself.
    /// - Returns: nil if the bytes can be, or become, well-formed XML.
    static func find(in bytes: ArraySlice<UInt8>, root: [UInt8]?) -> Found? {
        var finder = FaultFinder(bytes: bytes, index: bytes.startIndex, open: root.map { [$0[...]] } ?? [])
        do {
            while true { try finder.next(isHeader: root == nil) }
        } catch {
            if case .fault(let found) = error { return found }
            return nil
        }
    }

    private mutating func next(isHeader: Bool) throws(Stop) {
        switch try byte() {
        case .lessThan: try markup(isHeader: isHeader)
        case .ampersand where !isHeader: try reference()
        case .closeBracket where bytes[index...].starts(with: "]]>".utf8) && !isHeader:
            throw fault(.endOfCharacterData)
        // What stands before a header is judged by the parser.
        default: if isHeader { index += 1 } else { try character() }
        }
    }

    private mutating func markup(isHeader: Bool) throws(Stop) {
        let start = index
        index += 1
        switch try byte() {
        case .exclamation: try declaration(from: start)
        case .question: try instruction(from: start, isFirst: isHeader && open.isEmpty)
        case .slash: try endTag(from: start)
        default: try startTag(from: start)
        }
    }

    // MARK: References

    mutating func reference() throws(Stop) {
        let start = index
        index += 1
        if try byte() == .hash { return try characterReference(from: start) }
        guard try isNameStart() else { throw fault(.ampersand, at: start) }
        let name = try name()
        let isPredefined = ["amp", "lt", "gt", "apos", "quot"].contains { name.elementsEqual($0.utf8) }
        guard try byte() == .semicolon else {
            throw fault(isPredefined ? .missingSemicolon(text(name)) : .ampersand, at: start)
        }
        guard isPredefined else { throw fault(.unknownEntity, at: start) }
        index += 1
    }

    private mutating func characterReference(from start: Int) throws(Stop) {
        index += 1
        let isHexadecimal = try byte() == UInt8(ascii: "x")
        if isHexadecimal { index += 1 }
        let radix: UInt32 = isHexadecimal ? 16 : 10
        var (value, digits): (UInt32, Int) = (0, 0)
        while try byte() != .semicolon {
            guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue, digit < Int(radix) else {
                throw fault(.brokenReference, at: start)
            }
            value = min(value * radix + UInt32(digit), 0x11_0000)
            digits += 1
            index += 1
        }
        guard digits > 0 else { throw fault(.brokenReference, at: start) }
        guard Self.isCharacter(value) else { throw fault(.reference(to: value < 0x11_0000 ? value : nil), at: start) }
        index += 1
    }

    // MARK: Steps

    /// The byte at the present place.
    func byte() throws(Stop) -> UInt8 {
        guard index < bytes.endIndex else { throw Stop.outOfBytes }
        return bytes[index]
    }

    func fault(_ fault: XMLFault, at place: Int? = nil) -> Stop {
        .fault(Found(fault: fault, index: place ?? index))
    }

    /// True if there were some.
    @discardableResult
    mutating func skipBlanks() throws(Stop) -> Bool {
        let start = index
        while try byte().isXMLWhitespace { index += 1 }
        return index > start
    }

    /// The name that begins here; empty if none does.
    mutating func name() throws(Stop) -> ArraySlice<UInt8> {
        let start = index
        while true {
            let (value, length) = try scalar()
            guard index == start ? Self.isNameStart(value) : Self.isNameCharacter(value) else { break }
            index += length
        }
        return bytes[start..<index]
    }

    func isNameStart() throws(Stop) -> Bool { Self.isNameStart(try scalar().value) }

    func text(_ name: ArraySlice<UInt8>) -> String { String(decoding: name, as: UTF8.self) }
}

extension UInt8 {
    static let ampersand = UInt8(ascii: "&")
    static let hash = UInt8(ascii: "#")
    static let semicolon = UInt8(ascii: ";")
    static let equals = UInt8(ascii: "=")
}
