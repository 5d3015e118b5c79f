import CLibXML2

/// An XPath 1.0 expression over packets, evaluated by libxml2.
///
/// Names in it have no namespaces, so that users can write `//query/instructions` or `//@ver`: the elements of a packet are
/// shown to it without theirs. The root of the document is the packet.
public struct XPath: Sendable, Equatable {
    public let text: String

    /// - Throws: `XPathError` if it is no XPath expression.
    public init(_ text: String) throws(XPathError) {
        self.text = text
        let context = xmlXPathNewContext(nil)
        defer { xmlXPathFreeContext(context) }
        // Without a handler of ours, libxml2 writes to standard error.
        context?.pointee.error = { _, _ in }
        guard let compiled = text.withCString({ xmlXPathCtxtCompile(context, $0.asXMLChars) }) else {
            throw XPathError(
                description: "\"\(text)\" is no XPath expression; examples: //instructions, //@ver, /iq/query/x"
            )
        }
        xmlXPathFreeCompExpr(compiled)
    }

    /// The packet without the elements, attributes and texts that the expression selects; nil if it selects the packet itself.
    public func removingMatches(from packet: Element) -> Element? {
        let document = XPathDocument(packet)
        let selected = document.select(text)
        if selected.isEmpty { return packet }
        var next = 0
        return Self.copy(packet, without: selected, &next)
    }

    /// Counts nodes in the order in which `XPathDocument` numbers them.
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

/// Why a text is no XPath expression.
public struct XPathError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
}

/// A packet as a tree of libxml2's, each node with its number.
private final class XPathDocument {
    private let document: xmlDocPtr?
    private var count = 0

    init(_ packet: Element) {
        document = xmlNewDoc(nil)
        let root = node(of: packet)
        xmlDocSetRootElement(document, root)
    }

    deinit { xmlFreeDoc(document) }

    /// The numbers of the nodes that an expression selects; none if it selects something else, such as a number.
    func select(_ expression: String) -> Set<Int> {
        guard let context = xmlXPathNewContext(document) else { return [] }
        defer { xmlXPathFreeContext(context) }
        context.pointee.error = { _, _ in }
        guard let result = expression.withCString({ xmlXPathEvalExpression($0.asXMLChars, context) }) else { return [] }
        defer { xmlXPathFreeObject(result) }
        guard let nodes = result.pointee.nodesetval, let table = nodes.pointee.nodeTab else { return [] }
        return Set((0..<Int(nodes.pointee.nodeNr)).compactMap { table[$0].flatMap(number) })
    }

    private func number(_ node: xmlNodePtr) -> Int? {
        // Attributes and elements begin with the same fields in libxml2.
        node.pointee._private.map { Int(bitPattern: $0) - 1 }
    }

    private var nextMark: UnsafeMutableRawPointer? {
        count += 1
        return UnsafeMutableRawPointer(bitPattern: count)
    }

    private func node(of element: Element) -> xmlNodePtr? {
        guard let node = element.name.withCString({ xmlNewDocNode(document, nil, $0.asXMLChars, nil) }) else {
            return nil
        }
        node.pointee._private = nextMark
        for attribute in element.attributes {
            let made = attribute.name.withCString { name in
                attribute.value.withCString { xmlNewProp(node, name.asXMLChars, $0.asXMLChars) }
            }
            made?.pointee._private = nextMark
        }
        for child in element.nodes {
            switch child {
            case .text(let text):
                let made = text.withCString { xmlNewDocText(document, $0.asXMLChars) }
                made?.pointee._private = nextMark
                // libxml2 would join neighbouring texts; ours never are neighbours.
                xmlAddChild(node, made)
            case .element(let child):
                xmlAddChild(node, self.node(of: child))
            }
        }
        return node
    }
}

extension UnsafePointer<CChar> {
    fileprivate var asXMLChars: UnsafePointer<xmlChar> {
        UnsafeRawPointer(self).assumingMemoryBound(to: xmlChar.self)
    }
}
