import XMPP

/// Reads one YAML document. Anchors, aliases, tags and merge keys are refused, so that a document is never larger than its
/// text; what is in it is as deep and as much as `Limits` allow.
public struct YAMLReader {
    /// What a document may have at the most.
    public struct Limits: Sendable {
        public var bytes = 256 * 1024
        /// Sequences and mappings in one another.
        public var depth = 16
        /// Scalars, sequences and mappings together.
        public var nodes = 20_000

        public init() {}
    }

    /// - Parameter text: UTF-8; a byte order mark is passed over.
    /// - Returns: nil if the text has nothing but comments.
    /// - Throws: what is wrong first, and where.
    public static func read(_ text: [UInt8], limits: Limits = Limits()) throws(YAMLProblem) -> YAMLNode? {
        guard text.count <= limits.bytes else {
            throw YAMLProblem(
                YAMLPlace(line: 1, column: 1),
                "there are more than \(limits.bytes) bytes, which is too much for such a file"
            )
        }
        let events = try YAMLEvents(text)
        var reader = YAMLReader(events: events, limits: limits)
        return try reader.document()
    }

    private let events: YAMLEvents
    private let limits: Limits
    private var nodes = 0

    private init(events: YAMLEvents, limits: Limits) {
        self.events = events
        self.limits = limits
    }

    private mutating func document() throws(YAMLProblem) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            let event = try events.next()
            switch event.kind {
            case .end: return root
            case .documentEnd: continue
            case .documentStart:
                if root != nil {
                    throw YAMLProblem(event.place, "a second document begins here; there may be one only")
                }
            case .scalar, .sequenceStart, .mappingStart, .sequenceEnd, .mappingEnd, .refused:
                root = try node(event, depth: 0)
            }
        }
    }

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLProblem) -> YAMLNode {
        nodes += 1
        if nodes > limits.nodes { throw YAMLProblem(event.place, "there are more than \(limits.nodes) values") }
        if depth > limits.depth {
            throw YAMLProblem(event.place, "this is more than \(limits.depth) lists and mappings deep")
        }
        switch event.kind {
        case .scalar(let text, let isQuoted):
            return YAMLNode(place: event.place, content: .scalar(text, isQuoted: isQuoted))
        case .sequenceStart: return YAMLNode(place: event.place, content: .sequence(try sequence(depth + 1)))
        case .mappingStart: return YAMLNode(place: event.place, content: .mapping(try mapping(depth + 1)))
        case .refused(let reason): throw YAMLProblem(event.place, reason)
        case .sequenceEnd, .mappingEnd, .documentStart, .documentEnd, .end:
            throw YAMLProblem(event.place, "a value is missing here")
        }
    }

    private mutating func sequence(_ depth: Int) throws(YAMLProblem) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { return items }
            items.append(try node(event, depth: depth))
        }
    }

    private mutating func mapping(_ depth: Int) throws(YAMLProblem) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var known: [String: YAMLPlace] = [:]
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { return entries }
            let node = try node(event, depth: depth)
            guard case .scalar(let key, _) = node.content else {
                throw YAMLProblem(node.place, "a key is a text, not a list or a mapping")
            }
            if let first = known.updateValue(node.place, forKey: key) {
                throw YAMLProblem(
                    node.place,
                    "the key \(key.quoted(limit: 60)) is there already, in line \(first.line)"
                )
            }
            if key == "<<" { throw YAMLProblem(node.place, "merge keys (<<) are not taken; write the keys out") }
            entries.append(
                YAMLEntry(key: key, place: node.place, value: try self.node(try events.next(), depth: depth))
            )
        }
    }
}
