import XMPP

/// What one session achieves and the other does not: stories that only one has, or that end in another way.
struct StoryComparison {
    /// A difference that a person would name first.
    struct Told: Sendable {
        let sentence: String
        /// The row of the session's comparison where it begins to show.
        let row: Int
    }

    private let session: SessionComparison
    private let rowsOfA: [Int: Int]
    private let rowsOfB: [Int: Int]

    init(_ session: SessionComparison) {
        self.session = session
        let rows = session.rows.enumerated()
        rowsOfA = Dictionary(rows.compactMap { row in row.element.inA?.number.map { ($0, row.offset) } }) { one, _ in
            one
        }
        rowsOfB = Dictionary(rows.compactMap { row in row.element.inB?.number.map { ($0, row.offset) } }) { one, _ in
            one
        }
    }

    /// The first one; nil if both achieve the same.
    func first() -> Told? {
        var others = session.two.stories.filter { $0.kind != .request }
        var found: [Told] = []
        for story in session.one.stories where story.kind != .request {
            guard let index = counterpart(of: story, in: others) else {
                found.append(only(story, isInA: true))
                continue
            }
            let other = others.remove(at: index)
            if let told = outcome(story, other) { found.append(told) }
        }
        found += others.map { only($0, isInA: false) }
        return found.filter { isDifferent($0.row) }.min { $0.row < $1.row }
    }

    private func isDifferent(_ row: Int) -> Bool {
        session.rows.indices.contains(row) && session.rows[row].weight == .major
    }

    /// The story that begins with the same packet, else the first one of its kind.
    private func counterpart(of story: Story, in others: [Story]) -> Int? {
        let rows = Set(story.packets.compactMap { rowsOfA[$0] })
        let alike = others.indices.filter { others[$0].kind == story.kind }
        return alike.first { others[$0].packets.contains { rowsOfB[$0].map(rows.contains) == true } } ?? alike.first
    }

    private func only(_ story: Story, isInA: Bool) -> Told {
        let (name, other) = isInA ? ("A", "B") : ("B", "A")
        let rows = story.packets.compactMap { (isInA ? rowsOfA : rowsOfB)[$0] }
        let row = rows.first { isDifferent($0) } ?? rows.first ?? 0
        let (mine, others) = isInA ? (session.one, session.two) : (session.two, session.one)
        let (count, otherCount) = (mine.count(story.kind), others.count(story.kind))
        let sentence =
            otherCount == 0
            ? "\(name) \(story.deed), \(other) does not"
            : "\(name) \(story.deed) more often than \(other) (\(count) to \(otherCount))"
        return Told(sentence: sentence, row: row)
    }

    private func outcome(_ one: Story, _ other: Story) -> Told? {
        guard one.state.name != other.state.name else { return nil }
        let rows = Set(one.packets.compactMap { rowsOfA[$0] } + other.packets.compactMap { rowsOfB[$0] }).sorted()
        let different = rows.filter(isDifferent)
        guard let last = different.last else { return nil }
        let (isOneFine, isOtherFine) = (one.state == .succeeded, other.state == .succeeded)
        if isOneFine != isOtherFine {
            let failed = isOneFine ? other : one
            let names = isOneFine ? ("B", "A") : ("A", "B")
            let refused = different.first { refusal(session.rows[$0], inA: !isOneFine) != nil }
            if failed.state.name == "fails", let refused, let why = refusal(session.rows[refused], inA: !isOneFine) {
                return Told(
                    sentence: "\(names.0)'s server refuses \(failed.noun) (\(why)) where \(names.1)'s accepts it",
                    row: refused
                )
            }
        }
        let states = "\(one.state.name) in A, but \(other.state.name) in B"
        return Told(
            sentence: "\(one.noun.prefix(1).uppercased() + one.noun.dropFirst()) \(states)",
            row: different.first ?? last
        )
    }

    /// The condition with which the server refuses something in that row.
    private func refusal(_ row: ComparisonRow, inA: Bool) -> String? {
        guard let packet = inA ? row.inA : row.inB, packet.direction == .serverToClient else { return nil }
        return packet.element?.errorCondition
    }
}

extension ComparedSession {
    fileprivate func count(_ kind: Story.Kind) -> Int { stories.count { $0.kind == kind } }
}

extension Story.State {
    /// What to say of a story in that state.
    fileprivate var name: String {
        switch self {
        case .open: "is not finished"
        case .succeeded: "succeeds"
        case .failed: "fails"
        case .abandoned: "is given up"
        }
    }
}

extension Story {
    /// What somebody does whose story it is: `registers`.
    fileprivate var deed: String {
        switch kind {
        case .registration: "registers"
        case .serviceRegistration: "registers with \(subject)"
        case .passwordChange: "changes the password"
        case .removal: "removes \(subject)"
        case .login: "logs in"
        case .encryption: "encrypts by STARTTLS"
        case .compression: "compresses the stream"
        case .bind: "binds a resource"
        case .resumption: "resumes an earlier session"
        case .subscription: "asks to see \(subject)"
        case .roomJoin: "enters the room \(subject)"
        case .component: "shakes hands as a component"
        case .upload: "asks for a place to upload a file to"
        case .call: "calls \(subject)"
        case .fileTransfer: "transfers a file"
        case .command: "runs the command \(subject)"
        case .archiveQuery: "queries \(subject)"
        case .request: "asks"
        }
    }

    /// What it is, in the middle of a sentence: `the registration`.
    fileprivate var noun: String {
        switch kind {
        case .registration: "the registration"
        case .serviceRegistration: "the registration with \(subject)"
        case .passwordChange: "the password change"
        case .removal: "the removal of \(subject)"
        case .login: "the login"
        case .encryption: "the encryption by STARTTLS"
        case .compression: "the compression"
        case .bind: "the binding of a resource"
        case .resumption: "the resumption of the earlier session"
        case .subscription: "the request to see \(subject)"
        case .roomJoin: "the entering of the room \(subject)"
        case .component: "the component's handshake"
        case .upload: "the request for a place to upload a file to"
        case .call: "the call with \(subject)"
        case .fileTransfer: "the transfer of a file"
        case .command: "the command \(subject)"
        case .archiveQuery: "the query of \(subject)"
        case .request: "the request"
        }
    }
}
