import XMPP

/// What one short form of a filter asks.
enum FilterTest: Sendable, Equatable {
    case direction(Direction)
    case word(FilterWord)
    case anyFinding
    /// Nil for any story.
    case story(Story.Kind?)
    /// The stories of those numbers.
    case stories(NumberSpan)
    case time(TimeSpan)
    case text(SoughtText)
    case connection(NumberSpan)
    case number(NumberSpan)
    case took(NumberSpan)
    case bytes(NumberSpan)
    case proxy

    /// - Parameter argument: empty if there is none.
    /// - Throws: a clause that says what is wrong with the argument.
    init(_ form: ShortForm, _ argument: String) throws(FilterError) {
        switch form {
        case .in: self = .direction(.serverToClient)
        case .out: self = .direction(.clientToServer)
        case .kind: self = .word(.kind(try Self.kind(argument)))
        case .jid: self = .word(.address(try Self.address(argument)))
        case .ns: self = .word(.namespace(try Self.namespace(argument)))
        case .finding: self = try Self.finding(argument)
        case .story:
            let isNumber = argument.first.map { $0.isNumber || $0 == "." } ?? false
            self = isNumber ? .stories(try NumberSpan(argument, form)) : .story(try Self.story(argument))
        case .time: self = .time(try TimeSpan(argument))
        case .text: self = .text(SoughtText(argument))
        case .connection: self = .connection(try NumberSpan(argument, form))
        case .number: self = .number(try NumberSpan(argument, form))
        case .took: self = .took(try NumberSpan(argument, form))
        case .bytes: self = .bytes(try NumberSpan(argument, form))
        case .proxy: self = .proxy
        }
    }

    private static func kind(_ word: String) throws(FilterError) -> FilterWord.Kind {
        if let kind = FilterWord.Kind(rawValue: word.lowercased()) { return kind }
        let kinds = FilterWord.Kind.allCases.map(\.rawValue)
        throw FilterError("there is no kind \(word.quoted(limit: 40)): \(nearest(word, kinds) ?? kinds.listed("or"))")
    }

    private static func address(_ word: String) throws(FilterError) -> String {
        let address = word.hasPrefix("@") ? String(word.dropFirst()) : word
        let jid = JID(address)
        guard !jid.domain.isEmpty, jid.local != "", jid.resource != "" else {
            throw FilterError("\(word.quoted(limit: 80)) is no address; ~jid takes anna@example.org or example.org")
        }
        return address
    }

    private static func namespace(_ word: String) throws(FilterError) -> String {
        if ProtocolRegistry.isKnown(name: word) || word.contains(":") || ProtocolRegistry.lookUp(word) != nil {
            return word
        }
        throw FilterError(
            "no protocol is called \(word.quoted(limit: 80))" + suggestion(word, ProtocolRegistry.shortNames)
        )
    }

    private static func finding(_ word: String) throws(FilterError) -> FilterTest {
        if word.isEmpty || word == "any" { return .anyFinding }
        let small = word.lowercased()
        if let severity = Finding.Severity.allCases.first(where: { $0.rawValue.lowercased() == small }) {
            return .word(.severity(severity))
        }
        if FilterWord.codes.contains(small) { return .word(.finding(code: small)) }
        throw FilterError(
            "no finding has the code \(word.quoted(limit: 80))" + suggestion(small, FilterWord.codes.sorted())
        )
    }

    private static func story(_ word: String) throws(FilterError) -> Story.Kind? {
        if word.isEmpty || word == "any" { return nil }
        if let kind = Story.Kind(rawValue: word.lowercased()) { return kind }
        let kinds = Story.Kind.allCases.map(\.rawValue)
        throw FilterError(
            "no story is of the kind \(word.quoted(limit: 40)): \(nearest(word, kinds) ?? kinds.listed("or"))"
        )
    }

    private static func nearest(_ word: String, _ words: [String]) -> String? {
        Spelling.nearest(to: word, among: words).map { "did you mean \($0)?" }
    }

    private static func suggestion(_ word: String, _ words: [String]) -> String {
        nearest(word, words).map { "; \($0)" } ?? ""
    }

    /// True if it cannot be told without the packet taken apart.
    var needsElement: Bool {
        switch self {
        case .word(.address), .word(.namespace), .text: true
        case .word(.kind), .word(.finding), .word(.severity), .direction, .anyFinding, .story, .stories, .time,
            .connection,
            .number, .took, .bytes, .proxy:
            false
        }
    }
}

/// Numbers from one to another, both with it.
struct NumberSpan: Sendable, Equatable {
    let range: ClosedRange<Double>

    /// `7`, `5..9`, `5..`, `..9`; for seconds also with a fraction.
    init(_ text: String, _ form: ShortForm) throws(FilterError) {
        let ends = text.rangeEnds
        let isFraction = form == .took
        let low = ends.low.isEmpty ? 0 : Self.number(ends.low, isFraction)
        let high = ends.high.isEmpty ? .infinity : Self.number(ends.high, isFraction)
        guard let low, let high, !(ends.low.isEmpty && ends.high.isEmpty) else {
            throw FilterError(
                "~\(form.rawValue) takes a number or a range such as 5..9, 5.. or ..9, not \(text.quoted(limit: 40))"
            )
        }
        guard low <= high else { throw FilterError("the range \(text.quoted(limit: 40)) ends before it begins") }
        range = low...high
    }

    private static func number(_ text: String, _ isFraction: Bool) -> Double? {
        guard text.allSatisfy({ $0.isASCII && ($0.isNumber || isFraction && $0 == ".") }) else { return nil }
        return Double(text)
    }

    func contains(_ number: Double?) -> Bool { number.map(range.contains) ?? false }
    func contains(_ number: Int?) -> Bool { contains(number.map(Double.init)) }
}

extension String {
    /// Both ends of `low..high`; a text without dots is both.
    var rangeEnds: (low: String, high: String) {
        guard let dots = firstRange(of: "..") else { return (self, self) }
        return (String(self[..<dots.lowerBound]), String(self[dots.upperBound...]))
    }
}
