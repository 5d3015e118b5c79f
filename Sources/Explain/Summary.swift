import Session
import XMPP

extension Conversation {
    /// What happened on the whole: each thing that was tried with its result, then `facts`.
    func summary(facts: String, unanswered: [Request]) -> String {
        var sentences = outcomeSentences(facts)
        if sentences.isEmpty { sentences.append("\(capitalized(whatItWas)): \(facts).") }
        for (side, error) in streamErrors where !isExpected(error) {
            let sender = error.isSentByProxy ? "stanzatap" : "The \(side)"
            let text = "\(sender) ended the stream with the error \(error.condition.shown()): \(error.meaning)."
            sentences.append(text)
            if error.isSentByProxy, let says = error.text { sentences.append("It said: \(says.quoted()).") }
        }
        if !unanswered.isEmpty {
            let numbers = unanswered.prefix(5).map { padded($0.number) }.listed()
            let more = unanswered.count > 5 ? " and others" : ""
            sentences.append(
                "No answer was seen to \(unanswered.count == 1 ? "packet" : "the packets") \(numbers)\(more)."
            )
        }
        return sentences.joined(separator: " ")
    }

    private func outcomeSentences(_ facts: String) -> [String] {
        guard let first = outcomes.first else { return [] }
        let clauses = outcomes.enumerated().map { index, outcome in
            (index == 0 ? outcome.what : lowercasedStart(outcome.what)) + " " + outcome.result.verb
        }
        // Many attempts on one connection would make a sentence that nobody reads: tell the first and the last ones.
        let told =
            clauses.count <= 6 ? clauses : clauses.prefix(3) + ["… (\(clauses.count - 5) more)"] + clauses.suffix(2)
        if outcomes.count == 1, first.result == .pending, let suspicion = first.suspicion {
            return ["\(told[0]), probably because \(suspicion.why). \(suspicion.remedy) \(capitalized(facts))."]
        }
        guard outcomes.count == 1, case .failed(let why, let remedy) = first.result else {
            let reasons = outcomes.compactMap(\.reason)
            return ["\(told.joined(separator: ", then ")): \(facts)."] + Array(reasons.suffix(2))
        }
        return ["\(first.what) failed: \(why).\(remedy.isEmpty ? "" : " " + remedy) \(capitalized(facts))."]
    }

    private func lowercasedStart(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }

    /// What kind of connection it was, where nothing with a result happened.
    private var whatItWas: String {
        let domain = domain.map { " with \($0.shown(limit: 100))" } ?? ""
        if awaitsTLS || isEncrypted { return "an encrypted connection\(domain)" }
        return versions.isEmpty ? "a connection without an XMPP stream" : "a connection\(domain)"
    }

    /// After an account is removed, its server ends the stream with an error; that is how it must be.
    private func isExpected(_ error: StreamErrorReport) -> Bool {
        outcomes.contains { $0.what.hasPrefix("Removal") && $0.result == .succeeded }
            && ["not-authorized", "conflict"].contains(error.condition)
    }
}

extension Outcome.Result {
    fileprivate var verb: String {
        switch self {
        case .pending: "was not finished"
        case .succeeded: "succeeded"
        case .failed: "failed"
        }
    }
}

extension Outcome {
    fileprivate var reason: String? {
        guard case .failed(let why, let remedy) = result else { return nil }
        return "\(what) failed because \(why).\(remedy.isEmpty ? "" : " " + remedy)"
    }
}
