/// An XML element with its namespaces resolved (Namespaces in XML 1.0): what one packet of a stream means.
///
/// Its spelling (quotes, prefixes, order) is not kept here; that is what the packet's bytes are for.
public struct Element: Sendable, Equatable {
    /// One reference, so that an element costs as little to hand on as a number.
    private final class Content: Sendable {
        let name: String
        let namespace: String
        let attributes: [Attribute]
        let declarations: [NamespaceDeclaration]
        let nodes: [Node]

        init(_ start: StartTag, _ nodes: [Node]) {
            name = start.name
            namespace = start.namespace
            attributes = start.attributes
            declarations = start.declarations
            self.nodes = nodes
        }
    }

    private let content: Content

    /// The local name, without a prefix.
    public var name: String { content.name }
    /// The namespace that the name belongs to; empty if there is none.
    public var namespace: String { content.namespace }
    public var attributes: [Attribute] { content.attributes }
    /// The `xmlns` declarations that stand on this very element.
    public var declarations: [NamespaceDeclaration] { content.declarations }
    public var nodes: [Node] { content.nodes }

    public init(
        name: String,
        namespace: String,
        attributes: [Attribute] = [],
        declarations: [NamespaceDeclaration] = [],
        nodes: [Node] = []
    ) {
        let start = StartTag(name: name, namespace: namespace, attributes: attributes, declarations: declarations)
        self.init(start, nodes: nodes)
    }

    init(_ start: StartTag, nodes: [Node]) { content = Content(start, nodes) }

    public static func == (one: Element, other: Element) -> Bool {
        one.content === other.content
            || one.name == other.name && one.namespace == other.namespace && one.attributes == other.attributes
                && one.declarations == other.declarations && one.nodes == other.nodes
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

    /// The first child element, without looking at the others.
    public var firstChild: Element? {
        for case .element(let element) in nodes { return element }
        return nil
    }

    /// The first child element that fits; any if nothing is asked of it.
    public func firstChild(where fits: (Element) -> Bool = { _ in true }) -> Element? {
        for case .element(let element) in nodes where fits(element) { return element }
        return nil
    }

    /// How many child elements there are.
    public var childCount: Int {
        nodes.reduce(0) { count, node in
            if case .element = node { count + 1 } else { count }
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

/// What a start tag tells of its element.
struct StartTag {
    let name: String
    let namespace: String
    let attributes: [Attribute]
    let declarations: [NamespaceDeclaration]
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
