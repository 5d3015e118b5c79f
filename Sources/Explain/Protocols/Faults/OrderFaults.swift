import Session
import XMLStream
import XMPP

/// What is remembered of the steps of a connection, so that one out of its order is seen.
struct StreamOrder {
    /// How many streams each side opened.
    fileprivate var streams: [Side: Int] = [:]
    /// The id of the server's last stream.
    fileprivate var serverID: String?
    /// True once features were listed, until something calls for others.
    fileprivate var hasFeatures = false
    /// The last errors that were sent, the latest last.
    fileprivate var errors: [SentError] = []
    /// The ids of the client's requests with whom they went to, and the numbers of the packets.
    fileprivate var requests: [String: Int] = [:]

    /// The directions in which a stream error was sent.
    fileprivate var failed: Set<Direction> = []
    /// True if the client opened a new stream before it knew how its login ended (XEP-0305).
    var isAhead = false
    /// True while the client awaits the answer to its binding: what it sends meanwhile comes behind it.
    var isBinding = false

    fileprivate struct SentError {
        let direction: Direction
        let stanza: String
        let id: String
        let peer: String
        let number: Int
    }

    fileprivate static let limit = 512
}

extension Scene {
    /// What is out of order about a packet; to be asked before it is told, for that changes what is known.
    mutating func orderFindings(_ packet: Packet) -> [Finding] {
        switch packet.kind {
        case .header(let header, _): return headerOrder(header, packet)
        case .element(let element): return elementOrder(element, packet)
        case .end, .oversized: return []
        }
    }

    /// True where nothing was missed that could give a packet its right place.
    private func seesAll(_ packet: Packet) -> Bool {
        !beginsInMiddle && !packet.isSentByProxy && packet.otherDirectionIsReadable && unreadable.isEmpty
            && !encryption.isReplay
    }

    private mutating func headerOrder(_ header: Element, _ packet: Packet) -> [Finding] {
        let side = packet.direction.sender
        order.streams[side, default: 0] += 1
        guard side == .server else {
            order.isAhead = login != nil
            return doubledHeader(packet)
        }
        order.hasFeatures = false
        defer { order.serverID = header["id"]?.nonEmpty }
        var findings: [Finding] = []
        let (server, client) = (order.streams[.server, default: 0], order.streams[.client, default: 0])
        if seesAll(packet), client > 0, server > client {
            findings.append(
                Finding(.headerNeedless, "the server opens another stream, for which the client has not asked.")
            )
        }
        if let id = header["id"]?.nonEmpty, id == order.serverID {
            findings.append(
                Finding(
                    .headerID,
                    "the id \(id.quoted(limit: 60)) is that of the stream before; each must have one of its own (RFC 6120 section 4.7.3)."
                )
            )
        }
        return findings
    }

    /// A client that opens a stream anew when its session is complete.
    private func doubledHeader(_ packet: Packet) -> [Finding] {
        guard streamKind == .client, account.boundJID != nil || account.isResumed, seesAll(packet),
            afterLogin == .nothing
        else { return [] }
        return [
            Finding(
                .headerNeedless,
                "the client has its address already, and opens the stream anew all the same; nothing asks for that."
            )
        ]
    }

    private mutating func elementOrder(_ element: Element, _ packet: Packet) -> [Finding] {
        let late = afterError(element, packet)
        guard NS.stanzas.contains(element.namespace) else {
            return late + wrongSide(element, packet) + featureOrder(element, packet)
        }
        noteBinding(element, packet)
        var findings = late + early(element, packet)
        if element["type"] == "error" { findings += errorOrder(element, packet) }
        if element.name == "iq", packet.direction == .clientToServer { findings += requestOrder(element, packet) }
        return findings
    }

    /// What follows a stream error, behind which the stream can only be closed.
    private mutating func afterError(_ element: Element, _ packet: Packet) -> [Finding] {
        if element.is("error", NS.streams) {
            order.failed.insert(packet.direction)
            return []
        }
        guard order.failed.contains(packet.direction), !packet.isSentByProxy, !packet.isAfterEnd else { return [] }
        return [
            Finding(
                .afterStreamError,
                "its sender has ended the stream by an error already; only the end of the stream may follow (RFC 6120 section 4.9.1.1)."
            )
        ]
    }

    private mutating func noteBinding(_ stanza: Element, _ packet: Packet) {
        guard stanza.name == "iq" else { return }
        if packet.direction == .clientToServer {
            order.isBinding = order.isBinding || stanza.firstChild?.is("bind", NS.bind) == true
        } else if packet.answers?.element.firstChild?.is("bind", NS.bind) == true {
            order.isBinding = false
        }
    }

    /// What only one of both sides sends.
    private func wrongSide(_ element: Element, _ packet: Packet) -> [Finding] {
        guard streamKind == .client, !beginsInMiddle, !packet.isSentByProxy, let roles = nonzas[element.namespace]
        else {
            return []
        }
        let isClients = packet.direction == .clientToServer
        guard (isClients ? roles.server : roles.client).contains(element.name) else { return [] }
        return [
            Finding(
                .nonzaSide,
                "<\(element.name)/> is what a \(isClients ? "server" : "client") sends, but here the \(isClients ? "client" : "server") sends it."
            )
        ]
    }

    /// Features a second time on a stream on which nothing has happened that would change them.
    private mutating func featureOrder(_ element: Element, _ packet: Packet) -> [Finding] {
        guard packet.direction == .serverToClient else { return [] }
        guard element.is("features", NS.streams) else {
            order.hasFeatures = order.hasFeatures && !["success", "proceed", "compressed"].contains(element.name)
            return []
        }
        defer { order.hasFeatures = true }
        guard order.hasFeatures, streamKind == .client, seesAll(packet) else { return [] }
        return [
            Finding(
                .featuresAgain,
                "the server has listed its features on this stream already, and nothing has happened since that changes them."
            )
        ]
    }

    /// What a server delivers to a client that nobody can have written to yet.
    private func early(_ stanza: Element, _ packet: Packet) -> [Finding] {
        guard streamKind == .client, account.boundJID == nil, !account.isResumed,
            account.mechanism != Account.legacyMechanism, versions[.client] != nil, seesAll(packet)
        else { return [] }
        guard packet.direction == .serverToClient else { return earlyOfSession(stanza) }
        guard stanza.name != "iq", stanza["type"] != "error" else { return [] }
        if !account.isAuthenticated {
            return [
                Finding(
                    .beforeLogin,
                    "the server sends <\(stanza.name)/> to a client that has not logged in; nothing can be meant for it yet (RFC 6120 section 7.1)."
                )
            ]
        }
        return [
            Finding(
                .beforeBind,
                "the server sends <\(stanza.name)/> to a client that has not bound a resource, so it has no address yet (RFC 6120 section 7.1)."
            )
        ]
    }

    /// The client's own presence, and what else belongs to a bound resource.
    private func earlyOfSession(_ stanza: Element) -> [Finding] {
        guard account.isAuthenticated, stanza["to"]?.nonEmpty == nil, !order.isBinding else { return [] }
        let payload = stanza.name == "iq" ? stanza.firstChild?.namespace : nil
        let belongs = payload.map { [NS.roster, NS.session, "urn:xmpp:carbons:2"].contains($0) } ?? false
        guard stanza.name == "presence" || belongs else { return [] }
        return [
            Finding(
                .beforeBind,
                "the client has not bound a resource yet, for which alone this is meant (RFC 6120 section 7.1)."
            )
        ]
    }

    /// An error in answer to an error.
    private mutating func errorOrder(_ stanza: Element, _ packet: Packet) -> [Finding] {
        guard let id = stanza["id"]?.nonEmpty, packet.answers == nil else { return [] }
        let peer = (packet.direction == .clientToServer ? stanza["to"] : stanza["from"]) ?? ""
        let first = order.errors.last {
            $0.direction == packet.direction.opposite && $0.stanza == stanza.name && $0.id == id && $0.peer == peer
        }
        if order.errors.count == 32 { order.errors.removeFirst() }
        order.errors.append(
            StreamOrder.SentError(
                direction: packet.direction,
                stanza: stanza.name,
                id: id,
                peer: peer,
                number: packet.number
            )
        )
        // What somebody sends to himself comes back to him.
        guard let first, bareJID.map({ isAddress(peer, of: $0) }) != true else { return [] }
        return [
            Finding(
                .errorAnswered,
                "\(padded(first.number)) is an error itself, and must not be answered by another one (RFC 6120 section 8.3.1)."
            )
        ]
    }

    private mutating func requestOrder(_ iq: Element, _ packet: Packet) -> [Finding] {
        guard ["get", "set"].contains(iq["type"]), let id = iq["id"]?.nonEmpty else { return [] }
        var findings: [Finding] = []
        let key = "\(id) \(iq["to"] ?? "")"
        // Of two that are open at a time it is told elsewhere.
        if let first = order.requests[key], packet.reuses == nil {
            findings.append(
                Finding(
                    .idAgain,
                    "\(padded(first)) to the same address had the same id; each request should have its own (RFC 6120 section 8.1.3)."
                )
            )
        }
        if order.requests.count < StreamOrder.limit { order.requests[key] = packet.number }
        return findings
    }
}

/// What each side sends that is no stanza; what both may send is left out.
private let nonzas: [String: (client: Set<String>, server: Set<String>)] = [
    NS.streams: ([], ["features"]),
    NS.tls: (["starttls"], ["proceed", "failure"]),
    NS.sasl: (["auth", "response", "abort"], ["challenge", "success", "failure"]),
    NS.sasl2: (["authenticate", "response", "abort"], ["challenge", "success", "failure", "continue"]),
    NS.compression: (["compress"], ["compressed", "failure"]),
    NS.streamManagement2: (["enable", "resume"], ["enabled", "resumed", "failed"]),
    NS.streamManagement3: (["enable", "resume"], ["enabled", "resumed", "failed"]),
]

extension FindingCode {
    static let nonzaSide = warning(
        "nonza.wrong-side",
        "RFC 6120 section 4.9.3.24",
        "The element is one that only the other side of a stream sends: a client offers, accepts and confirms nothing, and a server asks for no login and no encryption. The receiver ends the stream or is misled by it."
    )
    static let featuresAgain = warning(
        "stream.features.repeated",
        "RFC 6120 section 4.3.2",
        "A server lists its features once on a stream, behind its header, and again after a login by SASL2. Clients take a second list for that of another stream, and lose their step."
    )
    static let afterStreamError = warning(
        "stream.after-error",
        "RFC 6120 section 4.9.1.1",
        "Something follows a stream error in the same direction. A stream error cannot be recovered from: its sender closes the stream, and the receiver reads nothing more."
    )
    static let errorAnswered = warning(
        "error.answers-error",
        "RFC 6120 section 8.3.1",
        "An error was answered by an error. It must not be, for two programs that do so go on for ever. Pass over errors that nothing was asked for."
    )
    static let idAgain = note(
        "iq.id.again",
        "RFC 6120 section 8.1.3",
        "A request has the id of an earlier one to the same address. If an answer comes late or twice, it is taken for that of the new request. Count the ids up or make them by chance."
    )
    static let orderFaults: [FindingCode] = [
        nonzaSide, featuresAgain, afterStreamError, errorAnswered, idAgain,
    ]
}
