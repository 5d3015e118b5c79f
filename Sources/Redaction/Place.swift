import XMLStream

/// Where a value of a packet stands, by names and namespaces.
struct Place {
    /// The element that holds the value, and the elements around it, the packet's root last.
    let elements: [Element]
    /// The name of the attribute as it is written; nil for a text.
    let attribute: String?
    /// The `var` of the form field (XEP-0004) around it.
    let field: String?

    var element: Element { elements[0] }

    func isInside(_ name: String, _ namespace: String) -> Bool { elements.contains { $0.is(name, namespace) } }

    func isInside(namespace: String) -> Bool { elements.contains { $0.namespace == namespace } }

    /// For each element of a packet, in document order, itself and those around it.
    static func ancestry(of root: Element) -> [[Element]] {
        var list: [[Element]] = []
        func add(_ element: Element, _ around: [Element]) {
            let own = [element] + around
            list.append(own)
            for child in element.children { add(child, own) }
        }
        add(root, [])
        return list
    }
}
