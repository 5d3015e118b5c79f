import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Ad-hoc commands (XEP-0050): a dialogue over one or more steps.
    static let commands: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0050", "Ad-Hoc Commands", [CommandTeller.namespace])
        entry.codes = [.commandOver, .commandNode, .formRequired]
        entry.conditions = [
            "malformed-action": "the action is not understood",
            "bad-action": "the action cannot be done now",
            "bad-locale": "the command is not to be had in that language",
            "bad-payload": "the form that was sent is not what is wanted",
            "bad-sessionid": "the session of the command is not valid",
            "session-expired": "the session of the command has expired",
        ]
        entry.volatile = [.attribute("sessionid", of: "command", CommandTeller.namespace)]
        entry.teller = { CommandTeller() }
        return entry
    }()
}

/// Tells commands, and knows those that run by their sessions.
private struct CommandTeller: Teller {
    static let namespace = "http://jabber.org/protocol/commands"

    private struct Run {
        let name: String
        let story: Int?
        /// The packet with the last form.
        var form: Int?
        /// The fields of that form that must be filled in.
        var required: [String] = []
        /// The packet that ended it, and how.
        var end: (packet: Int, how: String)?
    }

    /// By the address of who offers the command, a blank, and the session.
    private var runs: [String: Run] = [:]
    /// Runs that are remembered; a peer that begins more of them only loses what is told of the earlier steps.
    private static let limit = 128

    mutating func tell(_ command: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? {
        guard let exchange = Exchange(command, place, packet, scene), command.name == "command" else { return nil }
        switch exchange.turn {
        case .set, .get: return request(exchange, &scene)
        case .result: return answer(exchange, &scene)
        case .refusal(let error): return refusal(error, exchange, &scene)
        // A running command says how it goes on (XEP-0244).
        case .message: return exchange.element["status"] == nil ? nil : news(exchange)
        case .presence: return nil
        }
    }

    /// Who offers the command: the own server by its name if it was addressed by that.
    private func owner(_ exchange: Exchange) -> String {
        guard exchange.addressee.role == .server, !exchange.addressee.isAccount,
            let to = exchange.stanza["to"]?.nonEmpty
        else { return exchange.whom }
        return to.shown(limit: 100)
    }

    private func key(_ party: String?, _ session: String) -> String {
        "\((party ?? "").addressKey.shown(limit: 300)) \(session.shown(limit: 200))"
    }

    // MARK: Requests

    private mutating func request(_ exchange: Exchange, _ scene: inout Scene) -> Telling {
        let command = exchange.element
        guard let session = command["sessionid"]?.nonEmpty else {
            var telling = begin(exchange, &scene)
            if command["node"]?.nonEmpty == nil {
                telling.findings.append(
                    Finding(
                        .commandNode,
                        "the command has no node, so nobody can know which one it is (XEP-0050 section 3.2)."
                    )
                )
            }
            return telling
        }
        let run = runs[key(exchange.stanza["to"], session)]
        let name = run?.name ?? CommandNames.name(of: command["node"])
        if let story = run?.story, run?.end == nil { scene.stories.goOn(story, exchange.packet, isRequest: true) }
        var telling = Telling()
        switch command["action"] {
        case "cancel"?: telling.text = "\(exchange.who) cancels \(name) (session \(session.shown(limit: 60)))."
        case "prev"?: telling.text = "\(exchange.who) goes back one step in \(name)."
        case let action:
            telling.text = step(exchange, name, action, run)
            if let run { telling.findings += missingFindings(exchange, run) }
        }
        if let end = run?.end {
            telling.findings.append(
                Finding(
                    .commandOver,
                    "\(padded(end.packet)) has \(end.how) it already, so its session is over (XEP-0050 section 3.3)."
                )
            )
        }
        return telling
    }

    private func begin(_ exchange: Exchange, _ scene: inout Scene) -> Telling {
        let name = CommandNames.name(of: exchange.element["node"])
        let subject = name.hasPrefix("the command ") ? String(name.dropFirst(12)) : name
        _ = scene.stories.begin(.command, subject, exchange.packet, isRequest: true)
        let cite = scene.cite("XEP-0050")
        switch exchange.element["action"] {
        case "cancel"?: return Telling("\(exchange.who) cancels \(name) at \(owner(exchange))\(cite).")
        case "prev"?, "next"?, "complete"?:
            return Telling(
                "\(exchange.who) wants to go on with \(name) of \(owner(exchange)), but names no session of it\(cite)."
            )
        default:
            let form = FormWords(in: exchange.element)
            return Telling("\(exchange.who) runs \(name) of \(owner(exchange))\(form?.bracketed ?? "")\(cite).")
        }
    }

    /// Fields that were required and are not filled in.
    private func missingFindings(_ exchange: Exchange, _ run: Run) -> [Finding] {
        guard let number = run.form, !run.required.isEmpty, let form = FormWords(in: exchange.element),
            form.type == "submit"
        else { return [] }
        let missing = run.required.filter { form.value($0) == nil }.map { $0.quoted(limit: 40) }
        if missing.isEmpty { return [] }
        return [
            Finding(
                .formRequired,
                "\(Say.some(missing)) must be filled in by the form of \(padded(number)), but \(missing.count == 1 ? "is" : "are") not (XEP-0004 section 3.2)."
            )
        ]
    }

    private func step(_ exchange: Exchange, _ name: String, _ action: String?, _ run: Run?) -> String {
        let goesOn: String
        switch action {
        case "complete"?: goesOn = "completes \(name)"
        case "next"?: goesOn = "goes on to the next step of \(name)"
        case nil, "execute"?: goesOn = "goes on with \(name)"
        case let action?: goesOn = "asks for the unknown step \(action.quoted(limit: 40)) of \(name)"
        }
        guard let form = FormWords(in: exchange.element) else { return "\(exchange.who) \(goesOn)." }
        if form.type == "cancel" { return "\(exchange.who) gives the form back without filling it in, and \(goesOn)." }
        let which = run?.form.map { " of \(padded($0))" } ?? ""
        return "\(exchange.who) fills in the form\(which)\(form.bracketed) and \(goesOn)."
    }

    // MARK: Answers

    private mutating func answer(_ exchange: Exchange, _ scene: inout Scene) -> Telling? {
        let story = scene.stories.take(request: exchange.request)
        guard let command = exchange.answer, command.name == "command" else {
            if let story { scene.stories.goOn(story, exchange.packet) }
            let what = exchange.asked.map { CommandNames.name(of: $0["node"]) } ?? "a command"
            return Telling("\(exchange.who) answers \(what) without saying what became of it.")
        }
        let name = CommandNames.name(of: command["node"] ?? exchange.asked?["node"])
        let form = FormWords(in: command)
        note(exchange, command, name, form, story)
        switch command["status"] {
        case "completed"?: return completed(exchange, command, name, form, story, &scene)
        case "canceled"?:
            if let story { scene.stories.settle(story, .abandoned, exchange.packet) }
            return Telling("\(capitalized(name)) is cancelled\(notes(command)).".collapsingStops)
        default:
            if let story { scene.stories.goOn(story, exchange.packet) }
            return executing(exchange, command, name, form)
        }
    }

    private func news(_ exchange: Exchange) -> Telling {
        let name = CommandNames.name(of: exchange.element["node"])
        return executing(exchange, exchange.element, name, FormWords(in: exchange.element))
    }

    private mutating func note(
        _ exchange: Exchange,
        _ command: Element,
        _ name: String,
        _ form: FormWords?,
        _ story: Int?
    ) {
        guard let session = command["sessionid"]?.nonEmpty else { return }
        let key = key(exchange.stanza["from"], session)
        if runs.count >= Self.limit, runs[key] == nil { runs.removeAll() }
        var run = runs[key] ?? Run(name: name, story: story)
        if let form {
            run.form = exchange.packet.number
            run.required = form.type == "result" ? [] : form.required
        } else {
            (run.form, run.required) = (nil, [])
        }
        switch command["status"] {
        case "completed"?: run.end = (exchange.packet.number, "completed")
        case "canceled"?: run.end = (exchange.packet.number, "cancelled")
        // Some give a session's number again.
        default: run.end = nil
        }
        runs[key] = run
    }

    private func completed(
        _ exchange: Exchange,
        _ command: Element,
        _ name: String,
        _ form: FormWords?,
        _ story: Int?,
        _ scene: inout Scene
    ) -> Telling {
        let failure = command.children.first { $0.name == "note" && $0["type"] == "error" }
        if let story {
            let why = Say.quote(failure?.text, "")
            let cause = Cause(why: why.isEmpty ? "it reports an error" : "it reports \(why)", remedy: "")
            scene.stories.settle(story, failure == nil ? .succeeded : .failed(cause), exchange.packet)
        }
        let how = failure == nil ? "is done" : "ends with an error"
        let results = form?.results ?? ""
        let title = form?.title.map { "\($0.quoted(limit: 80)): " } ?? ""
        let result = results.isEmpty ? "" : form?.title == nil ? " \(capitalized(results))." : " \(title)\(results)."
        let address = command.child("x", NS.outOfBand)?.child("url")?.text
        return Telling(
            "\(capitalized(name)) \(how)\(notes(command)).\(result)\(Say.quote(address, " It gives the address "))\(address == nil ? "" : ".")"
                .collapsingStops
        )
    }

    private func executing(_ exchange: Exchange, _ command: Element, _ name: String, _ form: FormWords?) -> Telling {
        var text: String
        if let form, form.type != "result" {
            text = "\(capitalized(name)) needs more: \(form.asks)\(notes(command)).\(form.says)"
        } else {
            text = "\(capitalized(name)) of \(exchange.speaker.name) goes on\(notes(command))."
            if let results = form?.results, !results.isEmpty { text += " So far: \(results)." }
        }
        let actions = command.child("actions")
        let allowed = (actions?.children ?? []).map { $0.name.shown(limit: 20) }
        if !allowed.isEmpty {
            let usual = actions?["execute"].map { allowed.count > 1 ? ", usually \($0.shown(limit: 20))" : "" } ?? ""
            text += " Next step: \(Say.some(allowed, 4, or: true))\(usual)."
        }
        return Telling(text.collapsingStops)
    }

    /// What the command says to people, behind a colon.
    private func notes(_ command: Element) -> String {
        let notes = command.children.filter { $0.name == "note" }.compactMap { note -> String? in
            guard let text = note.text.trimmed.nonEmpty?.quoted(limit: 160) else { return nil }
            return note["type"] == "warn" ? "with the warning \(text)" : text
        }
        if notes.isEmpty { return "" }
        return notes[0].hasPrefix("with") ? ", \(Say.some(notes))" : ": \(Say.some(notes))"
    }

    // MARK: Refusals

    private func refusal(_ error: StanzaError, _ exchange: Exchange, _ scene: inout Scene) -> Telling {
        let asked = exchange.asked
        let name = CommandNames.name(of: asked?["node"])
        if let story = scene.stories.take(request: exchange.request) {
            scene.stories.settle(story, .failed(error.cause), exchange.packet)
        }
        let session = asked?["sessionid"]?.nonEmpty
        if let session, error.special?.name == "bad-sessionid", error.special?.namespace == Self.namespace {
            return Telling(
                "\(exchange.who) knows no running command of the session \(session.shown(limit: 60)) (\(error.name)).\(error.says)"
                    .collapsingStops,
                error.findings
            )
        }
        let what: String
        switch asked?["action"] {
        case "cancel"?: what = "to cancel \(name)"
        case "prev"?: what = "to go back in \(name)"
        case _ where session != nil: what = "to go on with \(name)"
        default: what = name.hasPrefix("a ") ? name : "\(name)"
        }
        return exchange.refused(what, error)
    }
}

extension Say {
    /// The same with `or`.
    static func some(_ items: [String], _ limit: Int, or: Bool) -> String {
        items.count <= limit ? items.listed(or ? "or" : "and") : some(items, limit)
    }
}

extension FindingCode {
    static let commandNode = warning(
        "command.node.missing",
        "XEP-0050 section 3.2",
        "A command is known by its node. Without one nobody can know what is to be done."
    )
    static let formRequired = warning(
        "form.required.missing",
        "XEP-0004 section 3.2",
        "A form that is sent back lacks a field that was marked as required, so it is not valid and will be refused."
    )
    static let commandOver = note(
        "command.session.over",
        "XEP-0050 section 3.3",
        "Somebody goes on with a command that was completed or cancelled before. Its session is over then; the command must be run anew."
    )
}
