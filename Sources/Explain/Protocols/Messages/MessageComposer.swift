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
    if frame.isEcho { parts.forgetIntentions() }
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
        guard deeds.count > start else { return "" }
        var told = Set(deeds.prefix(start).map(\.verb))
        let left = deeds.dropFirst(start).filter { told.insert($0.verb).inserted }.prefix(3)
        var sentences: [String] = []
        // What somebody says of themselves is one sentence.
        let claims = left.filter { $0.isClaim && $0.subject == nil }
        if claims.count > 1 {
            let what = claims.map { $0.verb + $0.tail + brackets($0.label, []) }.listed()
            let references = cited(claims.map(\.reference), &scene)
            let all = MessageParts.Deed(rank: 0, verb: what, isClaim: true)
            sentences.append(sentence(all, tail: brackets("", references), &scene))
        }
        for deed in left where claims.count < 2 || !deed.isClaim || deed.subject != nil {
            sentences.append(sentence(deed, tail: deed.tail, &scene))
        }
        let text = sentences.joined(separator: " ")
        return text.isEmpty || (start == 0 && !hasContent) ? text : " " + text
    }

    private var hasContent: Bool {
        encryption != nil || (message.child("body", message.namespace) != nil && !isStopgap)
    }

    private func sentence(_ deed: Deed, tail: String, _ scene: inout Scene) -> String {
        let behind = tail + brackets(deed.label, cited([deed.reference], &scene))
        let subject = deed.subject ?? frame.subject
        if deed.isClaim, let listener = frame.listener {
            return "\(subject) tells \(listener) that it \(deed.verb)\(behind)."
        }
        return "\(subject) \(deed.verb)\(deed.subject == nil ? frame.place : "")\(behind)."
    }

    /// What is sent back is told as that alone: what it does was told when it was sent.
    fileprivate mutating func forgetIntentions() {
        deeds = []
        others = []
        (wantsDelivery, wantsReading) = (false, false)
        findings = []
    }

    /// A message that says and does nothing that is known.
    private func bare(_ scene: inout Scene) -> String {
        var text = frame.noun + shownSubject
        let names = nameOthers()
        if !names.isEmpty {
            text += "\(shownSubject.isEmpty ? "" : ",") with \(names)"
        } else if message.child("subject", message.namespace) == nil, !frame.isEcho {
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
        guard !cuts.isEmpty, !cuts.contains(where: { isMiscounted($0, body) }) else { return body }
        let kept = body.unicodeScalars.enumerated().filter { place, _ in !cuts.contains { $0.contains(place) } }
        let text = String(String.UnicodeScalarView(kept.map(\.element)))
        return text.trimmed.isEmpty ? body : text
    }

    /// True for a cut that ends within a quoted line: its sender has miscounted, and what would be left is not what was meant.
    private func isMiscounted(_ cut: Range<Int>, _ body: String) -> Bool {
        let before = Array(body.unicodeScalars.prefix(cut.upperBound))
        let line = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
        guard line >= cut.lowerBound, before[line...].first(where: { $0 != " " }) == ">" else { return false }
        return body.unicodeScalars.dropFirst(before.count).first.map { $0 != "\n" } ?? false
    }

    /// The thread of what is said, and in how many languages it is said.
    fileprivate var thread: String {
        guard hasContent else { return "" }
        let languages = encryption == nil ? self.languages : ""
        guard let thread = message.child("thread", message.namespace), let id = thread.text.trimmed.nonEmpty else {
            return languages
        }
        let parent = thread["parent"]?.nonEmpty.map { ", which began in the thread \($0.shown(limit: 40))" } ?? ""
        return "\(languages) It belongs to the thread \(id.shown(limit: 40))\(parent)."
    }

    /// That a text comes in several languages, where each of them has one of its own (RFC 6121 section 5.2.3).
    private var languages: String {
        let texts = message.children.filter { $0.is("body", message.namespace) }
        guard texts.count > 1 else { return "" }
        let names = texts.map { $0.language?.lowercased() ?? "" }
        guard Set(names).count == names.count else {
            return " \(texts.count) texts are in it, of which this is the first."
        }
        let others = names.dropFirst().filter { !$0.isEmpty }
        let which = others.count == names.count - 1 ? ": also in \(Say.some(others) { $0.quoted(limit: 20) })" : ""
        return " The same text comes in \(texts.count) languages\(which)."
    }

    /// What the sender wants to be told.
    fileprivate func requests(_ scene: inout Scene) -> String {
        guard wantsDelivery || wantsReading else { return "" }
        let events = wantsDelivery ? wantsReading ? "delivered and read" : "delivered" : "read"
        let references = cited([wantsDelivery ? "XEP-0184" : "", wantsReading ? "XEP-0333" : ""], &scene)
        let who = frame.isClients ? "The client" : "The sender"
        return " \(who) wants to know when it is \(events)\(brackets("", references))."
    }

    private func quoted(_ text: String, limit: Int = 120) -> String { "\"\(text.shown(limit: limit).trimmed)\"" }
}

extension String {
    /// ` (XEP-0384)` as `, XEP-0384`.
    fileprivate var withinBrackets: String { isEmpty ? "" : ", " + dropFirst(2).dropLast() }
}

/// Those of the specifications that were not named before.
private func cited(_ references: [String], _ scene: inout Scene) -> [String] {
    var new: [String] = []
    for reference in references where !reference.isEmpty && !scene.cite(reference).isEmpty { new.append(reference) }
    return new
}

/// A name and specifications in one pair of brackets: ` (delivery receipt, XEP-0184)`; nothing without either.
private func brackets(_ label: String, _ references: [String]) -> String {
    let all = (label.isEmpty ? [] : [label]) + references
    return all.isEmpty ? "" : " (\(all.joined(separator: ", ")))"
}
