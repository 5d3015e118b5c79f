import CLibXML2

/// libxml2's push parser, building our elements from its SAX events. The only file that parses with libxml2.
///
/// It is given one stream document, in pieces that end with a tag: first the header, then packet after packet.
final class ElementBuilder {
    private var context: xmlParserCtxtPtr?
    private var state = ElementsInProgress()

    /// What libxml2 finds wrong with the encoding it would write to standard error, past the handler of the parser. It keeps
    /// who is told instead for each thread: those to come get it here, the present one when a parser is made.
    private static let initialized: Void = {
        xmlInitParser()
        xmlThrDefSetStructuredErrorFunc(nil) { _, _ in }
    }()

    init() {
        _ = Self.initialized
        xmlSetStructuredErrorFunc(nil) { _, _ in }
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { user, name, prefix, uri, namespaceCount, namespaces, attributeCount, _, attributes in
            ElementBuilder.from(user)?.state.started(
                name,
                prefix,
                uri,
                NamespaceList(count: Int(namespaceCount), pointer: namespaces),
                AttributeList(count: Int(attributeCount), pointer: attributes)
            )
        }
        handler.endElementNs = { user, _, _, _ in ElementBuilder.from(user)?.state.ended() }
        handler.characters = { user, text, count in ElementBuilder.from(user)?.state.characters(text, count) }
        handler.ignorableWhitespace = handler.characters
        handler.cdataBlock = handler.characters
        handler.serror = { user, error in
            guard let error else { return }
            ElementBuilder.from(user)?.state.failed(error.pointee)
        }
        context = xmlCreatePushParserCtxt(&handler, Unmanaged.passUnretained(self).toOpaque(), nil, 0, nil)
        if let context { xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue)) }
    }

    deinit {
        if let context { xmlFreeParserCtxt(context) }
    }

    /// How many different names libxml2 has seen.
    var distinctNames: Int { state.names.count }

    /// Why nothing more can be read; nil while all is well.
    var error: StreamError? { state.error }

    /// Gives libxml2 the next bytes; look at `error` afterwards.
    func feed(_ bytes: UnsafeBufferPointer<UInt8>.SubSequence) {
        guard error == nil else { return }
        guard let context else {
            state.error = StreamError(.policyViolation, "libxml2 has no memory for a parser")
            return
        }
        bytes.withMemoryRebound(to: CChar.self) { chars in
            let code = xmlParseChunk(context, chars.baseAddress, Int32(chars.count), 0)
            if code != XML_ERR_OK.rawValue && error == nil && context.pointee.disableSAX != 0 {
                state.error = StreamError(.notWellFormed, "the XML is not well-formed")
            }
        }
    }

    /// The namespace of the document's root; nil if its start tag was not read.
    var rootNamespace: String? { state.root?.namespace }

    /// The stream header, once its start tag was fed.
    func takeHeader() -> (Element, StreamError?)? {
        guard let root = state.root else { return nil }
        defer { state.problem = nil }
        return (root, state.problem)
    }

    /// The packet whose last byte was fed.
    func takeElement() -> (Element, StreamError?)? {
        guard let element = state.finished else { return nil }
        defer {
            state.finished = nil
            state.problem = nil
        }
        return (element, state.problem)
    }

    private static func from(_ user: UnsafeMutableRawPointer?) -> ElementBuilder? {
        user.map { Unmanaged<ElementBuilder>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// What libxml2's events have come to so far. One value, so that an event costs one check of exclusive access.
private struct ElementsInProgress {
    var open: [OpenElement] = []
    var text = ""
    var root: Element?
    var finished: Element?
    var error: StreamError?
    /// An error that does not stop the parser; taken with the next element.
    var problem: StreamError?
    var names = NameTable()

    mutating func started(
        _ name: UnsafePointer<xmlChar>?,
        _ prefix: UnsafePointer<xmlChar>?,
        _ uri: UnsafePointer<xmlChar>?,
        _ namespaces: NamespaceList,
        _ attributes: AttributeList
    ) {
        let start = StartTag(
            name: uri == nil && prefix != nil ? interned(prefix) + ":" + interned(name) : interned(name),
            namespace: interned(uri),
            attributes: attributes.map { name, uri, value in
                Attribute(name: interned(name), namespace: interned(uri), value: value)
            },
            declarations: namespaces.map { prefix, uri in
                NamespaceDeclaration(prefix: interned(prefix), uri: interned(uri))
            }
        )
        flushText()
        if root == nil { root = Element(start, nodes: []) } else { open.append(OpenElement(start: start)) }
    }

    mutating func ended() {
        guard !open.isEmpty else { return }
        flushText()
        let last = open.removeLast()
        let element = Element(last.start, nodes: last.nodes)
        if open.isEmpty {
            finished = element
        } else {
            open[open.count - 1].nodes.append(.element(element))
        }
    }

    mutating func characters(_ bytes: UnsafePointer<xmlChar>?, _ count: Int32) {
        guard !open.isEmpty, let bytes else { return }
        text += String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
    }

    /// Text comes in many pieces (one for each entity), so it is gathered until the next tag.
    private mutating func flushText() {
        guard !text.isEmpty else { return }
        open[open.count - 1].nodes.append(.text(text))
        text = ""
    }

    mutating func failed(_ problem: xmlError) {
        guard problem.level.rawValue >= XML_ERR_ERROR.rawValue, error == nil else { return }
        if problem.domain == Int32(XML_FROM_NAMESPACE.rawValue) {
            self.problem = StreamError(.badNamespacePrefix, NamespaceProblem.told(problem))
        } else {
            // Where it is, and what, the finder knows better.
            error = StreamError(.notWellFormed, "the XML is not well-formed")
        }
    }

    private mutating func interned(_ pointer: UnsafePointer<xmlChar>?) -> String {
        pointer.map { names[$0] } ?? ""
    }
}

/// The names that libxml2 has told. It keeps one copy of each as long as its context lives, so that an address is as good as a name.
private struct NameTable {
    private var all: [UnsafePointer<xmlChar>: String] = [:]
    /// Those told last, found without hashing: a stream says the same few again and again.
    private var recentPointers = [UnsafePointer<xmlChar>?](repeating: nil, count: 61)
    private var recentNames = [String](repeating: "", count: 61)

    var count: Int { all.count }

    subscript(pointer: UnsafePointer<xmlChar>) -> String {
        mutating get {
            // Names lie at any address in a block of many.
            let slot = Int(UInt(bitPattern: pointer) % 61)
            if recentPointers[slot] == pointer { return recentNames[slot] }
            let name = all[pointer] ?? String(cString: pointer)
            all[pointer] = name
            (recentPointers[slot], recentNames[slot]) = (pointer, name)
            return name
        }
    }
}

/// What libxml2 finds wrong with namespaces, in our words (Namespaces in XML 1.0).
private enum NamespaceProblem {
    static func told(_ problem: xmlError) -> String {
        let (first, second, third) = (text(problem.str1), text(problem.str2), text(problem.str3))
        switch UInt32(bitPattern: problem.code) {
        case XML_NS_ERR_UNDEFINED_NAMESPACE.rawValue where third.isEmpty:
            return "no xmlns declares the prefix \(first) of <\(first):\(second)>"
        case XML_NS_ERR_UNDEFINED_NAMESPACE.rawValue:
            return "no xmlns declares the prefix \(first) of the attribute \(first):\(second) in <\(third)>"
        case XML_NS_ERR_QNAME.rawValue:
            return "a name with a colon where none may stand"
        case XML_NS_ERR_ATTRIBUTE_REDEFINED.rawValue:
            return "two attributes named \(first), of different prefixes, are in the same namespace"
        case XML_NS_ERR_XML_NAMESPACE.rawValue:
            return
                "an xmlns declaration that may not be made: an empty one for a prefix, or one of the names xml and xmlns"
        default:
            return "a namespace is declared or used in a way that Namespaces in XML does not allow"
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
        pointer.map { String(String(cString: $0).prefix(60)) } ?? ""
    }
}

/// An element whose end tag has not come.
private struct OpenElement {
    let start: StartTag
    var nodes: [Node] = []
}

/// libxml2's array of namespace declarations: prefix and URI in turn.
private struct NamespaceList {
    let count: Int
    let pointer: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?

    func map<Result>(_ body: (UnsafePointer<xmlChar>?, UnsafePointer<xmlChar>?) -> Result) -> [Result] {
        guard let pointer, count > 0 else { return [] }
        return (0..<count).map { body(pointer[2 * $0], pointer[2 * $0 + 1]) }
    }
}

/// libxml2's array of attributes: local name, prefix, URI, begin and end of the value.
private struct AttributeList {
    let count: Int
    let pointer: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?

    func map<Result>(_ body: (UnsafePointer<xmlChar>?, UnsafePointer<xmlChar>?, String) -> Result) -> [Result] {
        guard let pointer, count > 0 else { return [] }
        return (0..<count).map { index in
            let attribute = pointer + 5 * index
            var value = ""
            if let begin = attribute[3], let end = attribute[4] {
                value = String(decoding: UnsafeBufferPointer(start: begin, count: end - begin), as: UTF8.self)
            }
            return body(attribute[0], attribute[2], value)
        }
    }
}
