import Session
import XMLStream
import XMPP

/// Tells a message of all that it carries: what is said first, then what it refers to, then what comes with it.
///
/// - Parameter depth: how many messages it stands in.
func composeMessage(_ message: Element, _ frame: MessageFrame, _ packet: Packet, depth: Int = 0, _ scene: inout Scene)
    -> Telling
{
    var parts = MessageParts(message, frame, packet, depth: depth)
    for case .element(let child) in message.nodes where child.namespace != message.namespace {
        if let part = ProtocolTable.part(of: child.namespace) {
            part(child, &parts, &scene)
        } else if !NS.stanzas.contains(child.namespace), !quietNamespaces.contains(child.namespace) {
            parts.others.append(child)
        }
    }
    noteTextualEncryption(&parts, scene)
    var text = parts.first(&scene)
    text += toldDelay(message, packet, depth: depth, &scene)
    text += parts.requests(&scene) + parts.thread
    for remark in parts.remarks { text += " " + remark }
    return Telling(text.collapsingStops, parts.findings)
}

/// What rooms and programs hang on every message, and says nothing about it.
private let quietNamespaces: Set<String> = [
    NS.mucUser, NS.capabilities, "urn:xmpp:occupant-id:0", "vcard-temp:x:update",
]

extension MessageParts {
    /// The sentence of what is said or done.
    fileprivate mutating func first(_ scene: inout Scene) -> String {
        if let whole { return whole }
        deeds.sort { $0.rank < $1.rank }
        let body = message.child("body", message.namespace)?.text
        let text = isStopgap && (!deeds.isEmpty || encryption != nil) ? nil : body.map { shortened($0) }
        if let encryption { return encrypted(encryption, &scene) + stopgap(body, text) }
        guard let text else {
            return deeds.isEmpty ? bare(&scene) : done(from: 0, &scene) + stopgap(body, text)
        }
        if let deed = deeds.first, let glue = deed.glue {
            let start = "\(deed.subject ?? frame.subject) \(deed.verb)\(frame.place)\(glue)"
            return "\(start): \(quoted(text))\(scene.cite(deed.reference))." + toldOthers() + done(from: 1, &scene)
        }
        return "\(frame.wrote ?? frame.noun)\(shownSubject): \(quoted(text))." + toldOthers() + done(from: 0, &scene)
    }

    private func encrypted(_ encryption: Encryption, _ scene: inout Scene) -> String {
        let what =
            "\(encryption.name)\(encryption.reference.isEmpty ? "" : scene.cite(encryption.reference).withinBrackets)"
        if let deed = deeds.first, deed.glue != nil || !encryption.hasContent {
            let manner = deed.glue == nil ? "" : ", encrypted (\(what))\(encryption.detail)"
            return "\(sentence(deed, tail: manner + deed.tail, &scene))\(encryption.sentences)"
        }
        let noun = frame.wrote ?? frame.noun
        let start =
            !encryption.hasContent
            ? "\(noun) without content (\(what))"
            : noun.hasPrefix("A ") ? "An encrypted \(noun.dropFirst(2)) (\(what))" : "\(noun), encrypted (\(what))"
        return "\(start)\(encryption.detail).\(encryption.sentences)" + done(from: 0, &scene)
    }

    /// What is done by a message, in the order of its weight.
    private func done(from start: Int, _ scene: inout Scene) -> String {
        var (text, told): (String, Set<String>) = ("", Set(deeds.prefix(start).map(\.verb)))
        for deed in deeds.dropFirst(start).prefix(3) where told.insert(deed.verb).inserted {
            text += text.isEmpty && start == 0 && !hasContent ? "" : " "
            text += sentence(deed, tail: deed.tail, &scene)
        }
        return text
    }

    private var hasContent: Bool {
        encryption != nil || (message.child("body", message.namespace) != nil && !isStopgap)
    }

    private func sentence(_ deed: Deed, tail: String, _ scene: inout Scene) -> String {
        let reference = deed.reference.isEmpty ? "" : scene.cite(deed.reference)
        let subject = deed.subject ?? frame.subject
        if deed.isClaim, let listener = frame.listener {
            return "\(subject) tells \(listener) that it \(deed.verb)\(tail)\(reference)."
        }
        return "\(subject) \(deed.verb)\(deed.subject == nil ? frame.place : "")\(tail)\(reference)."
    }

    /// A message that says and does nothing that is known.
    private func bare(_ scene: inout Scene) -> String {
        var text = frame.noun + shownSubject
        let names = nameOthers()
        if !names.isEmpty {
            text += "\(shownSubject.isEmpty ? "" : ",") with \(names)"
        } else if message.child("subject", message.namespace) == nil {
            text += message.children.isEmpty ? " without any content" : " without a text"
        }
        return text + "."
    }

    /// What nobody has words for, where there is a text beside it.
    private func toldOthers() -> String { others.isEmpty ? "" : " It also carries \(nameOthers())." }

    private func nameOthers() -> String {
        let names = others.prefix(others.count == 3 ? 3 : 2).map {
            "<\($0.name.shown(limit: 40))/> of \(protocolName($0.namespace))"
        }
        return (others.count > 3 ? names + ["others"] : names).listed()
    }

    private var shownSubject: String {
        let subject = message.child("subject", message.namespace)?.text.trimmed ?? ""
        return subject.isEmpty || isStopgap ? "" : ", subject \(quoted(subject, limit: 80))"
    }

    private func stopgap(_ body: String?, _ text: String?) -> String {
        guard body?.trimmed.isEmpty == false, text == nil || encryption != nil, isStopgap, !isTextTold else {
            return ""
        }
        let readers = encryption == nil ? "do not know this" : "cannot decrypt it"
        return " The text in \(encryption == nil ? "it" : "the clear") is only for programs that \(readers)."
    }

    /// The text without what is only for programs that do not know better.
    private func shortened(_ body: String) -> String {
        guard !cuts.isEmpty else { return body }
        let kept = body.unicodeScalars.enumerated().filter { place, _ in !cuts.contains { $0.contains(place) } }
        let text = String(String.UnicodeScalarView(kept.map(\.element)))
        return text.trimmed.isEmpty ? body : text
    }

    /// The thread of what is said, and in how many languages it is said.
    fileprivate var thread: String {
        guard hasContent else { return "" }
        let texts = message.children.lazy.filter { $0.is("body", message.namespace) }.count
        let languages = texts > 1 && encryption == nil ? " The text comes in \(texts) languages." : ""
        guard let thread = message.child("thread", message.namespace), let id = thread.text.trimmed.nonEmpty else {
            return languages
        }
        let parent = thread["parent"]?.nonEmpty.map { ", which began in the thread \($0.shown(limit: 40))" } ?? ""
        return "\(languages) It belongs to the thread \(id.shown(limit: 40))\(parent)."
    }

    /// What the sender wants to be told.
    fileprivate func requests(_ scene: inout Scene) -> String {
        guard wantsDelivery || wantsReading else { return "" }
        let events = [wantsDelivery ? "delivered" : nil, wantsReading ? "read" : nil].compactMap { $0 }
        let cited = [wantsDelivery ? scene.cite("XEP-0184") : "", wantsReading ? scene.cite("XEP-0333") : ""]
        let who = frame.isClients ? "The client" : "The sender"
        return " \(who) wants to know when it is \(events.listed())\(cited.joined(separator: "").joinedBrackets)."
    }

    private func quoted(_ text: String, limit: Int = 120) -> String { "\"\(text.shown(limit: limit).trimmed)\"" }
}

extension String {
    /// ` (XEP-0384)` as `, XEP-0384`.
    fileprivate var withinBrackets: String { isEmpty ? "" : ", " + dropFirst(2).dropLast() }

    /// Two references side by side as one: ` (XEP-0184) (XEP-0333)` is ` (XEP-0184, XEP-0333)`.
    fileprivate var joinedBrackets: String {
        guard let range = firstRange(of: ") (") else { return self }
        return self[..<range.lowerBound] + ", " + self[range.upperBound...]
    }
}
