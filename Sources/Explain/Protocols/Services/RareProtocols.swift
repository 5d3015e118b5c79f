import XMPP

/// Protocols that are seldom met, each told by a few phrases.
extension ProtocolEntry {
    static let rareProtocols: [ProtocolEntry] = accounts + [clientKeys] + writing + network + curiosities + oldProtocols

    private static let accounts: [ProtocolEntry] = [
        .told(
            "XEP-0383",
            "Burner JIDs",
            ["urn:xmpp:burner:0"],
            [
                Phrase(
                    element: "identity",
                    get: "asks {whom} for an address that can be thrown away",
                    answer: "gives the address {jid}, to be thrown away after use",
                    refused: "an address that can be thrown away"
                )
            ]
        )
    ]

    /// Keys of clients to log in with, in the place of the password (XEP-0399).
    private static let clientKeys: ProtocolEntry = {
        let namespace = "urn:xmpp:client-key:0"
        var entry = ProtocolEntry.told(
            "XEP-0399",
            "Client Key Support",
            [namespace],
            [
                Phrase(
                    element: "register",
                    set:
                        "registers a key to log in with in the place of the password[, as {name}][, for {ttl} seconds]",
                    done: "The key is registered.",
                    refused: "to register the key"
                ),
                Phrase(element: "registered", answer: "has registered the key[, until {expiry}]"),
                Phrase(
                    element: "revoke",
                    set: "takes back the key {id}",
                    done: "The key is taken back.",
                    refused: "to take the key back"
                ),
                Phrase(
                    element: "list",
                    get: "asks {whom} for the keys that are registered to log in with",
                    answer: "lists {#key} that can be logged in with",
                    refused: "the list of keys"
                ),
            ]
        )
        entry.secrets = ["key", "encrypted-secret"].map { .text($0, namespace) }
        return entry
    }()

    private static let writing: [ProtocolEntry] = [
        .told(
            "XEP-0284",
            "Shared XML Editing",
            ["urn:xmpp:sxe:0"],
            [Phrase(element: "sxe", says: "takes part in editing a document together[ (session {@session})]")]
        ),
        translation, linkMetadata,
        .told(
            "XEP-0113",
            "Simple Whiteboarding",
            ["http://jabber.org/protocol/swb"],
            [Phrase(element: "x", says: "draws on a whiteboard shared with {whom}")]
        ),
        .told(
            "XEP-0061",
            "Shared Notes",
            ["http://www.jabber.org/protocol/sharednote"],
            [Phrase(element: "note", says: "shares a note with {whom}")]
        ),
        .told(
            "XEP-0089",
            "Generic Alerts",
            ["http://jabber.org/protocol/alert"],
            [Phrase(element: "alert", says: "alerts {whom}[: {msg}]")]
        ),
        .told(
            "XEP-0127",
            "Common Alerting Protocol",
            ["http://www.incident.com/cap/1.0", "urn:oasis:names:tc:emergency:cap:1.2"],
            [Phrase(element: "alert", says: "sends {whom} an official alert[ of {sender}][, status {status}]")]
        ),
    ]

    private static let network: [ProtocolEntry] = [
        .told(
            "XEP-0418",
            "DNS Queries over XMPP",
            ["urn:xmpp:dox:0"],
            [
                Phrase(
                    element: "dns",
                    get: "asks {whom} to answer a query of the DNS",
                    answer: "answers the query of the DNS",
                    refused: "the query of the DNS"
                )
            ]
        ),
        .told(
            "XEP-0304",
            "Whitespace Keepalive Negotiation",
            ["urn:xmpp:keepalive:0"],
            [
                Phrase(
                    element: "keepalive",
                    set: "wants white space as a sign of life[ every {interval} seconds]",
                    answer: "agrees to a sign of life[ every {interval} seconds]",
                    done: "The signs of life are agreed upon.",
                    refused: "these signs of life"
                )
            ]
        ),
        .told(
            "XEP-0328",
            "JID Preparation and Validation Service",
            ["urn:xmpp:jidprep:1", "urn:xmpp:jidprep:0", "urn:xmpp:jidprep"],
            [
                Phrase(
                    element: "jid-validate-request",
                    get: "asks {whom} whether {maybe-jid} is a valid address",
                    refused: "to say whether {maybe-jid} is a valid address"
                ),
                Phrase(
                    element: "jid-validate-base64-request",
                    get: "asks {whom} whether an address in base64 is valid",
                    refused: "to say whether an address in base64 is valid"
                ),
                Phrase(
                    element: "jid-validate-result",
                    answer: "says whether the address is valid, and how it is spelled"
                ),
                Phrase(
                    element: "jid-validate-base64-result",
                    answer: "says whether the address is valid, and how it is spelled"
                ),
            ]
        ),
        .told(
            "XEP-0329",
            "File Information Sharing",
            ["urn:xmpp:fis:0"],
            [
                Phrase(
                    element: "query",
                    get: "asks {whom} which files it shares[ under {@node}]",
                    answer: "shares {#file} and {#directory}[ under {@node}]",
                    refused: "the list of shared files"
                )
            ]
        ),
        .told(
            "XEP-0051",
            "Connection Transfer",
            ["urn:xmpp:cxfr"],
            [
                Phrase(
                    element: "query",
                    set: "asks {whom} to move the connection to another host",
                    refused: "to move the connection"
                )
            ]
        ),
        .told(
            "XEP-0003",
            "Proxy Accept Socket Service",
            ["jabber:iq:pass"],
            [
                Phrase(
                    element: "query",
                    get: "asks {whom} about an open port for a direct connection",
                    set: "speaks with {whom} about an open port for a direct connection",
                    answer: "answers about the port[ at {server}]",
                    done: "That is done with the port.",
                    refused: "the port"
                )
            ]
        ),
        .told(
            "XEP-0298",
            "Conference information",
            ["urn:ietf:params:xml:ns:conference-info"],
            [
                Phrase(
                    element: "conference-info",
                    set: "tells {whom} who takes part in the conference[ {@entity}]",
                    refused: "the news of who takes part"
                )
            ]
        ),
    ]

    private static let curiosities: [ProtocolEntry] = [
        .told(
            "XEP-0148",
            "IM IQ",
            ["jabber:iq:iq"],
            [
                Phrase(
                    element: "query",
                    get: "asks how clever {whom} is",
                    answer: "answers with a quotient[ of {num}][: {desc}]",
                    refused: "to say how clever it is"
                )
            ]
        ),
        .told(
            "XEP-0130",
            "Waiting Lists",
            ["http://jabber.org/protocol/waitinglist"],
            [
                Phrase(
                    element: "query",
                    get: "asks {whom} for the waiting list of people without an account",
                    set: "changes at {whom} the waiting list of people without an account",
                    answer: "has {#item} on the waiting list",
                    done: "The waiting list is changed.",
                    refused: "the waiting list"
                ),
                Phrase(element: "waitlist", says: "tells {whom} of somebody on the waiting list"),
            ]
        ),
        .told(
            "XEP-0075",
            "Jabber Object Access Protocol",
            ["jabber:iq:joap"],
            [
                Phrase(
                    element: "describe",
                    get: "asks what {whom} is made of",
                    answer: "describes itself",
                    refused: "to describe itself"
                ),
                Phrase(
                    element: "read",
                    get: "reads the values of {whom}",
                    answer: "gives its values",
                    refused: "to be read"
                ),
                Phrase(
                    element: "add",
                    set: "makes a new object of {whom}",
                    answer: "has made an object",
                    refused: "to make an object"
                ),
                Phrase(
                    element: "edit",
                    set: "changes the values of {whom}",
                    answer: "has changed them",
                    done: "The values are changed.",
                    refused: "to be changed"
                ),
                Phrase(
                    element: "delete",
                    set: "deletes {whom}",
                    answer: "is deleted",
                    done: "It is deleted.",
                    refused: "to be deleted"
                ),
                Phrase(
                    element: "search",
                    get: "searches among the objects of {whom}",
                    answer: "found {#item}",
                    refused: "the search"
                ),
            ]
        ),
        .told(
            "XEP-0275",
            "Entity Reputation",
            ["urn:xmpp:reputation:0"],
            [
                Phrase(
                    element: "score",
                    get: "asks {whom} for a reputation[ of {@jid}]",
                    answer: "gives the reputation[ {@num}][ of {@jid}]",
                    refused: "to tell the reputation"
                )
            ]
        ),
        .told(
            "XEP-0362",
            "Raft over XMPP",
            ["urn:xmpp:raft"],
            [
                Phrase(element: "request-vote", says: "asks {whom} for its vote[ in the term {@term}]"),
                Phrase(element: "vote", says: "votes[ in the term {@term}]"),
                Phrase(element: "append", says: "sends {whom} entries of the shared log[ of the term {@term}]"),
                Phrase(element: "append-response", says: "answers {whom} about entries of the shared log"),
            ]
        ),
    ]
}
