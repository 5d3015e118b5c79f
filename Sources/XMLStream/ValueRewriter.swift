/// Where a value stands in a packet: the text of an element or one of its attributes.
public struct ValueSlot: Sendable, Equatable {
    /// The name of the element without its prefix.
    public let element: String
    /// The name of the attribute as it is written, prefix and all; nil for a text.
    public let attribute: String?
    /// How many elements are open around the value, its own included; 1 for the packet's root.
    public let depth: Int
    /// The `var` of the form field (XEP-0004) around it.
    public let field: String?
}

/// Finds the values of a packet, and puts others in their places with every other byte left as it is: quotes, prefixes,
/// order, white space. Namespace declarations are no values.
public enum ValueRewriter {
    /// A value with its references resolved, and the range of its bytes in the packet.
    public struct Value: Sendable, Equatable {
        public let slot: ValueSlot
        /// Which element of the packet it belongs to, counted from 0 in document order.
        public let index: Int
        public let range: Range<Int>
        public let text: String
    }

    /// - Parameter packet: the bytes of one element that the parser accepted, or of a stream header.
    ///   A text in pieces (text between elements) is given piece by piece.
    /// - Parameter includesCharacterData: whether CDATA sections are given too, as pieces of their own: what stands between
    ///   their brackets.
    public static func values(in packet: [UInt8], includesCharacterData: Bool = false) -> [Value] {
        packet.withUnsafeBufferPointer { bytes in
            var finder = ValueFinder(bytes: bytes, includesCharacterData: includesCharacterData)
            finder.run()
            return finder.values
        }
    }

    /// - Parameter change: what is to stand in place of a value; nil leaves it as it is.
    public static func rewrite(_ packet: [UInt8], _ change: (Value) -> String?) -> [UInt8] {
        var output: [UInt8] = []
        var position = 0
        for value in values(in: packet) {
            guard let changed = change(value), changed != value.text else { continue }
            output += packet[position..<value.range.lowerBound]
            output += XMLText.escaped(changed).utf8
            position = value.range.upperBound
        }
        return output + packet[position...]
    }
}

private struct ValueFinder {
    let bytes: UnsafeBufferPointer<UInt8>
    let includesCharacterData: Bool
    var values: [ValueRewriter.Value] = []
    /// The open elements: their names, the form field that each one is, and their place in document order.
    private var open: [(name: String, field: String?, index: Int)] = []
    private var count = 0

    init(bytes: UnsafeBufferPointer<UInt8>, includesCharacterData: Bool) {
        self.bytes = bytes
        self.includesCharacterData = includesCharacterData
    }

    mutating func run() {
        var scanner = TagScanner()
        var start = 0
        var position = 0
        while let token = scanner.next(in: bytes, from: start, position: &position) {
            handle(token, start..<position)
            start = position
        }
    }

    private mutating func handle(_ token: TagScanner.Token, _ range: Range<Int>) {
        switch token {
        case .startTag: tag(range)
        case .emptyTag:
            tag(range)
            _ = open.popLast()
        case .endTag: _ = open.popLast()
        case .text: if !bytes[range].allSatisfy(\.isXMLWhitespace) { add(range, attribute: nil) }
        case .characterData: if includesCharacterData { addCharacterData(range) }
        case .instruction, .comment, .declaration: break
        }
    }

    private mutating func addCharacterData(_ range: Range<Int>) {
        let (opening, closing) = ("<![CDATA[".utf8.count, "]]>".utf8.count)
        guard range.count > opening + closing else { return }
        add((range.lowerBound + opening)..<(range.upperBound - closing), attribute: nil, isWritten: true)
    }

    /// - Parameter isWritten: whether it means what is written there, without references.
    private mutating func add(_ range: Range<Int>, attribute: String?, isWritten: Bool = false) {
        guard let element = open.last else { return }
        let slot = ValueSlot(
            element: element.name,
            attribute: attribute,
            depth: open.count,
            field: open.last { $0.field != nil }?.field
        )
        let text = isWritten ? string(range) : XMLText.resolved(string(range))
        values.append(ValueRewriter.Value(slot: slot, index: element.index, range: range, text: text))
    }

    private mutating func tag(_ range: Range<Int>) {
        let name = bytes[(range.lowerBound + 1)..<range.upperBound].prefix {
            !$0.isXMLWhitespace && $0 != .greaterThan && $0 != .slash
        }
        let qualified = String(decoding: name, as: UTF8.self)
        open.append(
            (qualified.lastIndex(of: ":").map { String(qualified[$0...].dropFirst()) } ?? qualified, nil, count)
        )
        count += 1
        var rest = name.endIndex..<range.upperBound
        while let found = nextAttribute(in: rest) {
            attribute(found.name, found.value)
            rest = (found.value.upperBound + 1)..<range.upperBound
        }
    }

    private mutating func attribute(_ name: String, _ value: Range<Int>) {
        guard name != "xmlns", !name.hasPrefix("xmlns:") else { return }
        if name == "var", open.last?.name == "field" {
            open[open.count - 1].field = XMLText.resolved(string(value))
        }
        add(value, attribute: name)
    }

    private func nextAttribute(in range: Range<Int>) -> (name: String, value: Range<Int>)? {
        guard let equals = bytes[range].firstIndex(of: UInt8(ascii: "=")),
            let quote = bytes[equals..<range.upperBound].firstIndex(where: { $0 == .quote || $0 == .apostrophe }),
            let end = bytes[(quote + 1)..<range.upperBound].firstIndex(of: bytes[quote])
        else { return nil }
        let name =
            bytes[range.lowerBound..<equals].split(whereSeparator: \.isXMLWhitespace).last ?? bytes[equals..<equals]
        return (String(decoding: name, as: UTF8.self), (quote + 1)..<end)
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
