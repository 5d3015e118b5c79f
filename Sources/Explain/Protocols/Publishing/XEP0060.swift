import XMPP

extension ProtocolEntry {
    /// Publish-subscribe (XEP-0060): its errors say more than the general conditions (section 14).
    static let pubsub: ProtocolEntry = {
        var entry = ProtocolEntry(
            "XEP-0060",
            "Publish-Subscribe",
            [
                "http://jabber.org/protocol/pubsub", "http://jabber.org/protocol/pubsub#errors",
                "http://jabber.org/protocol/pubsub#event", "http://jabber.org/protocol/pubsub#owner",
            ]
        )
        entry.conditions = [
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
        return entry
    }()
}
