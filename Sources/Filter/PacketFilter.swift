import XMLStream
import XMPP

/// Which packets and events of a recording are meant: an expression of the language that `stanzatap help filter` tells.
public struct PacketFilter: Sendable, Equatable {
    /// Nil for all.
    private(set) var condition: FilterCondition?
    /// The XPath expressions in it, which `condition` names by their places here.
    private(set) var paths: [XPath] = []

    /// One that all fits.
    public init() {}

    /// - Throws: `FilterError` for what is no filter.
    public init(_ text: String) throws(FilterError) {
        var parser = FilterParser(text)
        condition = try parser.parse()
        paths = parser.paths
    }

    /// What one of the words of `only` fits, if there are any, and none of `hide`.
    public init(only: [FilterWord], hide: [FilterWord]) {
        var parts: [FilterCondition] = []
        if !only.isEmpty { parts.append(.any(only.map { .test(.word($0)) })) }
        if !hide.isEmpty { parts.append(.not(.any(hide.map { .test(.word($0)) }))) }
        condition = parts.isEmpty ? nil : .all(parts)
    }

    /// What both fit.
    public func and(_ other: PacketFilter) -> PacketFilter {
        guard let condition else { return other }
        guard let second = other.condition else { return self }
        var both = self
        both.condition = .all([condition, second.moved(by: paths.count)])
        both.paths += other.paths
        return both
    }

    /// True if all fits it.
    public var isEmpty: Bool { condition == nil }

    /// The expression, if the filter is one XPath expression that selects parts of packets, and no more.
    public var parts: XPath? {
        guard case .path(0)? = condition, let path = paths.first, path.givesNodes else { return nil }
        return path
    }

    /// True if packets have to be taken apart for it.
    public var needsElements: Bool { !paths.isEmpty || tests.contains(where: \.needsElement) }

    /// The short forms in it that cannot be asked of a packet alone.
    public var formsOfRecordings: [ShortForm] { tests.map(\.form).filter { !$0.isOfPacket } }

    /// True if protocols are asked for, so that answers have to be known by their requests.
    var asksForProtocols: Bool {
        tests.contains { if case .word(.namespace) = $0 { true } else { false } }
    }

    /// True if addresses are asked for, so that the client's own has to be known.
    var asksForAddresses: Bool {
        tests.contains { if case .word(.address) = $0 { true } else { false } }
    }

    private var tests: [FilterTest] { condition?.tests ?? [] }
}

/// How the parts of a filter are joined.
indirect enum FilterCondition: Sendable, Equatable {
    case all([FilterCondition])
    case any([FilterCondition])
    case not(FilterCondition)
    case test(FilterTest)
    /// An XPath expression, by its place among those of the filter.
    case path(Int)

    var tests: [FilterTest] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.tests)
        case .not(let part): part.tests
        case .test(let test): [test]
        case .path: []
        }
    }

    /// The same where so many expressions stand before its own.
    func moved(by count: Int) -> FilterCondition {
        switch self {
        case .all(let parts): .all(parts.map { $0.moved(by: count) })
        case .any(let parts): .any(parts.map { $0.moved(by: count) })
        case .not(let part): .not(part.moved(by: count))
        case .test: self
        case .path(let index): .path(index + count)
        }
    }
}

extension FilterTest {
    /// The short form that asks it.
    var form: ShortForm {
        switch self {
        case .direction(.serverToClient): .in
        case .direction(.clientToServer): .out
        case .word(.kind): .kind
        case .word(.address): .jid
        case .word(.namespace): .ns
        case .word(.finding), .word(.severity), .anyFinding: .finding
        case .story, .stories: .story
        case .time: .time
        case .text: .text
        case .connection: .connection
        case .number: .number
        case .took: .took
        case .bytes: .bytes
        case .proxy: .proxy
        }
    }
}
