import Session
import XMLStream
import XMPP

/// What is wrong with the form of a stanza or of what it carries, by the rules of `FaultTable` and of the stanzas themselves.
func faults(in packet: Packet) -> [Finding] {
    // Who sends an error back sends along what he was sent (RFC 6120 section 8.3.1): the faults are another's.
    guard let stanza = packet.element, NS.stanzas.contains(stanza.namespace) else { return [] }
    if stanza["type"] == "error" { return errorFaults(stanza) }
    var findings = addressFaults(stanza)
    for case .element(let child) in stanza.nodes where child.namespace != stanza.namespace {
        gather(child, stanza, depth: 0, &findings)
    }
    switch stanza.name {
    case "iq": findings += iqFaults(stanza, packet)
    case "message":
        findings += textFaults(stanza, ["body", "subject"], "RFC 6121 section 5.2")
        findings += partFaults(stanza)
    case "presence":
        findings += textFaults(stanza, ["status"], "RFC 6121 section 4.7.2")
        findings += subscriptionFaults(stanza, isFromClient: packet.direction == .clientToServer)
        findings += ["show", "priority"].compactMap { repeated($0, in: stanza) }
    default: break
    }
    return findings
}

/// Looks at an element and what is in it, as long as there are rules for the namespaces; three faults of a packet are enough.
private func gather(_ element: Element, _ stanza: Element, depth: Int, _ findings: inout [Finding]) {
    guard depth < 6, findings.count < 3, let rules = FaultTable.rules[element.namespace] else { return }
    for rule in rules {
        if let finding = rule.fault(of: element, in: stanza), !findings.contains(finding) { findings.append(finding) }
    }
    for case .element(let child) in element.nodes { gather(child, stanza, depth: depth + 1, &findings) }
}

/// Texts of a message or presence may be given more than once only in different languages.
private func textFaults(_ stanza: Element, _ names: [String], _ section: String) -> [Finding] {
    guard stanza.nodes.count > 1 else { return [] }
    return names.compactMap { name in
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

private func repeated(_ name: String, in presence: Element) -> Finding? {
    let count = presence.nodes.reduce(0) { count, node in
        if case .element(let child) = node, child.is(name, presence.namespace) { count + 1 } else { count }
    }
    return count < 2
        ? nil
        : Finding(
            .childTwice,
            "a presence has no more than one <\(name)/>, this one has \(count) (RFC 6121 section 4.7.2)."
        )
}

private func iqFaults(_ iq: Element, _ packet: Packet) -> [Finding] {
    if iq["type"] == "result", iq.childCount > 1 {
        return [
            Finding(
                .resultContent,
                "a result has one child element at the most, this one has \(iq.childCount) (RFC 6120 section 8.2.3)."
            )
        ]
    }
    guard iq["type"] == "set", iq.namespace == NS.client, let query = iq.firstChild, query.is("query", NS.roster) else {
        return []
    }
    return rosterFaults(
        query.children.filter { $0.name == "item" },
        isFromClient: packet.direction == .clientToServer && iq["to"] == nil
    )
}

/// A subscription is between accounts, so it is asked for and granted by bare addresses.
private func subscriptionFaults(_ presence: Element, isFromClient: Bool) -> [Finding] {
    guard isFromClient, presence.namespace == NS.client, let type = presence["type"],
        ["subscribe", "subscribed", "unsubscribe", "unsubscribed"].contains(type)
    else { return [] }
    guard let address = presence["to"]?.nonEmpty else {
        return [
            Finding(.subscription, "the presence of type \(type) has no to, so it is for nobody (RFC 6121 section 3).")
        ]
    }
    guard JID(address).resource != nil else { return [] }
    return [
        Finding(
            .subscription,
            "it is for a full address, but subscriptions are between bare ones, without a resource (RFC 6121 section 3)."
        )
    ]
}

private func rosterFaults(_ items: [Element], isFromClient: Bool) -> [Finding] {
    guard items.count == 1, let item = items.first else {
        return [
            Finding(
                .rosterItems,
                "the roster set has \(items.count) items and must have exactly one (RFC 6121 section 2.1.5)."
            )
        ]
    }
    guard item["jid"]?.nonEmpty != nil else {
        return [Finding(.rosterItems, "the item has no jid, which says whom it is about (RFC 6121 section 2.1.2.3).")]
    }
    guard isFromClient else { return [] }
    var findings: [Finding] = []
    if let state = item["subscription"], state != "remove" {
        findings.append(
            Finding(
                .rosterState,
                "the client sets the subscription to \(state.quoted(limit: 40)), which the server ignores: only \"remove\" may be sent (RFC 6121 section 2.1.2.5)."
            )
        )
    }
    let groups = item.children.filter { $0.name == "group" }.map(\.text)
    if groups.contains("") {
        findings.append(
            Finding(.rosterGroups, "the name of a group is empty, which servers refuse (RFC 6121 section 2.3.3).")
        )
    }
    if Set(groups).count < groups.count {
        findings.append(
            Finding(.rosterGroups, "a group is named twice, which servers refuse (RFC 6121 section 2.3.3).")
        )
    }
    return findings
}

/// Conditions beyond the first, and a type that is none. That something is missing is said where the error is told.
private func errorFaults(_ stanza: Element) -> [Finding] {
    guard let error = stanza.child("error", stanza.namespace) else { return [] }
    var findings: [Finding] = []
    let conditions = error.children.filter { $0.namespace == NS.stanzaErrors && $0.name != "text" }
    if conditions.count > 1 {
        findings.append(
            Finding(
                .errorForm,
                "an error has exactly one condition, this one has \(conditions.count) (RFC 6120 section 8.3.2)."
            )
        )
    }
    if let type = error["type"], !["auth", "cancel", "continue", "modify", "wait"].contains(type) {
        findings.append(
            Finding(
                .errorForm,
                "the type of an error is auth, cancel, continue, modify or wait, not \(type.quoted(limit: 40)) (RFC 6120 section 8.3.2)."
            )
        )
    }
    if let condition = conditions.first, StanzaErrorCondition(rawValue: condition.name) == nil {
        findings.append(
            Finding(
                .errorForm,
                "\(condition.name.shown(limit: 40)) is none of the conditions of stanza errors (RFC 6120 section 8.3.3)."
            )
        )
    }
    return findings
}

extension FindingCode {
    static let textTwice = warning(
        "fault.text.repeated",
        "RFC 6121 section 5.2",
        "A text stands in a stanza more than once in the same language. Programs show one of them, and not all the same one."
    )
    static let childTwice = warning(
        "fault.presence.repeated",
        "RFC 6121 section 4.7.2",
        "A presence has a show or a priority more than once, so which one holds cannot be known."
    )
    static let resultContent = warning(
        "fault.result.content",
        "RFC 6120 section 8.2.3",
        "A result has more than one child element. Programs read the first one only, or refuse it."
    )
    static let subscription = warning(
        "fault.subscription.address",
        "RFC 6121 section 3",
        "A subscription is asked for, granted and ended between bare addresses. Send such a presence to the bare address of the contact."
    )
    static let rosterItems = warning(
        "fault.roster.item",
        "RFC 6121 section 2.1.5",
        "A change of the contact list is about exactly one contact, by its address. Servers refuse anything else."
    )
    static let rosterState = note(
        "fault.roster.subscription",
        "RFC 6121 section 2.1.2.5",
        "A client cannot set a subscription in the contact list. It is asked for and granted by presence; only remove may be sent."
    )
    static let rosterGroups = warning(
        "fault.roster.group",
        "RFC 6121 section 2.3.3",
        "The groups of a contact need names, and each name may be given once."
    )
    static let errorForm = warning(
        "fault.error",
        "RFC 6120 section 8.3.2",
        "An error is not built as it has to be: one of the defined conditions, and one of the five types."
    )

    static let stanzaFaults: [FindingCode] = [
        textTwice, childTwice, resultContent, rosterItems, rosterState, rosterGroups, errorForm, subscription,
    ]
}
