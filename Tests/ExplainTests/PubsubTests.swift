import Testing

private let pubsub = "xmlns='http://jabber.org/protocol/pubsub'"
private let owner = "xmlns='http://jabber.org/protocol/pubsub#owner'"
private let errors = "xmlns='http://jabber.org/protocol/pubsub#errors'"
private let conditions = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
private let service = "pubsub.jabber.test"

/// A request of the client to the service, and what it answers.
private func asked(_ type: String, _ payload: String, to: String? = service) -> String {
    "C <iq type='\(type)' id='q1'\(to.map { " to='\($0)'" } ?? "")><pubsub \(pubsub)>\(payload)</pubsub></iq>"
}
private func owned(_ type: String, _ payload: String) -> String {
    "C <iq type='\(type)' id='q1' to='\(service)'><pubsub \(owner)>\(payload)</pubsub></iq>"
}
private func answered(_ payload: String = "", from: String? = service) -> String {
    "S <iq type='result' id='q1'\(from.map { " from='\($0)'" } ?? "")>\(payload)</iq>"
}
private func refused(_ general: String, _ special: String = "", from: String? = service) -> String {
    "S <iq type='error' id='q1'\(from.map { " from='\($0)'" } ?? "")><error type='cancel'><\(general) \(conditions)/>\(special)</error></iq>"
}
private func event(_ payload: String, from: String = service, more: String = "") -> String {
    "S <message from='\(from)' to='romeo@jabber.test/orchard'><event xmlns='http://jabber.org/protocol/pubsub#event'>\(payload)</event>\(more)</message>"
}
private func form(_ kind: String, _ fields: String) -> String {
    "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#\(kind)</value></field>\(fields)</x>"
}
private func field(_ name: String, _ value: String) -> String {
    "<field var='pubsub#\(name)'><value>\(value)</value></field>"
}
private let closed = "<publish-options>\(form("publish-options", field("access_model", "whitelist")))</publish-options>"
private let entry = "<entry xmlns='http://www.w3.org/2005/Atom'><title>Tower opens</title></entry>"
private let publishNews = asked("set", "<publish node='news'><item id='n7'>\(entry)</item></publish>")
private let publishKey = asked(
    "set",
    "<publish node='keys'><item><key xmlns='urn:example:key'/></item></publish>",
    to: nil
)

private let publishing: [Case] = [
    Case(
        name: "publishing says what",
        lines: bound + [publishNews],
        says: [
            "The client publishes an entry in the node \"news\" at pubsub.jabber.test, as the item \"n7\": \"Tower opens\""
        ],
        never: ["Warning"]
    ),
    Case(
        name: "it is published",
        lines: bound + [
            publishNews, answered("<pubsub \(pubsub)><publish node='news'><item id='n7'/></publish></pubsub>"),
        ],
        says: ["The entry is published in the node \"news\" at pubsub.jabber.test"],
        never: ["n7\""]
    ),
    Case(
        name: "the id that the service gave",
        lines: bound + [
            publishKey,
            answered("<pubsub \(pubsub)><publish node='keys'><item id='k9'/></publish></pubsub>", from: nil),
        ],
        says: ["The item is published in the node \"keys\" of the client's own account, under the id \"k9\"."]
    ),
    Case(
        name: "not published for the node's settings",
        lines: bound + [publishNews, refused("conflict", "<precondition-not-met \(errors)/>")],
        says: [
            "The entry is not published (XEP-0060): the node exists with other settings than the request demands (precondition-not-met, conflict). Configure the node"
        ]
    ),
    Case(
        name: "several at once",
        lines: bound + [
            asked("set", "<publish node='news'><item id='a'/><item id='b'>\(entry)</item><item/></publish>")
        ],
        says: [
            "publishes 3 items in the node \"news\" at pubsub.jabber.test: \"a\", \"Tower opens\" and one without an id"
        ]
    ),
    Case(
        name: "a node without items",
        lines: bound + [asked("set", "<publish node='door'/>")],
        says: ["announces in the node \"door\" at pubsub.jabber.test that something happened, without an item"]
    ),
    Case(
        name: "names missing everywhere",
        lines: bound + [asked("set", "<publish><item><x/></item></publish>")],
        says: ["publishes an item in the node without a name at pubsub.jabber.test"],
        never: ["\"\"", "nil"]
    ),
    Case(
        name: "deleting an item, which subscribers hear of",
        lines: bound + [asked("set", "<retract node='news' notify='true'><item id='n7'/></retract>")],
        says: [
            "The client deletes the item \"n7\" of the node \"news\" at pubsub.jabber.test; subscribers are to be told"
        ]
    ),
    Case(
        name: "the item is deleted",
        lines: bound + [asked("set", "<retract node='news'><item id='n7'/></retract>"), answered()],
        says: ["The item \"n7\" of the node \"news\" at pubsub.jabber.test is deleted."]
    ),
    Case(
        name: "a component is told who publishes",
        lines: [
            "C <stream:stream to='pubsub.jabber.test' xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'>",
            "S <stream:stream from='pubsub.jabber.test' id='1' xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'>",
            "S <iq type='set' id='q1' from='romeo@jabber.test/orchard' to='pubsub.jabber.test'><pubsub \(pubsub)><publish node='news'><item id='n7'>\(entry)</item></publish></pubsub></iq>",
        ],
        says: [
            "romeo@jabber.test/orchard publishes an entry in the node \"news\" of the component, as the item \"n7\": \"Tower opens\""
        ]
    ),
]

private let reading: [Case] = [
    Case(
        name: "the newest items",
        lines: bound + [asked("get", "<items node='news' max_items='3'/>")],
        says: ["The client asks for the last 3 items of the node \"news\" at pubsub.jabber.test"]
    ),
    Case(
        name: "a page of items",
        lines: bound + [
            asked(
                "get",
                "<items node='news'/><set xmlns='http://jabber.org/protocol/rsm'><max>10</max><after>n1</after></set>"
            )
        ],
        says: ["the items of the node \"news\" at pubsub.jabber.test, at most 10 after \"n1\""]
    ),
    Case(
        name: "items of how many",
        lines: bound + [
            asked("get", "<items node='news'/>"),
            answered(
                "<pubsub \(pubsub)><items node='news'><item id='n7'>\(entry)</item></items><set xmlns='http://jabber.org/protocol/rsm'><count>1200</count></set></pubsub>"
            ),
        ],
        says: ["The item \"n7\" of the node \"news\" at pubsub.jabber.test: \"Tower opens\"; there are 1,200 in all."]
    ),
    Case(
        name: "no items",
        lines: bound + [
            asked("get", "<items node='news'/>"), answered("<pubsub \(pubsub)><items node='news'/></pubsub>"),
        ],
        says: ["There are no items in the node \"news\" at pubsub.jabber.test."]
    ),
    Case(
        name: "no node",
        lines: bound + [asked("get", "<items node='news'/>"), refused("item-not-found")],
        says: ["There is no node \"news\" at pubsub.jabber.test (item-not-found)."],
        never: ["the address"]
    ),
    Case(
        name: "no permission",
        lines: bound + [
            asked("get", "<items node='news'/>"),
            refused("not-authorized", "<presence-subscription-required \(errors)/>"),
        ],
        says: [
            "pubsub.jabber.test does not give the items of the node \"news\": only those who may see",
            "Ask the owner for permission",
        ]
    ),
    Case(
        name: "what the service lacks",
        lines: bound + [
            asked("get", "<subscriptions/>"),
            refused("feature-not-implemented", "<unsupported \(errors) feature='retrieve-subscriptions'/>"),
        ],
        says: [
            "pubsub.jabber.test does not list the subscriptions: the service does not support \"retrieve-subscriptions\""
        ]
    ),
    Case(
        name: "an answer to a request that was not seen",
        lines: bound + [
            answered("<pubsub \(pubsub)><items node='news'><item id='n7'>\(entry)</item></items></pubsub>")
        ],
        says: ["The item \"n7\" of the node \"news\" at pubsub.jabber.test: \"Tower opens\""]
    ),
    Case(
        name: "a refusal without a reason",
        lines: bound + [asked("get", "<items node='news'/>"), "S <iq type='error' id='q1' from='\(service)'/>"],
        says: ["pubsub.jabber.test refuses without giving any reason."]
    ),
]

private let subscribing: [Case] = [
    Case(
        name: "subscribing",
        lines: bound + [asked("set", "<subscribe node='news' jid='romeo@jabber.test'/>")],
        says: ["The client subscribes romeo@jabber.test to the node \"news\" at pubsub.jabber.test"]
    ),
    Case(
        name: "subscribed",
        lines: bound + [
            asked("set", "<subscribe node='news' jid='romeo@jabber.test'/>"),
            answered(
                "<pubsub \(pubsub)><subscription node='news' jid='romeo@jabber.test' subscription='subscribed' subid='s1'/></pubsub>"
            ),
        ],
        says: [
            "romeo@jabber.test is subscribed to the node \"news\" at pubsub.jabber.test, as the subscription \"s1\"."
        ],
        never: ["Romeo"]
    ),
    Case(
        name: "waiting for approval",
        lines: bound + [
            asked("set", "<subscribe node='news' jid='romeo@jabber.test'/>"),
            answered(
                "<pubsub \(pubsub)><subscription node='news' jid='romeo@jabber.test' subscription='pending'/></pubsub>"
            ),
        ],
        says: ["waits for the owner's approval (pending)"]
    ),
    Case(
        name: "subscribing without an address",
        lines: bound + [asked("set", "<subscribe node='news'/>")],
        says: ["The client subscribes, without naming an address, to the node \"news\""]
    ),
    Case(
        name: "ending it",
        lines: bound + [asked("set", "<unsubscribe node='news' jid='romeo@jabber.test'/>"), answered()],
        says: ["romeo@jabber.test is no longer subscribed to the node \"news\" at pubsub.jabber.test."]
    ),
    Case(
        name: "what the client is subscribed to",
        lines: bound + [
            asked("get", "<subscriptions/>"),
            answered(
                "<pubsub \(pubsub)><subscriptions><subscription node='a' jid='romeo@jabber.test' subscription='subscribed'/><subscription node='b' jid='romeo@jabber.test' subscription='pending'/></subscriptions></pubsub>"
            ),
        ],
        says: ["Subscriptions at pubsub.jabber.test: \"a\" subscribed and \"b\" waiting for approval."]
    ),
]

private let owning: [Case] = [
    Case(
        name: "creating with settings",
        lines: bound + [
            asked(
                "set",
                "<create node='news'/><configure>\(form("node_config", field("access_model", "open") + field("max_items", "1")))</configure>"
            )
        ],
        says: [
            "creates the node \"news\" at pubsub.jabber.test; its settings: anybody may read it and it keeps at most 1 item"
        ]
    ),
    Case(
        name: "a node that the service names",
        lines: bound + [asked("set", "<create/>"), answered("<pubsub \(pubsub)><create node='x7'/></pubsub>")],
        says: ["The node \"x7\" at pubsub.jabber.test exists now."]
    ),
    Case(
        name: "created",
        lines: bound + [asked("set", "<create node='news'/>"), answered()],
        says: ["The node \"news\" at pubsub.jabber.test exists now."]
    ),
    Case(
        name: "exists already",
        lines: bound + [asked("set", "<create node='news'/>"), refused("conflict")],
        says: [
            "The node \"news\" at pubsub.jabber.test is not created: something with that name exists already (conflict)."
        ]
    ),
    Case(
        name: "settings in force",
        lines: bound + [
            owned("set", "<configure node='news'>\(form("node_config", field("persist_items", "0")))</configure>"),
            answered(),
        ],
        says: ["The new settings of the node \"news\" at pubsub.jabber.test are in force."]
    ),
    Case(
        name: "deleted",
        lines: bound + [owned("set", "<delete node='news'/>"), answered()],
        says: ["The node \"news\" at pubsub.jabber.test is deleted."]
    ),
    Case(
        name: "nothing to empty",
        lines: bound + [owned("set", "<purge node='news'/>"), refused("item-not-found")],
        says: ["There is no node \"news\" at pubsub.jabber.test (item-not-found)."]
    ),
    Case(
        name: "roles",
        lines: bound + [
            owned(
                "set",
                "<affiliations node='news'><affiliation jid='a@b.test' affiliation='publisher'/><affiliation jid='c@b.test' affiliation='none'/></affiliations>"
            )
        ],
        says: [
            "changes who may do what in the node \"news\" at pubsub.jabber.test: a@b.test as publisher and c@b.test without a role"
        ]
    ),
    Case(
        name: "an owner's request in the wrong namespace",
        lines: bound + [asked("set", "<delete node='news'/>")],
        says: ["Warning: <delete/> belongs into http://jabber.org/protocol/pubsub#owner"]
    ),
]

private let events: [Case] = [
    Case(
        name: "an item and a deletion",
        lines: bound + [event("<items node='news'><item id='n7'>\(entry)</item><retract id='n6'/></items>")],
        says: [
            "pubsub.jabber.test announces in the node \"news\": the item \"n7\", \"Tower opens\"; the item \"n6\" is deleted"
        ],
        never: ["without a text"]
    ),
    Case(
        name: "an item without its content",
        lines: bound + [event("<items node='news'><item id='n7'/></items>")],
        says: ["the item \"n7\", whose content is not sent along"]
    ),
    Case(
        name: "an old item",
        lines: bound + [
            event(
                "<items node='news'><item id='n7'/></items>",
                more: "<delay xmlns='urn:xmpp:delay' stamp='2026-03-01T10:00:00Z'/>"
            )
        ],
        says: ["It was published at 2026-03-01 10:00 UTC."]
    ),
    Case(
        name: "options with a time",
        lines: bound + [
            "C <iq id='o1' type='set' to='pubsub.jabber.test'><pubsub xmlns='http://jabber.org/protocol/pubsub'><options node='news' jid='romeo@jabber.test'><x xmlns='jabber:x:data' type='submit'><field var='pubsub#expire'><value>2026-03-31T23:59:59Z</value></field></x></options></pubsub></iq>"
        ],
        says: [": expire 2026-03-31 23:59:59 UTC"]
    ),
    Case(
        name: "a deletion of no item",
        lines: bound + [
            "C <iq id='o2' type='set' to='pubsub.jabber.test'><pubsub xmlns='http://jabber.org/protocol/pubsub'><retract node='news'/></pubsub></iq>"
        ],
        says: ["asks to delete something of the node \"news\" at pubsub.jabber.test, but names no item"]
    ),
    Case(
        name: "a node that moved",
        lines: bound + [event("<delete node='news'><redirect uri='xmpp:other.test?;node=news'/></delete>")],
        says: ["the node \"news\" is deleted; it goes on at \"xmpp:other.test?;node=news\""]
    ),
    Case(
        name: "emptied",
        lines: bound + [event("<purge node='news'/>")],
        says: ["all items of the node \"news\" are deleted"]
    ),
    Case(
        name: "a subscription that ends",
        lines: bound + [event("<subscription node='news' jid='romeo@jabber.test' subscription='none'/>")],
        says: ["romeo@jabber.test is not subscribed to the node \"news\", or no longer"]
    ),
    Case(
        name: "nothing in it",
        lines: bound + [event("<items/>")],
        says: ["pubsub.jabber.test announces in the node without a name: something happened, without an item"]
    ),
    Case(
        name: "a push service that shuts the door",
        lines: bound + [
            "S <message from='\(service)'><pubsub \(pubsub) node='tok'><affiliation jid='romeo@jabber.test' affiliation='none'/></pubsub></message>"
        ],
        says: ["announces what changed in the node \"tok\": romeo@jabber.test now has no role"]
    ),
]

@Test(
    "Publish-subscribe is told by node, item and content",
    arguments: publishing + reading + subscribing + owning + events
)
private func tellsPubsub(_ test: Case) { expect(test) }
