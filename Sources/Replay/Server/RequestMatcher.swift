import Conversation
import XMLStream
import XMPP

/// Finds the recorded request that means the same as one that came: by what it asks for, not by when it was asked. What was
/// asked of somebody else is another request.
struct RequestMatcher {
    let exchanges: [RecordedExchange]
    /// What each of them is about.
    let subjects: [RequestSubject]
    /// The recorded connection that this one may stand for: its exchanges come first among equals.
    var likely: Int
    /// The exchanges that were played already, for this client.
    private var used: Set<Int> = []

    init(exchanges: [RecordedExchange], subjects: [RequestSubject], likely: Int) {
        self.exchanges = exchanges
        self.subjects = subjects
        self.likely = likely
    }

    /// Who asks, and where.
    struct Asker {
        let place: StreamPlace
        /// Its address in this run; nil before the login.
        let own: JID?
        /// The recorded user whom it stands for; nil before the login, and for one without a name.
        let user: String?
        /// What recorded values are in this run.
        let values: ValueMap
    }

    /// The index of the exchange to be played for a request; nil if nothing like it was recorded.
    ///
    /// - Parameter wants: what the exchange must be like, such as one that ends in an error; nil if there is no wish.
    mutating func take(
        _ request: Element,
        by asker: Asker,
        wants: ((RecordedExchange) -> Bool)?
    ) -> Int? {
        let subject = RequestSubject(request, own: asker.own, domain: asker.place.domain)
        let fitting = exchanges.indices.filter { index in
            subject.isAlike(subjects[index]) && isForTheSame(index, subject, asker)
        }
        let ranked = fitting.map { index in (index, rank(index, subject, asker, wants)) }
        guard let best = ranked.max(by: { $0.1 < $1.1 || ($0.1 == $1.1 && $0.0 > $1.0) }) else { return nil }
        // All that were recorded have been played: the last one is played again.
        let index = used.contains(best.0) ? ranked.filter { $0.1 == best.1 }.map(\.0).max() ?? best.0 : best.0
        used.insert(index)
        return index
    }

    /// To whom such requests were recorded, if only to others: their addresses and nodes in words, each once.
    func others(like request: Element, by asker: Asker) -> [String] {
        let subject = RequestSubject(request, own: asker.own, domain: asker.place.domain)
        var seen: Set<String> = []
        return exchanges.indices.filter { subject.isAlike(subjects[$0]) }
            .map { Self.target(exchanges[$0].element) }.filter { seen.insert($0).inserted }
    }

    /// To whom a request is, in words.
    static func target(_ request: Element?) -> String {
        let to = request?["to"].map { $0.shown(limit: 80) } ?? "the account itself"
        let payload = request?.firstChild
        let node = payload?["node"] ?? payload?.firstChild?["node"]
        return node.map { "\(to), node \($0.quoted(limit: 60))" } ?? to
    }

    // MARK: Whom it is for

    /// True if the recorded answer is one that the addressee of this request gives, or if there is none in anybody's name.
    private func isForTheSame(_ index: Int, _ subject: RequestSubject, _ asker: Asker) -> Bool {
        let recorded = subjects[index]
        guard asker.values.value(recorded.node) == subject.node else { return false }
        // The first page in place of another would be read for ever.
        guard recorded.page == subject.page else { return false }
        let one = recorded.addressee.address(exchanges[index].place.domain).map { asker.values.jid(JID($0)) }
        let other = subject.addressee.address(asker.place.domain).map { JID($0) }
        switch (one, other) {
        case (nil, nil): return true
        case (let one?, let other?):
            if one == other { return true }
            // Nicknames and devices are anybody's choice, and so is whom one writes to where nobody answers.
            guard subject.name != "iq" else { return false }
            return one.bare == other.bare || isUnanswered(index, subject)
        case (_?, nil), (nil, _?):
            let areHome = recorded.addressee.isHome && subject.addressee.isHome
            return isUnanswered(index, subject)
                || areHome && (subject.isForAnyHome || isBeforeLogin(index, asker))
        }
    }

    /// Before a login there is no account to be asked.
    private func isBeforeLogin(_ index: Int, _ asker: Asker) -> Bool {
        !asker.place.stage.isLoggedIn && !exchanges[index].place.stage.isLoggedIn
    }

    private func isUnanswered(_ index: Int, _ subject: RequestSubject) -> Bool {
        subject.name == "message" && subject.type != "groupchat" && exchanges[index].answers.isEmpty
    }

    // MARK: Which of several

    private func rank(
        _ index: Int,
        _ subject: RequestSubject,
        _ asker: Asker,
        _ wants: ((RecordedExchange) -> Bool)?
    ) -> Int {
        let (exchange, other) = (exchanges[index], subjects[index])
        let stage = asker.place.stage
        // The weightiest first.
        let reasons = [
            wants.map { $0(exchange) } ?? false,
            exchange.place.stage.isLoggedIn == stage.isLoggedIn,
            exchange.place.domain == asker.place.domain,
            exchange.user == asker.user,
            other.fields == subject.fields,
            isExactly(other.addressee, subject.addressee, asker),
            other.shape == subject.shape,
            other.values.mapValues(asker.values.value) == subject.values,
            !used.contains(index),
            exchange.connection == likely,
            exchange.place.stage.isSecured == stage.isSecured,
        ]
        return reasons.reduce(0) { $0 * 2 + ($1 ? 1 : 0) }
    }

    private func isExactly(
        _ recorded: RequestSubject.Addressee,
        _ now: RequestSubject.Addressee,
        _ asker: Asker
    ) -> Bool {
        guard case .other(let one) = recorded, case .other(let other) = now else { return recorded == now }
        return asker.values.jid(JID(one)).description == other
    }
}
