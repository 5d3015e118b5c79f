import Session
import XMPP

extension Scene {
    /// Of more of them only how many there were stands in a summary.
    private static var storiesInSummary: Int { 20 }

    /// A line for each story but single requests that were answered: `The call with … succeeded (012 to 020 in 0.3 s): …`
    var storyLines: [String] { stories.entries.filter(\.story.isListed).map(line) }

    /// Who talked to whom by their own word, a line; nil if neither has said what it is.
    var softwareLine: String? {
        let parts = [
            software.facts.map { "the client is \($0.told)" }, serverSoftware.facts.map { "the server is \($0.told)" },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : "\(capitalized(parts.joined(separator: ", "))).".collapsingStops
    }

    /// Those that the summary's sentences do not tell.
    var storyLinesOfSummary: [String] {
        let lines = stories.entries.filter(\.story.isOfDay).map(line)
        guard lines.count > Self.storiesInSummary else { return lines }
        return lines.prefix(Self.storiesInSummary) + [
            "\(lines.count - Self.storiesInSummary) more stories: show --stories"
        ]
    }

    private func line(_ entry: StoryBook.Entry) -> String {
        let story = entry.story
        let outcome = story.outcome.map { ": \($0)" } ?? ""
        let (state, more): (String, String) =
            switch story.state {
            case .succeeded: ("succeeded", outcome)
            case .failed where story.kind == .request && entry.remark != nil:
                ("failed", entry.remark.map { ". \($0)" } ?? "")
            case .failed(let cause): ("failed", ": \(cause.why).\(cause.remedy.isEmpty ? "" : " " + cause.remedy)")
            case .abandoned: ("was given up", outcome)
            case .open where unreadable.isEmpty: ("was not finished", outcome)
            case .open: ("was begun, and how it ended could not be read", outcome)
            }
        let text = "\(story.title) \(state) (\(story.span))\(more)".collapsingStops
        return text.hasSuffix(".") ? text : text + "."
    }
}

extension Story {
    /// `012 to 020 in 0.3 s`
    fileprivate var span: String {
        guard let first = packets.first, let last = packets.last else { return "no packet" }
        let numbers = first == last ? padded(first) : "\(padded(first)) to \(padded(last))"
        guard let began, let ended, ended >= began, first != last else { return numbers }
        return "\(numbers) in \(Explain.span(Double(ended - began) / 1e9))"
    }

    /// A single request is worth a line only where something is wrong with it.
    fileprivate var isListed: Bool { kind != .request || state != .succeeded }

    /// True for what a day with a client is made of, which the sentences of a summary leave out.
    var isOfDay: Bool {
        switch kind {
        case .subscription, .roomJoin, .upload, .call, .fileTransfer, .command, .archiveQuery: true
        case .registration, .serviceRegistration, .passwordChange, .removal, .login, .encryption, .compression, .bind,
            .resumption, .component, .request:
            false
        }
    }
}
