import XMLStream
import XMPP

/// Protocols of the past and of experiments, each told by a phrase or two.
extension ProtocolEntry {
    static let oldProtocols: [ProtocolEntry] = [
        .told(
            "XEP-0142",
            "Workgroup Queues",
            ["http://jabber.org/protocol/workgroup"],
            [
                Phrase(
                    element: "join-queue",
                    set: "joins the queue of {whom}",
                    done: "The client is in the queue now.",
                    refused: "to let it into the queue"
                ),
                Phrase(
                    element: "depart-queue",
                    set: "leaves the queue of {whom}",
                    done: "The client is no longer in the queue.",
                    refused: "to let it leave the queue",
                    says: "takes {whom} out of the queue"
                ),
                Phrase(
                    element: "queue-status",
                    get: "asks {whom} how long the queue is",
                    answer: "tells how long the queue is",
                    refused: "to tell of the queue",
                    says: "tells {whom} how long the queue is"
                ),
                Phrase(
                    element: "offer",
                    set: "offers {whom} somebody out of the queue[, {@jid}]",
                    done: "The offer is received.",
                    refused: "somebody out of the queue"
                ),
                Phrase(
                    element: "offer-accept",
                    set: "takes the one out of the queue[, {@jid}]",
                    done: "That is agreed.",
                    refused: "that"
                ),
                Phrase(
                    element: "offer-reject",
                    set: "does not take the one out of the queue[, {@jid}]",
                    done: "That is agreed.",
                    refused: "that"
                ),
                Phrase(
                    element: "offer-revoke",
                    set: "takes back the offer of somebody out of the queue[, {@jid}]",
                    done: "That is received."
                ),
                Phrase(
                    element: "agent-status",
                    says: "tells {whom} how many people it can serve[ (at most {max-chats})]"
                ),
            ]
        ),
        .told(
            "XEP-0103",
            "URL Address Information",
            ["http://jabber.org/protocol/url-data"],
            [
                Phrase(
                    element: "url-data",
                    set: "gives {whom} the address[ {@target}]",
                    refused: "the address[ {@target}]",
                    says: "gives {whom} the address[ {@target}]"
                )
            ]
        ),
        .told(
            "XEP-0110",
            "Generic Maps",
            ["http://jabber.org/protocol/map"],
            [Phrase(element: "map", says: "sends {whom} a map")]
        ),
        .told(
            "XEP-0097",
            "iCal Envelope",
            ["http://jabber.org/protocol/gw/ical"],
            [Phrase(element: "ical", says: "sends {whom} a calendar event")]
        ),
        .told(
            "XEP-0116",
            "Encrypted Session Negotiation",
            ["http://www.xmpp.org/extensions/xep-0116.html#ns-init"],
            [Phrase(element: "init", says: "agrees with {whom} on the keys of an encrypted session")]
        ),
        .told(
            "XEP-0200",
            "Stanza Encryption",
            ["http://www.xmpp.org/extensions/xep-0200.html#ns"],
            [Phrase(element: "c", says: "sends {whom} something that is encrypted for this session")]
        ),
        .told(
            "XEP-0204",
            "Collaborative Data Objects",
            [
                "http://www.xmpp.org/extensions/xep-0204.html#ns",
                "http://www.xmpp.org/extensions/xep-0204.html#ns-types",
            ],
            [
                Phrase(element: "data-sync", says: "brings shared data up to date with {whom}"),
                Phrase(
                    element: "query",
                    get: "asks {whom} which kinds of shared data it knows",
                    answer: "names the kinds of shared data that it knows",
                    refused: "to name the kinds of shared data"
                ),
            ]
        ),
        .told(
            "XEP-0161",
            "Abuse Reporting",
            ["urn:xmpp:tmp:abuse"],
            ["abuse", "spim", "abuser", "rogue"].map {
                Phrase(
                    element: $0,
                    set: "reports abuse to {whom}[ by {jid}]",
                    done: "The report is received.",
                    refused: "the report"
                )
            }
        ),
        .told(
            "XEP-0250",
            "C2C Authentication Using TLS",
            ["urn:xmpp:tmp:c2ctls"],
            [
                Phrase(
                    element: "offer",
                    set: "offers {whom} to prove to each other by TLS who they are",
                    answer: "accepts the offer",
                    done: "The offer is received.",
                    refused: "that offer"
                )
            ]
        ),
        .told(
            "XEP-0255",
            "Location Query",
            ["urn:xmpp:locationquery:0"],
            [
                Phrase(
                    element: "locationquery",
                    get: "asks {whom} for a place by what radio it hears, or tells the place",
                    set: "tells {whom} what it knows of a place",
                    answer: "answers with a place",
                    done: "That is noted.",
                    refused: "to find the place"
                )
            ]
        ),
        .told(
            "XEP-0273",
            "Stanza Interception and Filtering Technology",
            ["urn:xmpp:sift:2", "urn:xmpp:sift:1"],
            [
                Phrase(
                    element: "sift",
                    set: "tells {whom} which stanzas it wants to get",
                    done: "The server passes on only these stanzas now.",
                    refused: "to filter stanzas"
                )
            ]
        ),
        .told(
            "XEP-0287",
            "Spim Markers and Reports",
            ["urn:xmpp:spim-marker:0", "urn:xmpp:spim-report:0"],
            [
                Phrase(element: "mark", says: "passes on to {whom} what is marked as unwanted"),
                Phrase(element: "report", says: "reports something unwanted"),
                Phrase(
                    element: "query",
                    get: "asks {whom} about reports of unwanted messages",
                    set: "reports something unwanted to {whom}",
                    answer: "answers about reports of unwanted messages",
                    done: "The report is received.",
                    refused: "that about reports"
                ),
            ]
        ),
        .told(
            "XEP-0336",
            "Data Forms - Dynamic Forms",
            ["urn:xmpp:xdata:dynamic"],
            [
                Phrase(
                    element: "submit",
                    set: "sends {whom} a form that is partly filled in, to see how it changes",
                    done: "The form is received.",
                    refused: "the form"
                ),
                Phrase(
                    element: "cancel",
                    set: "gives a form of {whom} up",
                    done: "The form is given up.",
                    refused: "to give the form up"
                ),
                Phrase(element: "updated", says: "sends {whom} a form anew, for it has changed"),
            ]
        ),
        .told(
            "XEP-0417",
            "E2E Authentication in XMPP: Certificate Issuance and Revocation",
            ["urn:xmpp:x509:0"],
            [
                Phrase(
                    element: "x509-ca-list",
                    get: "asks {whom} which authorities issue certificates",
                    answer: "names the authorities that issue certificates",
                    refused: "the list of authorities"
                ),
                Phrase(
                    element: "x509-csr",
                    set: "asks {whom} for a certificate",
                    answer: "takes the request for a certificate",
                    done: "The request for a certificate is received.",
                    refused: "the certificate"
                ),
                Phrase(element: "x509-cert-chain", answer: "gives a certificate with its chain"),
                Phrase(element: "x509-challenge", says: "asks {whom} to prove that it may have the certificate"),
                Phrase(
                    element: "x509-revoke",
                    set: "asks {whom} to revoke a certificate",
                    done: "The certificate is revoked.",
                    refused: "to revoke the certificate"
                ),
            ]
        ),
        .remark("XEP-0464", "Cookies", ["urn:xmpp:tmp:cookies"]) { element, _ in
            let names = element.children.map { $0.name.shown(limit: 40) }
            let which =
                names.isEmpty ? "no cookie" : "\(names.count == 1 ? "the cookie" : "the cookies") \(Say.some(names))"
            return element.name == "set-cookies"
                ? "It gives \(which) to keep" : "It shows \(which), which the sender keeps"
        },
        .remark("XEP-0432", "Simple JSON Messaging", ["urn:xmpp:json-msg:0"]) { element, _ in
            let type = element["datatype"]?.nonEmpty.map { " of the type \($0.quoted(limit: 80))" } ?? ""
            let size =
                Say.bytes(element.firstChild().map { String($0.text.trimmed.utf8.count) }).map { " (\($0))" } ?? ""
            return "It carries data in JSON\(type)\(size)"
        },
        contentRating,
        .told(
            "XEP-0409",
            "IM Routing-NG",
            ["urn:xmpp:im-ng:0", "urn:xmpp:im-ng:1"],
            [
                Phrase(
                    element: "enable",
                    set: "asks that messages of a conversation go to all of the account's sessions",
                    done: "Messages of a conversation go to all of the account's sessions now.",
                    refused: "to send messages to all sessions"
                )
            ]
        ),
        .told(
            "XEP-0354",
            "Customizable Message Routing",
            ["urn:xmpp:cmr:0"],
            [
                Phrase(
                    element: "cmr",
                    set: "sets how messages are delivered to its sessions",
                    done: "Messages are delivered that way now.",
                    refused: "to deliver messages that way"
                ),
                Phrase(
                    element: "query",
                    get: "asks {whom} how messages are delivered to its sessions",
                    set: "sets how messages are delivered to its sessions",
                    answer: "tells how messages are delivered",
                    done: "Messages are delivered that way now.",
                    refused: "to deliver messages that way"
                ),
            ]
        ),
    ]

    /// How what somebody says is rated (XEP-0456), in a message or in what is told of a room.
    private static let contentRating: ProtocolEntry = {
        let told: @Sendable (Element) -> String? = { element in
            let label = element.name == "simple-label" ? element.text.trimmed.nonEmpty : nil
            return label.map { "Its content is rated \($0.quoted(limit: 80))" }
        }
        var entry = remark("XEP-0456", "Content Rating Labels", ["urn:xmpp:crl:0"]) { element, _ in told(element) }
        entry.inner = .sentence(told)
        return entry
    }()
}
