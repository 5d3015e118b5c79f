import Conversation
import XMLStream
import XMPP

/// What a request is about.
struct RequestSubject: Sendable, Equatable {
    /// To whom it is, as seen from who sends it.
    enum Addressee: Sendable, Hashable {
        /// The own account: no addressee, or its own bare address (RFC 6120 section 10.3.3).
        case account
        /// The host of the stream.
        case host
        case other(String)

        init(_ to: String?, own: JID?, domain: String) {
            guard let to, to != own?.bare else {
                self = .account
                return
            }
            self = to == domain ? .host : .other(to)
        }

        /// Nil for the account.
        func address(_ domain: String) -> String? {
            switch self {
            case .account: nil
            case .host: domain
            case .other(let address): address
            }
        }

        var isHome: Bool {
            switch self {
            case .account, .host: true
            case .other: false
            }
        }
    }

    let name: String
    let type: String
    let payload: String
    /// Of publish-subscribe and of a room's owner, what is to be done; else empty.
    let action: String
    /// The node that is asked for (XEP-0030, XEP-0050, XEP-0060); empty if none is.
    let node: String
    /// Behind or before what a page of a list begins (XEP-0059); empty for the first one.
    let page: String
    /// The names of what it holds.
    let shape: [String]
    /// All values in it but its ids, with their places.
    let values: [String: String]
    /// What a registration does (XEP-0077): the names of its fields, `remove`, or a form.
    let fields: [String]
    let addressee: Addressee

    /// - Parameters:
    ///   - own: the address of who asks; nil before the login.
    ///   - domain: the host of the stream.
    init(_ element: Element, own: JID?, domain: String) {
        let payload = element.name == "iq" ? element.firstChild : nil
        name = element.namespace == NS.client ? element.name : "\(element.name) \(element.namespace)"
        type = element["type"] ?? ""
        self.payload = payload.map { "\($0.name) \($0.namespace)" } ?? ""
        action = payload.map(Self.action) ?? ""
        node = payload?["node"] ?? payload?.firstChild?["node"] ?? ""
        let pages = payload?.child("set", Self.pages)?.children.filter { ["after", "before"].contains($0.name) } ?? []
        page = pages.map(\.trimmedText).joined(separator: " ")
        shape = (payload ?? element).children.map(\.name).sorted()
        fields = payload.flatMap { $0.is("query", NS.register) ? Self.fieldNames($0) : nil } ?? []
        addressee = Addressee(element["to"], own: own, domain: domain)
        var places = ValuePlaces()
        for child in element.children { places.gather(child, child.name) }
        values = places.values
    }

    init(_ exchange: RecordedExchange) {
        self.init(
            exchange.element ?? Element(name: "", namespace: ""),
            own: exchange.asker,
            domain: exchange.place.domain
        )
    }

    static let pages = "http://jabber.org/protocol/rsm"

    /// What makes two requests ask for the same, whoever is asked.
    struct Kind: Hashable {
        let name: String
        let type: String
        let payload: String
        let action: String
        let node: String
        let isRemoval: Bool
    }

    var kind: Kind {
        Kind(
            name: name,
            type: type,
            payload: payload,
            action: action,
            node: node,
            isRemoval: fields.contains("remove")
        )
    }

    /// The same kind of request: of a registration, the same of its four uses.
    func isAlike(_ other: RequestSubject) -> Bool {
        guard name == other.name, type == other.type, payload == other.payload, action == other.action else {
            return false
        }
        return fields.contains("remove") == other.fields.contains("remove")
    }

    /// True for what one asks one's server without caring whether it is called by its name.
    var isForAnyHome: Bool {
        [NS.register, NS.bind, NS.session, NS.auth, NS.ping].contains { payload.hasSuffix(" \($0)") }
    }

    private static func action(_ payload: Element) -> String {
        let isOfNodes = payload.namespace.hasPrefix("http://jabber.org/protocol/pubsub")
        guard isOfNodes || payload.namespace == NS.muc + "#owner" else { return "" }
        return payload.firstChild?.name ?? "nothing"
    }

    private static func fieldNames(_ query: Element) -> [String] {
        let form = query.child("x", NS.dataForms)?.children.filter { $0.name == "field" && !$0.children.isEmpty }
        let plain = query.children.filter { $0.name != "x" }.map {
            $0.trimmedText.isEmpty && $0.name != "remove" ? "empty \($0.name)" : $0.name
        }
        return (plain + (form ?? []).compactMap { $0["var"] }.filter { $0 != "FORM_TYPE" }).sorted()
    }
}

/// Gathers the values of a request by their places, which only tell which of several recorded requests is the likest: of a huge
/// one its beginning does.
private struct ValuePlaces {
    private(set) var values: [String: String] = [:]
    /// How often each path came.
    private var counts: [String: Int] = [:]
    /// Bytes of all paths.
    private var size = 0

    private static let limit = (values: 1000, bytes: 256 * 1024)

    private var isFull: Bool { values.count >= Self.limit.values || size >= Self.limit.bytes }

    mutating func gather(_ element: Element, _ path: String) {
        for attribute in element.attributes where !ValuePairs.identifiers.contains(attribute.name) && !isFull {
            add(attribute.value, at: "\(path)/@\(attribute.name)")
        }
        if isFull { return }
        let text = element.trimmedText
        if !text.isEmpty { add(text, at: path) }
        for case .element(let child) in element.nodes {
            if isFull { return }
            gather(child, "\(path)/\(child.name)")
        }
    }

    /// Brothers of the same name are told apart by how many came before.
    private mutating func add(_ value: String, at path: String) {
        let count = counts[path, default: 0] + 1
        counts[path] = count
        values[count == 1 ? path : "\(path) \(count)"] = value
        size += path.utf8.count
    }
}

/// The values of two packets that stand in the same places.
enum ValuePairs {
    /// Attributes by which one packet refers to another, which whoever asks makes up.
    static let identifiers: Set<String> = ["id", "queryid", "sid", "sessionid", "previd"]

    /// Recorded → now, for those that differ.
    static func pairs(_ recorded: Element, _ now: Element) -> [String: String] {
        var pairs: [String: String] = [:]
        add(recorded, now, &pairs)
        return pairs
    }

    private static func add(_ recorded: Element, _ now: Element, _ pairs: inout [String: String]) {
        // Of pages only numbers and ids are told, which stand for nothing else in the answer (XEP-0059).
        if recorded.namespace == RequestSubject.pages { return }
        let (one, other) = (recorded.trimmedText, now.trimmedText)
        if !one.isEmpty, !other.isEmpty, one != other { pairs[one] = other }
        for name in identifiers {
            if let id = recorded[name], let nowID = now[name], id != nowID { pairs[id] = nowID }
        }
        for child in recorded.children {
            if let other = now.child(child.name, child.namespace) { add(child, other, &pairs) }
        }
    }
}
