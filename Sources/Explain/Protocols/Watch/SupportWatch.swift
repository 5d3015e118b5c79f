import Session
import XMLStream
import XMPP

/// Holds requests against what the asked one has said of itself (XEP-0030). Only protocols that must be announced count, and only what was said
/// before the request.
struct SupportWatch: Watcher {
    private struct Answer {
        let features: Set<String>
        let packet: Int
    }

    /// By address. No real client asks as many; a hostile peer shall not cost much.
    private var answers: [String: Answer] = [:]
    private static let limit = 256
    private var told: Set<String> = []

    /// Who has to announce a protocol.
    private enum Place {
        /// The server of the account.
        case server
        /// The account or its server.
        case account
        /// Whoever is asked.
        case addressee
    }

    private static let places: [String: Place] = [
        "urn:xmpp:carbons:2": .server,
        "urn:xmpp:blocking": .server,
        "urn:xmpp:push:0": .account,
        "urn:xmpp:mam:0": .account, "urn:xmpp:mam:1": .account, "urn:xmpp:mam:2": .account,
        "urn:xmpp:http:upload:0": .addressee,
        "http://jabber.org/protocol/pubsub": .account,
        "jabber:iq:search": .addressee,
        "urn:xmpp:extdisco:2": .addressee,
    ]

    mutating func pass(_ packet: Packet, _ scene: inout Scene) -> [Finding] {
        guard let iq = packet.element, iq.name == "iq", scene.streamKind == .client else { return [] }
        switch packet.direction {
        case .serverToClient:
            learn(iq, packet, scene)
            return []
        case .clientToServer: return packet.isSentByProxy ? [] : judge(iq, scene)
        }
    }

    private mutating func learn(_ iq: Element, _ packet: Packet, _ scene: Scene) {
        guard iq["type"] == "result", let request = packet.answers?.element, !packet.pairing.isGuess,
            let query = iq.child("query", NS.discoInfo), query["node"] == nil,
            request.child("query", NS.discoInfo)?["node"] == nil,
            let address = request["to"]?.nonEmpty ?? scene.bareJID
        else { return }
        let key = address.addressKey
        guard answers.count < Self.limit || answers[key] != nil else { return }
        var features = Set(query.children.filter { $0.name == "feature" }.compactMap { $0["var"] })
        // Personal eventing is announced as an identity (XEP-0163 section 6.1).
        if query.children.contains(where: { $0.name == "identity" && $0["category"] == "pubsub" }) {
            features.insert(Pubsub.namespace)
        }
        answers[key] = Answer(features: features, packet: packet.number)
    }

    private mutating func judge(_ iq: Element, _ scene: Scene) -> [Finding] {
        guard ["get", "set"].contains(iq["type"]), let payload = iq.firstChild,
            let place = Self.places[payload.namespace], let domain = scene.domain?.addressKey
        else { return [] }
        let account = scene.bareJID?.addressKey
        let to = iq["to"]?.nonEmpty?.addressKey
        let isOwn = to == nil || to == account || to == domain
        let asked: [String?] =
            switch place {
            case .server where isOwn: [domain]
            case .account where isOwn: [account, domain]
            case .addressee, .account: [to]
            case .server: []
            }
        let heard = asked.compactMap { $0.flatMap { answers[$0] } }
        let own = [account, domain].compactMap { $0.flatMap { answers[$0] } }
        guard !heard.isEmpty, heard.count == asked.count,
            // Parts of it count too, and servers announce for accounts what they do for them, and the other way round.
            !(heard + (isOwn ? own : [])).contains(where: { answer in
                answer.features.contains { $0.hasPrefix(payload.namespace) }
            }), told.insert(payload.namespace + (to ?? "")).inserted
        else { return [] }
        let whom = place == .addressee || !isOwn ? iq["to"]?.shown(limit: 100) ?? "" : "the server"
        let packets = heard.map { padded($0.packet) }.listed()
        return [
            Finding(
                .notSupported,
                "\(whom) did not name \(protocolName(payload.namespace)) among what it supports (\(packets)), so it need not understand this."
            )
        ]
    }
}

extension FindingCode {
    static let notSupported = warning(
        "feature.not-supported",
        "XEP-0030 section 3.1",
        "The client asks for something that the other side has not named among what it supports, although it was asked. It will most likely be refused; let the client look into that answer first."
    )
}
