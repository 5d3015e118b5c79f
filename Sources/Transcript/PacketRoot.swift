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
        /// The namespace of that child; nil if there is none, and of an error.
        public let contentNamespace: String?

        public init(_ element: Element) {
            name = element.name
            namespace = element.namespace
            type = element["type"]
            id = element["id"]
            from = element["from"]
            to = element["to"]
            content = type == "error" ? Self.content(ofError: element) : element.firstChild?.name
            contentNamespace = type == "error" ? nil : element.firstChild?.namespace
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
    /// True for an iq that must be answered (RFC 6120 section 8.2.3).
    public var isRequest: Bool { name == "iq" && (type == "get" || type == "set") }

    /// True for a stanza, a stream's end or an answer that tells of an error: of stanzas (RFC 6120 section 8.3), streams (4.9),
    /// SASL (6.4.5), STARTTLS (5.4.2.2), XEP-0138, XEP-0198 and XEP-0388.
    public var isError: Bool {
        switch namespace {
        case NS.client, NS.server, NS.component: type == "error"
        case NS.streams: name == "error"
        default: name == "failure" || name == "failed"
        }
    }

    /// Reads a packet's bytes, those of half a packet too as far as its first tags are there. Nil if they are no element.
    public init?(xml: [UInt8]) {
        guard let element = Self.element(in: xml) ?? Self.element(in: Self.firstTags(of: xml)) else { return nil }
        self.init(element)
    }

    /// What stands in the middle of a stream, taken apart; prefixes may come from a header that is not here. Nil if the bytes are
    /// no whole element and no stream header.
    public static func element(in bytes: [UInt8]) -> Element? {
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
