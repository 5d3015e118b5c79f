import Conversation
import XMLStream
import XMPP

/// Finds the recorded request that means the same as one that came: by what it asks for, not by when it was asked.
struct RequestMatcher {
    let exchanges: [RecordedExchange]
    /// What each of them is about.
    let subjects: [Subject]
    /// The recorded connection that this one may stand for: its exchanges come first among equals.
    let likely: Int
    /// The exchanges that were played already, for this client.
    var used: Set<Int> = []

    /// What a request is about, whatever its values.
    struct Subject: Equatable {
        let name: String
        let type: String
        let payload: String
        let node: String
        /// What a registration does (XEP-0077): the names of its fields, `remove`, or a form.
        let fields: [String]
        let addressee: Addressee

        enum Addressee: Equatable { case server, own, other }
    }

    /// The exchange to be played for a request; nil if nothing like it was recorded.
    ///
    /// - Parameter wants: what the exchange must be like, such as one that ends in an error; nil if there is no wish.
    mutating func take(
        _ request: Element,
        at stage: StreamStage,
        own: JID?,
        domain: String,
        wants: ((RecordedExchange) -> Bool)?
    ) -> RecordedExchange? {
        let subject = Self.subject(of: request, own: own, domain: domain)
        let alike = exchanges.indices.filter { Self.isAlike(subject, subjects[$0]) }
        let ranked = alike.map { index in (index, rank(index, subject, stage, wants)) }
        guard let best = ranked.max(by: { $0.1 < $1.1 || ($0.1 == $1.1 && $0.0 > $1.0) }) else { return nil }
        // All that were recorded have been played: the last one is played again.
        let index = used.contains(best.0) ? ranked.filter { $0.1 == best.1 }.map(\.0).max() ?? best.0 : best.0
        used.insert(index)
        return exchanges[index]
    }

    private func rank(
        _ index: Int,
        _ subject: Subject,
        _ stage: StreamStage,
        _ wants: ((RecordedExchange) -> Bool)?
    ) -> Int {
        let exchange = exchanges[index]
        var rank = 0
        if let wants { rank += wants(exchange) ? 128 : 0 }
        if exchange.stage.isLoggedIn == stage.isLoggedIn { rank += 64 }
        let other = subjects[index]
        if other.fields == subject.fields { rank += 32 }
        if other.addressee == subject.addressee { rank += 16 }
        if other.node == subject.node { rank += 8 }
        if !used.contains(index) { rank += 4 }
        if exchange.connection == likely { rank += 2 }
        if exchange.stage.isSecured == stage.isSecured { rank += 1 }
        return rank
    }

    /// The same kind of request: of a registration, the same of its four uses.
    private static func isAlike(_ one: Subject, _ other: Subject) -> Bool {
        guard one.name == other.name, one.type == other.type, one.payload == other.payload else { return false }
        return one.fields.contains("remove") == other.fields.contains("remove")
    }

    /// What a recorded request is about, as its own client saw it.
    static func subject(_ exchange: RecordedExchange) -> Subject {
        let own = exchange.session ?? exchange.user.map { JID(local: $0, domain: "", resource: nil) }
        return subject(of: exchange.element ?? Element(name: "", namespace: ""), own: own, domain: nil)
    }

    static func subject(of element: Element, own: JID?, domain: String?) -> Subject {
        let payload = element.name == "iq" ? element.children.first : nil
        let isRegistration = payload?.is("query", NS.register) == true
        let fields = isRegistration ? fieldNames(payload) : []
        return Subject(
            name: element.namespace == NS.client ? element.name : "\(element.name) \(element.namespace)",
            type: element["type"] ?? "",
            payload: payload.map { "\($0.name) \($0.namespace)" } ?? "",
            node: payload?["node"] ?? "",
            fields: fields,
            addressee: addressee(element["to"], own, domain)
        )
    }

    private static func fieldNames(_ query: Element?) -> [String] {
        let form = query?.child("x", NS.dataForms)?.children.filter { $0.name == "field" && !$0.children.isEmpty }
        let plain = query?.children.filter { $0.name != "x" }.map {
            $0.trimmedText.isEmpty && $0.name != "remove" ? "empty \($0.name)" : $0.name
        }
        return ((plain ?? []) + (form ?? []).compactMap { $0["var"] }.filter { $0 != "FORM_TYPE" }).sorted()
    }

    private static func addressee(_ to: String?, _ own: JID?, _ domain: String?) -> Subject.Addressee {
        guard let to else { return .server }
        let jid = JID(to)
        guard let local = jid.local else { return domain == nil || jid.domain == domain ? .server : .other }
        return local == own?.local ? .own : .other
    }
}
