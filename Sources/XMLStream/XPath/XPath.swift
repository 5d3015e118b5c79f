import CLibXML2

/// An XPath 1.0 expression over packets, evaluated by libxml2. The root of the document is the packet.
///
/// A name without a prefix stands for that name in any namespace, so that users can write `//query/instructions` or `//@ver`.
public struct XPath: Sendable, Equatable {
    /// What a prefix stands for: namespaces, none of which holds a quotation mark.
    ///
    /// The second argument is where the prefix stands in the expression, for the error that it may throw.
    public typealias Namespaces = @Sendable (String, Int) throws(XPathError) -> [String]

    public let text: String
    /// True if it selects parts of a packet; false if it comes to a truth, a number or a text.
    public let givesNodes: Bool
    /// As libxml2 gets it.
    let written: String

    /// - Parameter namespaces: what prefixes stand for.
    /// - Throws: `XPathError` if it is no XPath expression.
    public init(_ text: String, namespaces: @escaping Namespaces = Self.noPrefixes) throws(XPathError) {
        var syntax = XPathSyntax(text, namespaces)
        try syntax.translate()
        self.text = text
        written = syntax.written
        guard let context = XPathContext() else { throw XPathError(nil, "it cannot be read") }
        guard context.compiles(written) else {
            let place = context.errorPosition.map { syntax.position(ofWritten: $0) }
            throw XPathError(place, "it is no XPath expression from here on")
        }
        // What it gives of one packet is of the same kind as what it gives of any other.
        guard let givesNodes = XPathTree(Element(name: "iq", namespace: "")).givesNodes(written, context) else {
            throw XPathError(
                nil,
                "a function in it gets something else than it takes, such as a text for a set of nodes"
            )
        }
        self.givesNodes = givesNodes
    }

    /// For expressions in which names have no prefixes.
    public static let noPrefixes: Namespaces = { (_, position) throws(XPathError) in
        throw XPathError(position, "names have no prefixes here")
    }

    /// The packet without the elements, attributes and texts that the expression selects; nil if it selects the packet itself.
    ///
    /// An expression that takes more work than an `XPathEvaluator` does selects nothing.
    public func removingMatches(from packet: Element) -> Element? {
        guard givesNodes, let context = XPathContext() else { return packet }
        let selected = XPathTree(packet).select(written, context)
        if selected.isEmpty { return packet }
        var next = 0
        return Self.copy(packet, without: selected, &next)
    }

    /// Counts nodes in the order in which `XPathTree` numbers them.
    private static func copy(_ element: Element, without selected: Set<Int>, _ next: inout Int) -> Element? {
        let isSelected = selected.contains(next)
        next += 1
        let attributes = element.attributes.filter { _ in
            defer { next += 1 }
            return !selected.contains(next)
        }
        let nodes: [Node] = element.nodes.compactMap { node in
            switch node {
            case .text:
                defer { next += 1 }
                return selected.contains(next) ? nil : node
            case .element(let child):
                return Self.copy(child, without: selected, &next).map(Node.element)
            }
        }
        if isSelected { return nil }
        return Element(
            name: element.name,
            namespace: element.namespace,
            attributes: attributes,
            declarations: element.declarations,
            nodes: nodes
        )
    }
}

/// Why a text is no XPath expression over a packet.
public struct XPathError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where, in characters from 0; nil for all of it.
    public let position: Int?
    /// A clause without a full stop.
    public let reason: String

    public init(_ position: Int?, _ reason: String) {
        self.position = position
        self.reason = reason
    }

    public var description: String { (position.map { "character \($0 + 1): " } ?? "") + reason }
}
