/// An XML element with its namespaces resolved (Namespaces in XML 1.0): what one packet of a stream means.
///
/// Its spelling (quotes, prefixes, order) is not kept here; that is what the packet's bytes are for.
public struct Element: Sendable, Equatable {
    /// The local name, without a prefix.
    public let name: String
    /// The namespace that the name belongs to; empty if there is none.
    public let namespace: String
    public internal(set) var attributes: [Attribute]
    /// The `xmlns` declarations that stand on this very element.
    public internal(set) var declarations: [NamespaceDeclaration]
    public internal(set) var nodes: [Node]

    public init(
        name: String,
        namespace: String,
        attributes: [Attribute] = [],
        declarations: [NamespaceDeclaration] = [],
        nodes: [Node] = []
    ) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.declarations = declarations
        self.nodes = nodes
    }

    /// The value of the attribute `name` that has no namespace, as nearly all in XMPP.
    public subscript(name: String) -> String? {
        attributes.first { $0.name == name && $0.namespace.isEmpty }?.value
    }

    /// The `xml:lang` of this very element.
    public var language: String? {
        attributes.first { $0.name == "lang" && $0.namespace == "http://www.w3.org/XML/1998/namespace" }?.value
    }

    /// The child elements, in order.
    public var children: [Element] {
        nodes.compactMap { node in
            if case .element(let element) = node { element } else { nil }
        }
    }

    /// The text that stands directly in this element, without that of its children.
    public var text: String {
        if nodes.count == 1, case .text(let text) = nodes[0] { return text }
        return nodes.reduce(into: "") { result, node in
            if case .text(let text) = node { result += text }
        }
    }

    /// The first child of that name; any namespace if none is given.
    public func child(_ name: String, _ namespace: String? = nil) -> Element? {
        for case .element(let element) in nodes
        where element.name == name && (namespace == nil || element.namespace == namespace) {
            return element
        }
        return nil
    }

    public func `is`(_ name: String, _ namespace: String) -> Bool {
        self.name == name && self.namespace == namespace
    }
}

/// What an element holds.
public enum Node: Sendable, Equatable {
    case element(Element)
    case text(String)
}

/// One attribute; `namespace` is empty for one without a prefix.
public struct Attribute: Sendable, Equatable {
    public let name: String
    public let namespace: String
    public let value: String

    public init(name: String, namespace: String = "", value: String) {
        self.name = name
        self.namespace = namespace
        self.value = value
    }
}

/// `xmlns:prefix='uri'`, or `xmlns='uri'` where the prefix is empty.
public struct NamespaceDeclaration: Sendable, Equatable {
    public let prefix: String
    public let uri: String

    public init(prefix: String, uri: String) {
        self.prefix = prefix
        self.uri = uri
    }
}
