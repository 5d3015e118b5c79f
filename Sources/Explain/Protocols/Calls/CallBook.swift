import Session
import XMLStream
import XMPP

/// Calls and other sessions between clients, by their ids: what was proposed by messages (XEP-0353) and what was negotiated (XEP-0166).
struct CallBook {
    struct Call {
        let id: String
        let story: Int?
        /// The packet that proposed it; nil for one that began with its session.
        var proposal: Int?
        /// The packet that offered the session; nil as long as it is only proposed.
        var offer: Int?
        /// When it was accepted, in nanoseconds since 1970.
        var accepted: UInt64?
        var isAccepted = false
        /// True if what it is about is a file.
        var isFile = false
        /// True if people speak in it.
        var isMedia = false
        /// What it is about by words: `an audio call`.
        var what: String?
        /// The packet that ended it.
        var end: Int?
    }

    private var calls: [String: Call] = [:]
    private var order: [String] = []
    /// Calls that are remembered.
    private static let limit = 128

    subscript(id: String) -> Call? { calls[String(id.prefix(200))] }

    mutating func begin(_ call: Call) {
        let key = String(call.id.prefix(200))
        if calls[key] == nil {
            if order.count == Self.limit { calls[order.removeFirst()] = nil }
            order.append(key)
        }
        calls[key] = call
    }

    mutating func change(_ id: String, _ body: (inout Call) -> Void) {
        let key = String(id.prefix(200))
        guard var call = calls[key] else { return }
        body(&call)
        calls[key] = call
    }
}

extension Scene {
    /// That packet is a step of the call; a request's answer belongs to it too.
    mutating func goOn(_ call: CallBook.Call?, _ packet: Packet, isRequest: Bool) {
        guard let call, call.end == nil, let story = call.story else { return }
        stories.goOn(story, packet, isRequest: isRequest)
    }

    /// The call is over.
    ///
    /// - Parameter reason: the `<reason/>` (XEP-0166 section 7.4), nil for none.
    mutating func end(_ call: CallBook.Call?, _ reason: Element?, _ packet: Packet, isRequest: Bool) {
        guard let call, call.end == nil else { return }
        calls.change(call.id) { $0.end = packet.number }
        guard let story = call.story else { return }
        if isRequest { stories.goOn(story, packet, isRequest: true) }
        stories.settle(story, JingleReason(reason).state(isAccepted: call.isAccepted), packet)
    }

    /// How long the call has lasted, behind a comma; empty if nobody knows.
    func duration(of call: CallBook.Call?, _ packet: Packet) -> String {
        guard let from = call?.accepted, let to = packet.time, to >= from else { return "" }
        let seconds = Double(to - from) / 1e9
        if seconds < 60 { return " after \(span(seconds))" }
        let (minutes, rest) = (Int(seconds) / 60, Int(seconds) % 60)
        return " after \(counted(minutes, "minute"))\(rest == 0 ? "" : " and \(counted(rest, "second"))")"
    }
}

/// Why a session ends or something in it is refused (XEP-0166 section 7.4).
struct JingleReason {
    /// `busy`; nil without a reason.
    let name: String?
    let text: String?
    /// A condition of the application's own.
    let special: Element?
    /// The session that takes its place.
    let alternative: String?

    init(_ reason: Element?) {
        let namespace = reason?.namespace ?? ""
        let parts = (reason?.children ?? []).filter { $0.name != "text" }
        let own = parts.first { $0.namespace == namespace && JingleReason.meanings[$0.name] != nil } ?? parts.first
        name = own?.name
        text = reason?.child("text")?.text.trimmed.nonEmpty
        special = parts.first { $0.namespace != namespace }
        alternative = own?.child("sid")?.text.trimmed.nonEmpty
    }

    /// A clause.
    var meaning: String {
        guard let name else { return "no reason is given" }
        if let special, let row = ProtocolTable.row(of: special.namespace),
            let meaning = ProtocolTable.entries[row].conditions[special.name]
        {
            return meaning
        }
        if name == "alternative-session", let alternative {
            return "the session \(alternative.shown(limit: 60)) is to be used instead"
        }
        return Self.meanings[name] ?? "for a reason that XEP-0166 does not have"
    }

    /// The same with its name in brackets.
    var told: String {
        guard let name else { return meaning }
        let names = [special?.name, name].compactMap { $0?.shown(limit: 40) }
        return "\(meaning) (\(Array(names.prefix(special?.name == name ? 1 : 2)).joined(separator: ", ")))"
    }

    /// The text of the other side, as a sentence with a blank before it.
    var says: String { text.map { " It says: \($0.quoted(limit: 120))." } ?? "" }

    func state(isAccepted: Bool) -> Story.State {
        switch name {
        case "success": return .succeeded
        case nil, "gone": return isAccepted ? .succeeded : .abandoned
        case "cancel": return isAccepted ? .succeeded : .abandoned
        case "alternative-session",
            "expired" where isAccepted:
            return .succeeded
        default: return .failed(Cause(why: told, remedy: ""))
        }
    }

    private static let meanings: [String: String] = [
        "alternative-session": "another session is to be used instead",
        "busy": "the line is busy",
        "cancel": "it was called off",
        "connectivity-error": "there is a problem with the connection",
        "decline": "it was declined",
        "expired": "its time is up",
        "failed-application": "the application could not be set up",
        "failed-transport": "no direct connection came about",
        "general-error": "there was an error in the application",
        "gone": "it is going offline",
        "incompatible-parameters": "the application is known, but not with these parameters",
        "media-error": "there is a problem with the media",
        "security-error": "the rules of security there do not allow it",
        "success": "it ended as it should",
        "timeout": "there was no answer in time",
        "unsupported-applications": "none of what was offered is supported there",
        "unsupported-transports": "none of the offered ways of transport is supported there",
    ]
}
