import CLibXML2

/// A packet as a tree of libxml2's, each node with its number.
final class XPathTree {
    let document: xmlDocPtr?
    private var count = 0
    /// Those of the packet, without prefixes; they belong to the root.
    private var namespaces: [String: xmlNsPtr] = [:]

    init(_ packet: Element) {
        document = xmlNewDoc(nil)
        guard let root = node(of: packet) else { return }
        xmlDocSetRootElement(document, root)
        for namespace in namespaces.values {
            namespace.pointee.next = root.pointee.nsDef
            root.pointee.nsDef = namespace
        }
    }

    deinit { xmlFreeDoc(document) }

    /// The numbers of the nodes that an expression selects; none if it selects something else, such as a number.
    func select(_ expression: String, _ context: XPathContext) -> Set<Int> {
        guard let result = evaluate(expression, context) else { return [] }
        defer { xmlXPathFreeObject(result) }
        guard let nodes = result.pointee.nodesetval, let table = nodes.pointee.nodeTab else { return [] }
        return Set((0..<Int(nodes.pointee.nodeNr)).compactMap { table[$0].flatMap(number) })
    }

    /// True if what the expression gives are nodes, be it none; nil if it cannot be evaluated.
    func givesNodes(_ expression: String, _ context: XPathContext) -> Bool? {
        guard let result = evaluate(expression, context) else { return nil }
        defer { xmlXPathFreeObject(result) }
        return result.pointee.type == XPATH_NODESET
    }

    private func evaluate(_ expression: String, _ context: XPathContext) -> xmlXPathObjectPtr? {
        context.begin(document)
        return expression.withCString { xmlXPathEvalExpression($0.asXMLChars, context.pointer) }
    }

    private func number(_ node: xmlNodePtr) -> Int? {
        // Attributes and elements begin with the same fields in libxml2.
        node.pointee._private.map { Int(bitPattern: $0) - 1 }
    }

    // MARK: Making it

    private var nextMark: UnsafeMutableRawPointer? {
        count += 1
        return UnsafeMutableRawPointer(bitPattern: count)
    }

    private func node(of element: Element) -> xmlNodePtr? {
        guard let node = element.name.withCString({ xmlNewDocNode(document, nil, $0.asXMLChars, nil) }) else {
            return nil
        }
        node.pointee._private = nextMark
        node.pointee.ns = namespace(element.namespace)
        for attribute in element.attributes {
            let made = attribute.name.withCString { name in
                attribute.value.withCString {
                    xmlNewNsProp(node, namespace(attribute.namespace), name.asXMLChars, $0.asXMLChars)
                }
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

    private func namespace(_ uri: String) -> xmlNsPtr? {
        if uri.isEmpty { return nil }
        if let known = namespaces[uri] { return known }
        let made = uri.withCString { xmlNewNs(nil, $0.asXMLChars, nil) }
        namespaces[uri] = made
        return made
    }
}
