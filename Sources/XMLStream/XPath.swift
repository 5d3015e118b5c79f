import CLibXML2

/// An XPath 1.0 expression over packets, evaluated by libxml2.
///
/// Names in it have no namespaces, so that users can write `//query/instructions` or `//@ver`: the elements of a packet are
/// shown to it without theirs. The root of the document is the packet.
public struct XPath: Sendable, Equatable {
    public let text: String

    /// Steps of libxml2 for one packet, some tens of milliseconds; an expression that takes more selects nothing.
    static let operationLimit: UInt = 500_000

    /// - Throws: `XPathError` if it is no XPath expression, or none that selects parts of a packet.
    public init(_ text: String) throws(XPathError) {
        self.text = text
        try XPathSyntax(text).check()
        guard let context = XPathContext(document: nil) else { throw XPathError(text, nil, "it cannot be read") }
        guard context.compiles(text) else {
            throw XPathError(text, context.errorPosition, "it is no XPath expression from here on")
        }
        // What it gives of one packet is of the same kind as what it gives of any other.
        guard XPathDocument(Element(name: "iq", namespace: "")).givesNodes(text) else {
            throw XPathError(text, nil, "it selects no part of a packet, but is a number, a text or a truth")
        }
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

/// Why a text is no XPath expression over a packet.
public struct XPathError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    /// - Parameter position: where, in characters from 0; nil for all of it.
    init(_ text: String, _ position: Int?, _ reason: String) {
        let place = position.map { ", character \($0 + 1)" } ?? ""
        let shown = text.count > 80 ? text.prefix(80) + "…" : text[...]
        description = "\"\(shown)\"\(place): \(reason); examples: //instructions, //@ver, /iq/query/x"
    }
}

/// A context of libxml2's in which expressions are read and evaluated, silently and not for ever.
private final class XPathContext {
    let pointer: xmlXPathContextPtr

    init?(document: xmlDocPtr?) {
        stanzatap_silence_libxml2()
        guard let pointer = xmlXPathNewContext(document) else { return nil }
        self.pointer = pointer
        pointer.pointee.error = { _, _ in }
        pointer.pointee.opLimit = XPath.operationLimit
    }

    deinit { xmlXPathFreeContext(pointer) }

    func compiles(_ expression: String) -> Bool {
        guard let compiled = expression.withCString({ xmlXPathCtxtCompile(pointer, $0.asXMLChars) }) else {
            return false
        }
        xmlXPathFreeCompExpr(compiled)
        return true
    }

    /// Where the last expression could not be read, as far as libxml2 tells.
    var errorPosition: Int? {
        let position = Int(pointer.pointee.lastError.int1)
        return position > 0 ? position : nil
    }
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
        guard let result = evaluate(expression) else { return [] }
        defer { xmlXPathFreeObject(result) }
        guard let nodes = result.pointee.nodesetval, let table = nodes.pointee.nodeTab else { return [] }
        return Set((0..<Int(nodes.pointee.nodeNr)).compactMap { table[$0].flatMap(number) })
    }

    /// True if what the expression gives are nodes, be it none.
    func givesNodes(_ expression: String) -> Bool {
        guard let result = evaluate(expression) else { return false }
        defer { xmlXPathFreeObject(result) }
        return result.pointee.type == XPATH_NODESET
    }

    private func evaluate(_ expression: String) -> xmlXPathObjectPtr? {
        guard let context = XPathContext(document: document) else { return nil }
        return expression.withCString { xmlXPathEvalExpression($0.asXMLChars, context.pointer) }
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
