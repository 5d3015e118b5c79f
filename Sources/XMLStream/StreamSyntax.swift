/// How a stream's header names things. What is said in the stream must fit it: end tags bear the header's own name, and
/// prefixes mean what the header declares (RFC 6120 section 4.8).
public struct StreamSyntax: Sendable, Equatable {
    /// The name in the header as it is written there, such as `stream:stream`.
    public let name: String
    /// The namespaces that the header declares, by prefix; the default one by the empty prefix.
    private let namespaces: [String: String]

    /// - Parameter header: the bytes of a stream header; nil if they are none.
    public init?(header: [UInt8]) {
        let parser = StreamParser()
        parser.append(header)
        guard let event = parser.next(), case .header(let element) = event.kind,
            let start = StreamParser.elementRanges(in: event.bytes).first
        else { return nil }
        name = Self.writtenName(event.bytes[start])
        namespaces = Dictionary(element.declarations.map { ($0.prefix, $0.uri) }) { first, _ in first }
    }

    /// Reads a packet as in the usual stream of a client: with its default namespace, and `stream` for that of streams. Nil
    /// if it is not exactly one element.
    public static func parsed(_ packet: String) -> Element? {
        let parser = StreamParser()
        parser.append(
            Array("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>".utf8)
        )
        _ = parser.next()
        return parser.parse(apart: Array(packet.utf8))
    }

    /// The end tag of the stream.
    public var end: [UInt8] { Array("</\(name)>".utf8) }

    /// The end tag of another stream as it is to be in this one: the same, unless its name is another.
    public func end(insteadOf written: [UInt8]) -> [UInt8] {
        let name = written.dropFirst(2).prefix { !$0.isXMLWhitespace && $0 != .greaterThan }
        return name.elementsEqual(self.name.utf8) ? written : end
    }

    /// A packet of another stream as it is to be in this one: with declarations for what this stream's header declares not
    /// at all, or otherwise.
    ///
    /// - Parameter element: the packet as it was read in its own stream.
    public func fitting(_ packet: [UInt8], _ element: Element) -> [UInt8] {
        let lacking = Self.borrowed(packet, element).filter { namespaces[$0.key, default: ""] != $0.value }
        guard !lacking.isEmpty, let start = StreamParser.elementRanges(in: packet).first else { return packet }
        let place = start.lowerBound + 1 + Self.writtenName(packet[start]).utf8.count
        let declarations = lacking.sorted { $0.key < $1.key }.map { prefix, uri in
            " xmlns\(prefix.isEmpty ? "" : ":" + prefix)='\(XMLText.escaped(uri))'"
        }
        return packet[..<place] + Array(declarations.joined().utf8) + packet[place...]
    }

    /// The prefixes that a packet does not declare itself, and what they mean.
    private static func borrowed(_ packet: [UInt8], _ root: Element) -> [String: String] {
        let elements = scopes(of: root, [])
        var borrowed: [String: String] = [:]
        for (range, scope) in zip(StreamParser.elementRanges(in: packet), elements) {
            let prefix = prefix(writtenName(packet[range]))
            // A prefix that nobody declares means nothing there, nor does it here.
            let isUnknown = !prefix.isEmpty && scope.element.namespace.isEmpty
            if !scope.declared.contains(prefix), !isUnknown { borrowed[prefix] = scope.element.namespace }
        }
        for value in ValueRewriter.values(in: packet) where elements.indices.contains(value.index) {
            guard let written = value.slot.attribute, written.utf8.contains(.colon) else { continue }
            let (prefix, scope) = (prefix(written), elements[value.index])
            let name = written.dropFirst(prefix.count + 1)
            guard !scope.declared.contains(prefix), prefix != "xml",
                let attribute = scope.element.attributes.first(where: { $0.name == name && !$0.namespace.isEmpty })
            else { continue }
            borrowed[prefix] = attribute.namespace
        }
        return borrowed
    }

    /// Each element in document order, with the prefixes that are declared inside the packet where it stands.
    private static func scopes(of element: Element, _ around: Set<String>) -> [(
        element: Element, declared: Set<String>
    )] {
        let declared = around.union(element.declarations.map(\.prefix))
        return [(element, declared)] + element.children.flatMap { scopes(of: $0, declared) }
    }

    /// The name in a tag as it is written.
    private static func writtenName(_ tag: ArraySlice<UInt8>) -> String {
        let name = tag.dropFirst().prefix { !$0.isXMLWhitespace && $0 != .slash && $0 != .greaterThan }
        return String(decoding: name, as: UTF8.self)
    }

    /// Empty if there is none.
    private static func prefix(_ name: String) -> String {
        name.firstIndex(of: ":").map { String(name[..<$0]) } ?? ""
    }
}
