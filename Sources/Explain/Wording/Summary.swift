import Session
import XMLStream
import XMPP

extension Scene {
    /// What happened on the whole: each thing that was tried with its result, then `facts`.
    func summary(facts: String, unanswered: [Request]) -> String {
        var sentences = outcomes(facts)
        if sentences.isEmpty { sentences.append("\(capitalized(whatItWas)): \(facts).") }
        if let tlsFailure { sentences.append(tlsFailure) }
        sentences += breakages.map { $0.breakage.sentence(of: carrier($0.direction.sender).name) }
        for error in streamErrors where !error.isExpected { sentences += told(error) }
        if let packet = counts.tooEarly {
            sentences.append("\(carrier(.client).start) sent the stanza \(padded(packet)) before it had logged in.")
        }
        let unanswered = proven(unanswered)
        if !unanswered.isEmpty {
            let numbers = unanswered.map(\.number).sorted().prefix(Self.unansweredLimit).map(padded)
            let listed = (unanswered.count > Self.unansweredLimit ? numbers + ["others"] : numbers).listed()
            sentences.append("No answer was seen to \(unanswered.count == 1 ? "packet" : "the packets") \(listed).")
        }
        return sentences.joined(separator: " ").collapsingStops
    }

    /// Requests without an answer that are told in a sentence.
    static var unansweredLimit: Int { 5 }

    /// An answer that may belong to either of two requests leaves neither of them without one for certain.
    func proven(_ unanswered: [Request]) -> [Request] {
        unanswered.filter { !guessedAnswers.contains($0.element["id"]) }
    }

    func told(_ error: StreamErrorReport) -> [String] {
        let sender = error.sender.isProxied ? "stanzatap" : error.sender.start
        if error.condition.isEmpty {
            return [
                "\(sender) ended the stream with an error\(error.text.map { ": \($0.quoted())" } ?? " that gives no reason")."
            ]
        }
        let text = "\(sender) ended the stream with the error \(error.condition.shown(limit: 60)): \(error.meaning)."
        return [text] + (error.text.map { ["It said: \($0.quoted())."] } ?? [])
    }

    // MARK: Stories

    private func outcomes(_ facts: String) -> [String] {
        let entries = summarized
        guard let first = entries.first else { return [] }
        if entries.count == 1 { return [alone(first, facts)] }
        let clauses = entries.enumerated().map { index, entry in
            index == 0 ? clause(entry) : lowercasedStart(clause(entry))
        }
        // Many attempts on one connection would make a sentence that nobody reads: tell the first and the last ones.
        let told =
            clauses.count <= 6 ? clauses : clauses.prefix(3) + ["… (\(clauses.count - 5) more)"] + clauses.suffix(2)
        let reasons = explained.compactMap { entry -> String? in
            guard case .failed(let cause) = entry.story.state else { return nil }
            return "\(entry.story.title) failed because \(cause.why).\(cause.remedy.isEmpty ? "" : " " + cause.remedy)"
        }
        return ["\(told.joined(separator: ", then ")): \(facts)."] + reasons
    }

    /// The failures whose cause and remedy are told: the only one, or the last ones that nothing has made good.
    var explained: [StoryBook.Entry] {
        let failed = summarized.filter { if case .failed = $0.story.state { true } else { false } }
        return summarized.count == 1 ? failed : failed.filter { !isSuperseded($0) }.suffix(2)
    }

    private func alone(_ entry: StoryBook.Entry, _ facts: String) -> String {
        if case .failed(let cause) = entry.story.state {
            let remedy = cause.remedy.isEmpty ? "" : " " + cause.remedy
            return "\(entry.story.title) failed: \(cause.why).\(remedy) \(capitalized(facts))."
        }
        if entry.story.state == .open, let suspicion = entry.suspicion {
            return "\(clause(entry)), probably because \(suspicion.why). \(suspicion.remedy) \(capitalized(facts))."
        }
        return "\(clause(entry)): \(facts)."
    }

    /// The stories that a reader wants to hear of: the great ones always, the small ones if they went wrong.
    private var summarized: [StoryBook.Entry] {
        stories.entries.filter { entry in
            let story = entry.story
            switch story.kind {
            case .registration, .serviceRegistration:
                // Who only asked what is wanted has registered nothing.
                return !(story.state == .succeeded && story.subject.isEmpty)
            case .login, .passwordChange, .removal: return true
            case .resumption: return story.state != .open
            case .encryption, .compression, .bind, .component:
                if case .failed = story.state { return true }
                return false
            // They have lines of their own.
            case .subscription, .roomJoin, .upload, .call, .fileTransfer, .command, .archiveQuery, .request:
                return false
            }
        }
    }

    private func clause(_ entry: StoryBook.Entry) -> String {
        if let remark = entry.remark, entry.story.state == .abandoned { return remark }
        switch entry.story.state {
        case .succeeded:
            return entry.story.title + " succeeded" + (entry.wantsMore ? ", after the server had asked for more" : "")
        case .failed: return entry.story.title + " failed"
        case .abandoned: return entry.story.title + " was given up"
        case .open: return openClause(entry.story)
        }
    }

    private func openClause(_ story: Story) -> String {
        if story.kind == .registration, story.subject.isEmpty {
            return "\(carrier(.client).start) asked how to register, but sent nothing"
        }
        // Where the answers could not be read, nobody knows what became of it.
        if unreadable.contains(.serverToClient) {
            return story.title + " was begun, and how it ended could not be read"
        }
        return story.title + " was not finished"
    }

    /// A refusal is forgotten when the same was done after it.
    private func isSuperseded(_ entry: StoryBook.Entry) -> Bool {
        stories.entries.contains {
            $0.story.id > entry.story.id && $0.story.kind == entry.story.kind && $0.story.state == .succeeded
                && $0.story.subject == entry.story.subject
        }
    }

    func lowercasedStart(_ text: String) -> String {
        text.hasPrefix("stanzatap") || text.first?.isUppercase != true
            ? text : text.prefix(1).lowercased() + text.dropFirst()
    }

    /// What kind of connection it was, where nothing with a result happened.
    private var whatItWas: String {
        let domain = domain.map { " with \($0.shown(limit: 100))" } ?? ""
        if encryption.isOpaque { return "an encrypted connection\(domain)" }
        if headers.isEmpty, counts.stanzas == 0, !beginsInMiddle { return "a connection without an XMPP stream" }
        return "a connection\(domain)"
    }
}
