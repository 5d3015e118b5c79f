import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Publish-subscribe (XEP-0060) and personal eventing (XEP-0163): its errors say more than the general conditions (section 14).
    static let pubsub: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0060",
            "Publish-Subscribe",
            [Pubsub.namespace, Pubsub.errors, Pubsub.event, Pubsub.owner]
        )
        entry.codes = [.pubsubPrivateOptions, .pubsubPrivateFromOthers, .pubsubOwnerNamespace]
        entry.conditions = pubsubConditions
        entry.teller = { StatelessTeller(body: tellPubsub) }
        return entry
    }()
}

/// The names of XEP-0060.
enum Pubsub {
    static let namespace = "http://jabber.org/protocol/pubsub"
    static let errors = "http://jabber.org/protocol/pubsub#errors"
    static let event = "http://jabber.org/protocol/pubsub#event"
    static let owner = "http://jabber.org/protocol/pubsub#owner"

    /// What is asked for: the first child, or that which others only add to.
    static func action(of pubsub: Element?) -> Element? {
        guard let pubsub, pubsub.namespace == namespace || pubsub.namespace == owner else { return nil }
        var first: Element?
        for case .element(let child) in pubsub.nodes where child.namespace == pubsub.namespace {
            switch child.name {
            case "publish", "create", "subscribe", "subscription": return child
            case "publish-options": continue
            default: first = first ?? child
            }
        }
        return first
    }
}

private let pubsubConditions = [
    "closed-node": "nobody may subscribe to the node",
    "configuration-required": "the node or the subscription must be configured first",
    "invalid-jid": "the address that is to be subscribed does not fit the sender's",
    "invalid-options": "an option is not valid",
    "invalid-payload": "the content of the item is not of the kind that the node wants",
    "invalid-subid": "the id of the subscription is not valid",
    "item-forbidden": "the node takes no items for this kind of publishing",
    "item-required": "an item is missing in the request",
    "jid-required": "the address of the subscriber is missing in the request",
    "max-items-exceeded": "more items were asked for than the node keeps or gives at once",
    "max-nodes-exceeded": "the account may not have more nodes",
    "node-full": "the node holds as many items as it may",
    "nodeid-required": "the name of the node is missing in the request",
    "not-in-roster-group": "only some groups of the owner's contact list may have it",
    "not-subscribed": "the account is not subscribed to the node",
    "payload-required": "the item must have content",
    "payload-too-big": "the item is larger than the node allows",
    "pending-subscription": "the subscription still waits for the owner's approval",
    "precondition-not-met": "the node exists with other settings than the request demands",
    "presence-subscription-required": "only those who may see the owner's presence may have it",
    "subid-required": "the account has several subscriptions, and the request does not say which is meant",
    "too-many-subscriptions": "the account may not have more subscriptions",
    "unsupported": "the service does not support this part of publish-subscribe",
    "unsupported-access-model": "the service does not support that access model",
]

private func tellPubsub(_ element: Element, _ place: Place, _ packet: Packet, _ scene: inout Scene) -> Telling? {
    guard let stanza = packet.element else { return nil }
    switch place {
    case .request:
        guard let action = Pubsub.action(of: element) else { return nil }
        return element.namespace == Pubsub.owner
            ? tellOwnerRequest(action, stanza, packet, &scene)
            : tellPubsubRequest(action, element, stanza, packet, &scene)
    case .answer(let request): return tellPubsubAnswer(element, request, stanza, packet, &scene)
    case .message:
        if element.namespace == Pubsub.event { return tellPubsubEvent(element, stanza, packet, &scene) }
        return tellAffiliationNews(element, stanza, packet, &scene)
    case .presence, .nonza: return nil
    }
}

extension FindingCode {
    static let pubsubPrivateOptions = warning(
        "pubsub.private.options",
        "XEP-0223 section 2",
        "Private data is published without publish-options that close the node to everybody else (access model whitelist). Where the node does not exist yet, the server makes it with its defaults, and those show a node of an account to all contacts."
    )
    static let pubsubPrivateFromOthers = warning(
        "pubsub.private.foreign",
        "XEP-0223 section 6",
        "An event with private data comes from somebody else than the own account. A client that takes it for its own lets anybody change its bookmarks or settings, so it must look at the sender."
    )
    static let pubsubOwnerNamespace = warning(
        "pubsub.owner.namespace",
        "XEP-0060 section 8",
        "What only an owner may ask for is asked in the namespace of everybody's requests. Services answer with bad-request or feature-not-implemented."
    )
}
