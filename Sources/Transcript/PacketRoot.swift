import XMLStream
import XMPP

extension PacketRecord {
    /// What a packet's outermost element says of itself.
    public struct Root: Sendable, Equatable {
        public let name: String
        public let namespace: String
        public let type: String?
        public let id: String?
        public let from: String?
        public let to: String?
        /// What it holds, by the local name of its first child; of an answer that is an error, the error's condition.
        public let content: String?

        public init(_ element: Element) {
            name = element.name
            namespace = element.namespace
            type = element["type"]
            id = element["id"]
            from = element["from"]
            to = element["to"]
            content = type == "error" ? Self.content(ofError: element) : element.firstChild?.name
        }

        private static func content(ofError element: Element) -> String? {
            let condition = element.child("error")?.children.first {
                $0.namespace == NS.stanzaErrors && $0.name != "text"
            }
            return condition?.name ?? element.children.first { $0.name != "error" }?.name
        }
    }
}

extension PacketRecord.Root {
    /// Reads a packet's bytes, those of half a packet too as far as its first tags are there. Nil if they are no element.
    public init?(xml: [UInt8]) {
        guard let element = Self.element(in: xml) ?? Self.element(in: Self.firstTags(of: xml)) else { return nil }
        self.init(element)
    }

    /// What stands in the middle of a stream; prefixes may come from a header that is not here.
    private static func element(in bytes: [UInt8]) -> Element? {
        let parser = StreamParser()
        parser.append(Array("<s xmlns='\(NS.client)' xmlns:stream='\(NS.streams)'>".utf8))
        _ = parser.next()
        parser.append(bytes)
        switch parser.next()?.kind {
        case .header(let element)?, .element(let element)?: return element
        case .whitespace?, .strayText?, .end?, .oversized?, .failure?, nil: return nil
        }
    }

    /// The outermost element with the start of its first child, both closed.
    private static func firstTags(of bytes: [UInt8]) -> [UInt8] {
        var tokens = XMLTokens()
        bytes.withUnsafeBufferPointer { tokens.tokenize($0) }
        let tags = tokens.tokens.filter { $0.kind == .startTag || $0.kind == .emptyTag }.prefix(2)
        let ends = tags.filter { $0.kind == .startTag }.reversed().compactMap { TagParts(bytes[$0.range])?.name }
        return tags.flatMap { bytes[$0.range] } + ends.flatMap { Array("</".utf8) + $0 + Array(">".utf8) }
    }
}
