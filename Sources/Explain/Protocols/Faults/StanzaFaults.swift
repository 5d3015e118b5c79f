import Session
import XMLStream
import XMPP

/// What is wrong with the form of a stanza or of what it carries, by the rules of `FaultTable` and of the stanzas themselves.
///
/// - Parameter isOfClient: true on a stream of a client and its server: there more is forbidden than where rooms and services speak.
func faults(in packet: Packet, isOfClient: Bool) -> [Finding] {
    // Who sends an error back sends along what he was sent (RFC 6120 section 8.3.1): the faults are another's.
    guard let stanza = packet.element, NS.stanzas.contains(stanza.namespace), stanza["type"] != "error" else {
        return []
    }
    let isClients = isOfClient && packet.direction == .clientToServer
    var findings: [Finding] = []
    for case .element(let child) in stanza.nodes where child.namespace != stanza.namespace {
        gather(child, stanza, depth: 0, &findings)
    }
    switch stanza.name {
    case "iq": findings += iqFaults(stanza, isClients: isClients)
    case "message":
        findings += textFaults(stanza, ["body", "subject"], "RFC 6121 section 5.2")
        findings += partFaults(stanza)
        findings += messageFaults(stanza, isClients: isClients)
    case "presence":
        findings += textFaults(stanza, ["status"], "RFC 6121 section 4.7.2")
        if count("priority", in: stanza) > 1 {
            findings.append(Finding(.priorityTwice, "there is more than one <priority/> (RFC 6121 section 4.7.2.3)."))
        }
    default: break
    }
    return findings
}

/// Looks at an element and what is in it, as long as there are rules for the namespaces; three faults of a packet are enough.
private func gather(_ element: Element, _ stanza: Element, depth: Int, _ findings: inout [Finding]) {
    guard depth < 6, findings.count < 3, let rules = FaultTable.rules[element.namespace] else { return }
    if element.namespace == "jabber:x:data" { findings += formFaults(element) }
    for rule in rules {
        if let finding = rule.fault(of: element, in: stanza), !findings.contains(finding) { findings.append(finding) }
    }
    for case .element(let child) in element.nodes { gather(child, stanza, depth: depth + 1, &findings) }
}

/// Texts of a message or presence may be given more than once only in different languages.
private func textFaults(_ stanza: Element, _ names: [String], _ section: String) -> [Finding] {
    guard stanza.nodes.count > 1 else { return [] }
    return names.compactMap { name in
        guard count(name, in: stanza) > 1 else { return nil }
        var languages: Set<String> = []
        for case .element(let text) in stanza.nodes where text.is(name, stanza.namespace) {
            if !languages.insert((text.language ?? stanza.language ?? "").lowercased()).inserted {
                return Finding(
                    .textTwice,
                    "there is more than one <\(name)/> in the same language; several must differ in their xml:lang (\(section))."
                )
            }
        }
        return nil
    }
}

private func count(_ name: String, in stanza: Element) -> Int {
    stanza.nodes.reduce(0) { count, node in
        if case .element(let child) = node, child.is(name, stanza.namespace) { count + 1 } else { count }
    }
}

private func messageFaults(_ message: Element, isClients: Bool) -> [Finding] {
    let threads = count("thread", in: message)
    if threads > 1 {
        return [
            Finding(
                .threadTwice,
                "a message belongs to one thread at the most, this one to \(threads) (RFC 6121 section 5.2.5)."
            )
        ]
    }
    if message.child("body", message.namespace)?.firstChild != nil {
        return [Finding(.bodyContent, "<body/> holds elements, but must be text alone (RFC 6121 section 5.2.3).")]
    }
    guard isClients, message["type"] == "groupchat",
        let to = message["to"], JID(to).resource?.isEmpty == false
    else { return [] }
    return [
        Finding(
            .groupchatToOne,
            "a message of type groupchat is for the room itself, not for \(to.shown(limit: 100)); the room must refuse it (XEP-0045 section 7.5)."
        )
    ]
}

private func iqFaults(_ iq: Element, isClients: Bool) -> [Finding] {
    if iq["type"] == "result", iq.childCount > 1 {
        return [
            Finding(
                .resultContent,
                "a result has one child element at the most, this one has \(iq.childCount) (RFC 6120 section 8.2.3)."
            )
        ]
    }
    guard iq["type"] == "set", isClients, let query = iq.firstChild,
        query.is("query", NS.roster),
        let state = query.child("item", NS.roster)?["subscription"], state != "remove"
    else { return [] }
    return [
        Finding(
            .rosterState,
            "the client sets the subscription to \(state.quoted(limit: 40)), which the server ignores: a client may only send \"remove\" (RFC 6121 section 2.1.5)."
        )
    ]
}

extension FindingCode {
    static let textTwice = warning(
        "fault.text.repeated",
        "RFC 6121 section 5.2",
        "A text stands in a stanza more than once in the same language. Programs show one of them, and not all the same one."
    )
    static let resultContent = warning(
        "fault.result.content",
        "RFC 6120 section 8.2.3",
        "A result has more than one child element. Programs read the first one only, or refuse it."
    )
    static let priorityTwice = warning(
        "fault.priority.repeated",
        "RFC 6121 section 4.7.2.3",
        "A presence has more than one priority, so that nobody knows which one holds."
    )
    static let bodyContent = warning(
        "fault.body.content",
        "RFC 6121 section 5.2.3",
        "The body of a message holds XML elements. It is text alone; what is formatted belongs into an element of its own."
    )
    static let threadTwice = warning(
        "fault.thread.repeated",
        "RFC 6121 section 5.2.5",
        "A message has more than one thread, so that nobody knows in which conversation to show it."
    )
    static let groupchatToOne = warning(
        "fault.groupchat.address",
        "XEP-0045 section 7.5",
        "A message of type groupchat is sent to an occupant of a room, or to a session. What is for one person has another type; what is for everybody goes to the room's own address."
    )
    static let rosterState = note(
        "fault.roster.subscription",
        "RFC 6121 section 2.1.5",
        "A client cannot set a subscription in the contact list. It is asked for and granted by presence; only remove may be sent."
    )

    static let stanzaFaults: [FindingCode] = [
        textTwice, resultContent, priorityTwice, bodyContent, threadTwice, groupchatToOne, rosterState,
    ]
}
