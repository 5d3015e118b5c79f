import XMLStream
import XMPP

/// Two recordings side by side: which connections stand for each other, and what is different in them.
public struct RecordingComparison: Sendable {
    public let sessions: [SessionComparison]
    /// Connections that only one of them has.
    public let onlyInA: [ComparedSession]
    public let onlyInB: [ComparedSession]

    public init(_ one: [ComparedSession], _ two: [ComparedSession], rules: ComparisonRules = ComparisonRules()) {
        let pairs = SequenceAlignment.pairs(one.count, two.count) { one[$0].likeness(to: two[$1]) }
        sessions = pairs.map { SessionComparison(one[$0.0], two[$0.1], rules: rules) }
        let (first, second) = (Set(pairs.map(\.0)), Set(pairs.map(\.1)))
        onlyInA = one.indices.filter { !first.contains($0) }.map { one[$0] }
        onlyInB = two.indices.filter { !second.contains($0) }.map { two[$0] }
    }

    /// True if nothing is different.
    public var isSame: Bool { onlyInA.isEmpty && onlyInB.isEmpty && sessions.allSatisfy { $0.weight == nil } }

    /// What a person would say first.
    public var headline: String {
        for session in sessions {
            if let story = StoryComparison(session).first() { return told(story, session) }
        }
        for session in sessions where session.weight == .major { return first(.major, in: session, "First difference") }
        if let alone = onlyInA.first { return told(alone, "A", "B") }
        if let alone = onlyInB.first { return told(alone, "B", "A") }
        for session in sessions where session.weight == .minor {
            return first(.minor, in: session, "Both do the same, with other details: the first is")
        }
        return "Both do the same."
    }

    private func told(_ story: StoryComparison.Told, _ session: SessionComparison) -> String {
        let row = session.rows[story.row]
        let which =
            sessions.count > 1 ? "On connections \(session.one.connection)/\(session.two.connection): " : ""
        var line = "\(which)\(story.sentence): first difference at \(row.name): \(Self.what(row))"
        let earlier = session.rows[..<story.row].first { $0.weight == .major }
        if let earlier { line += " Before it, at \(earlier.name): \(Self.what(earlier))" }
        return line
    }

    private func first(
        _ weight: ComparedDifference.Weight,
        in session: SessionComparison,
        _ beginning: String
    ) -> String {
        let indices = session.rows.indices.filter { session.rows[$0].weight == weight }
        // That a stream ends at another place follows from something else, if there is something else.
        if let index = indices.first(where: { !session.rows[$0].isEnd }) ?? indices.first {
            let row = session.rows[index]
            if weight == .major, let end = earlyEnd(of: session, at: index) { return end }
            return "\(beginning) at \(place(of: row, session)): \(Self.what(row))"
        }
        guard let event = session.events.first(where: { $0.weight == weight }) else { return beginning + "." }
        let which = sessions.count > 1 ? " of connections \(session.one.connection)/\(session.two.connection)" : ""
        return "\(beginning) beside the packets\(which): \(Self.told(event))"
    }

    /// One of the two goes on where the other says nothing any more.
    private func earlyEnd(of session: SessionComparison, at index: Int) -> String? {
        let rest = session.rows[index...]
        guard rest.count > 1, rest.allSatisfy({ $0.kind == rest.first?.kind }), let row = rest.first,
            row.kind == .onlyA || row.kind == .onlyB
        else { return nil }
        let (short, long) = row.kind == .onlyA ? ("B", "A") : ("A", "B")
        return "\(short) ends earlier: \(long) goes on with \(rest.count) packets, first "
            + "\(place(of: row, session)): \(row.ownSentence)"
    }

    private static func told(_ event: ComparedDifference) -> String {
        switch (event.inA, event.inB) {
        case (let inA?, let inB?): "in A \(inA), in B \(inB)."
        case (let inA?, nil): "only in A \(inA)."
        case (nil, let inB?): "only in B \(inB)."
        case (nil, nil): ""
        }
    }

    private func place(of row: ComparisonRow, _ session: SessionComparison) -> String {
        sessions.count > 1
            ? "\(row.name) of connections \(session.one.connection)/\(session.two.connection)" : row.name
    }

    private func told(_ session: ComparedSession, _ name: String, _ other: String) -> String {
        let count = session.packets.count
        let what = session.stories.first { $0.kind != .request }.map { ": \($0.title)" } ?? ""
        let packets = "\(count) packet\(count == 1 ? "" : "s")"
        return "\(name) has a connection that \(other) has not, number \(session.connection) (\(packets))\(what)."
    }

    /// What is different in a row, as a sentence or two.
    private static func what(_ row: ComparisonRow) -> String {
        switch row.kind {
        case .same: ""
        case .onlyA: "only in A. \(row.ownSentence)"
        case .onlyB: "only in B. \(row.ownSentence)"
        case .changed where row.differences.isEmpty: "it comes at another place in B than in A. \(row.ownSentence)"
        case .changed:
            row.refusal ?? (row.isOffer ? "the server offers other things. " : "") + (row.told.first ?? "") + "."
        }
    }
}

extension ComparisonRow {
    /// The first sentences of the packet, without when it came.
    fileprivate var ownSentence: String { Self.withoutTime(sentence) }

    /// True for the end of a stream.
    fileprivate var isEnd: Bool { (inA ?? inB)?.kind == .end }

    /// True for what a server offers.
    fileprivate var isOffer: Bool { inA?.element?.is("features", NS.streams) == true }

    /// Where one side gets an error and the other does not: what the error says.
    fileprivate var refusal: String? {
        let (one, two) = (inA?.element?.errorCondition, inB?.element?.errorCondition)
        guard (one == nil) != (two == nil) else { return nil }
        let (name, other) = one != nil ? ("A", "B") : ("B", "A")
        let sentence = Self.withoutTime((one != nil ? inA : inB)?.sentence ?? "")
        return "the error \(one ?? two ?? "") in \(name), none in \(other). \(sentence)"
    }

    /// What a packet does, without the time that an answer took, which is another in every session.
    public static func withoutTime(_ sentence: String) -> String {
        guard let range = sentence.firstRange(of: " Answer to ") else { return sentence }
        return String(sentence[..<range.lowerBound])
    }
}

extension ComparedSession {
    /// How much two connections are alike, at least 1.
    fileprivate func likeness(to other: ComparedSession) -> Int {
        let (kinds, otherKinds) = (kindsOfStories, other.kindsOfStories)
        var families: [String: Int] = [:]
        for packet in packets { families[packet.shape.family, default: 0] += 1 }
        var common = 0
        for packet in other.packets where families[packet.shape.family, default: 0] > 0 {
            families[packet.shape.family, default: 0] -= 1
            common += 1
        }
        let all = max(packets.count, other.packets.count, 1)
        return 1 + 100 * common / all + (kinds == otherKinds ? 100 : 0)
    }

    private var kindsOfStories: [Story.Kind] { stories.map(\.kind).filter { $0 != .request } }
}
