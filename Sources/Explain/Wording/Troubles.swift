import Session
import XMPP

extension Scene {
    /// Refusals that are told at the end; of more only how many there were.
    private static let refusalLimit = 20

    /// What went wrong, a line for each, with the numbers of the packets: refusals with what they refuse, and what the summary
    /// only counts.
    func troubles(unanswered: [Request]) -> [String] {
        let refusals = stories.entries.compactMap(refusal)
        var lines = Array(refusals.prefix(Self.refusalLimit))
        if refusals.count > Self.refusalLimit {
            lines.append("Refused as well: \(refusals.count - Self.refusalLimit) more.")
        }
        // One is told by the summary.
        if counts.early.count > 1 { lines.append("Sent before the login: \(counts.early.listed).") }
        var late = CountedNumbers()
        for number in proven(unanswered).map(\.number).sorted() { late.append(number) }
        // A few stand in the summary.
        if late.count > Self.unansweredLimit { lines.append("Without an answer: \(late.listed).") }
        return lines
    }

    /// `Refused: 008 by 009, registration of test3@jabber.test: the name is taken (conflict).`
    private func refusal(_ entry: StoryBook.Entry) -> String? {
        let story = entry.story
        guard story.isRefusable, case .failed(let cause) = story.state, let end = story.packets.last,
            let request = story.packets.dropLast().last
        else { return nil }
        if story.kind == .request, let told = entry.remark {
            return "Refused: \(padded(request)) by \(padded(end)). \(told)"
        }
        let what =
            story.kind == .request
            ? "a request" + (story.subject.isEmpty ? "" : " (\(story.subject))") : lowercasedStart(story.title)
        // The summary has told why.
        let why = explained.contains { $0.story.id == story.id } ? "" : ": \(cause.why)"
        return "Refused: \(padded(request)) by \(padded(end)), \(what)\(why)."
    }
}

extension Story {
    /// True if it fails because the other side refuses it in a packet, and no line of the summary tells of that.
    fileprivate var isRefusable: Bool { kind != .encryption && kind != .compression && !isOfDay }
}

/// Numbers of packets that are told at the end: the first ones, and how many there were.
struct CountedNumbers {
    private(set) var count = 0
    private var first: [Int] = []

    private static let limit = 20

    mutating func append(_ number: Int) {
        count += 1
        if first.count < Self.limit { first.append(number) }
    }

    var listed: String {
        let shown = first.map(padded)
        return (count > shown.count ? shown + ["\(count - shown.count) more"] : shown).listed()
    }
}
