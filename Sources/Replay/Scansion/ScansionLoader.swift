import Conversation
import SASL
import XMLStream
import XMPP

/// Turns a script into a conversation that `ClientReplay` can run: connecting becomes a stream, a login and a bound session.
public enum ScansionLoader {
    /// - Throws: `ReplayError`, which names the line of the script.
    public static func load(_ text: String) throws(ReplayError) -> RecordedConversation {
        let script = try ScansionReader.read(text)
        var building = Building(script)
        for step in script.steps {
            do throws(ReplayError) {
                try building.add(step)
            } catch {
                throw ReplayError("line \(step.line): \(error)")
            }
        }
        return building.conversation
    }

    private struct Building {
        var conversation = RecordedConversation(steps: [])
        private let clients: [String: ScansionScript.Client]
        /// The connection of each client that is connected.
        private var open: [String: Int] = [:]
        /// The last connection of each client that has disconnected.
        private var ended: [String: Int] = [:]
        private var count = 0

        init(_ script: ScansionScript) {
            clients = Dictionary(script.clients.map { ($0.name, $0) }) { first, _ in first }
            conversation.isScript = true
        }

        mutating func add(_ step: ScansionScript.Step) throws(ReplayError) {
            switch step.act {
            case .connects: try connect(step.client)
            case .disconnects:
                // Who is gone already may go once more.
                guard let connection = open.removeValue(forKey: step.client) else { return }
                ended[step.client] = connection
                append(.packet(packet(.clientToServer, .end, "</stream:stream>")), connection)
                append(.awaitsEnd, connection)
            case .sends(let text): try send(try stanza(text), step)
            case .receives(let text):
                let element = try stanza(text).element
                try append(.receives(element, line: step.line), step, "receives \(element.summary)")
            case .receivesNothing:
                // Who has disconnected receives nothing, as is written.
                guard open[step.client] != nil || ended[step.client] == nil else { return }
                try append(.receivesNothing(line: step.line), step, "receives nothing")
            }
        }

        private mutating func send(
            _ stanza: (element: Element, bytes: [UInt8]),
            _ step: ScansionScript.Step
        ) throws(ReplayError) {
            let packet = RecordedPacket(
                number: step.line,
                direction: .clientToServer,
                kind: .element(stanza.element),
                bytes: stanza.bytes
            )
            try append(.packet(packet), step, "sends \(stanza.element.summary)")
        }

        /// What a client does after it has disconnected can only be told when the script runs; before it connects it is a slip of
        /// the pen.
        private mutating func append(
            _ event: RecordedConversation.Event,
            _ step: ScansionScript.Step,
            _ act: String
        ) throws(ReplayError) {
            if let connection = open[step.client] { return append(event, connection) }
            guard let connection = ended[step.client] else {
                throw ReplayError("\(step.client.quoted()) is not connected")
            }
            append(.absent(act: "\(step.client.shown(limit: 60)) \(act)", line: step.line), connection)
        }

        private mutating func append(_ event: RecordedConversation.Event, _ connection: Int) {
            conversation.steps.append(RecordedConversation.Step(connection: connection, time: nil, event: event))
        }

        private func packet(_ direction: Direction, _ kind: RecordedPacket.Kind, _ text: String) -> RecordedPacket {
            RecordedPacket(number: nil, direction: direction, kind: kind, bytes: Array(text.utf8))
        }

        // MARK: Connecting

        private mutating func connect(_ name: String) throws(ReplayError) {
            guard open[name] == nil else { throw ReplayError("\(name.quoted()) is connected already") }
            guard let options = clients[name]?.options, let jid = options["jid"].map(JID.init), let user = jid.local
            else {
                throw ReplayError("\(name.quoted()) has no jid such as user@localhost")
            }
            count += 1
            open[name] = count
            append(.opened, count)
            let header =
                "<?xml version='1.0'?><stream:stream to='\(XMLText.escaped(jid.domain))' version='1.0' xmlns='\(NS.client)'"
                + " xmlns:stream='\(NS.streams)'>"
            let data = Base64.encode(PlainMessage.bytes(user: user, password: options["password"] ?? ""))
            let resource = options["resource"] ?? jid.resource
            let bound = fullJID(name, jid)
            try say(header)
            try say("<auth xmlns='\(NS.sasl)' mechanism='PLAIN'>\(data)</auth>")
            try hear("<success xmlns='\(NS.sasl)'/>")
            try say(header)
            let wish = resource.map { "<resource>\(XMLText.escaped($0))</resource>" } ?? ""
            try say("<iq type='set' id='scansion-bind'><bind xmlns='\(NS.bind)'>\(wish)</bind></iq>")
            try hear(
                "<iq type='result' id='scansion-bind'><bind xmlns='\(NS.bind)'><jid>\(XMLText.escaped(bound.description))</jid></bind></iq>"
            )
        }

        private mutating func say(_ text: String) throws(ReplayError) { try append(text, .clientToServer) }
        private mutating func hear(_ text: String) throws(ReplayError) { try append(text, .serverToClient) }

        private mutating func append(_ text: String, _ direction: Direction) throws(ReplayError) {
            let kind: RecordedPacket.Kind =
                text.hasPrefix("<?xml") ? .header(try parsed(text, isHeader: true)) : .element(try parsed(text))
            append(.packet(packet(direction, kind, text)), count)
        }

        /// The address by which a client's session goes in the script; what the server gives takes its place.
        private func fullJID(_ name: String, _ jid: JID) -> JID {
            let resource =
                clients[name]?.options["resource"] ?? jid.resource
                ?? "scansion-\(name.filter { $0.isLetter || $0.isNumber })"
            return JID(local: jid.local, domain: jid.domain, resource: resource)
        }

        // MARK: Stanzas

        private func stanza(_ text: String) throws(ReplayError) -> (element: Element, bytes: [UInt8]) {
            try read(try fill(text), isHeader: false)
        }

        private func fill(_ text: String) throws(ReplayError) -> String {
            var result = ""
            var rest = text[...]
            while let start = rest.firstRange(of: "${") {
                result += rest[..<start.lowerBound]
                rest = rest[start.upperBound...]
                guard let end = rest.firstIndex(of: "}") else { throw ReplayError("the } of a variable is missing") }
                result += XMLText.escaped(try variable(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            }
            return result + rest
        }

        private func variable(_ name: String) throws(ReplayError) -> String {
            for client in clients.values {
                guard let jid = client.options["jid"].map(JID.init) else { continue }
                switch name {
                case "\(client.name)'s full JID": return fullJID(client.name, jid).description
                case "\(client.name)'s JID", "\(client.name)'s bare JID": return jid.bare
                case "\(client.name)'s user": return jid.local ?? ""
                case "\(client.name)'s host", "\(client.name)'s domain": return jid.domain
                case "\(client.name)'s resource": return fullJID(client.name, jid).resource ?? ""
                default: continue
                }
            }
            throw ReplayError("there is no variable \("${\(name)}".quoted(limit: 60))")
        }

        private func parsed(_ text: String, isHeader: Bool = false) throws(ReplayError) -> Element {
            try read(text, isHeader: isHeader).element
        }

        /// The first element of the text, and the bytes of all of them: line breaks and remarks around them are layout.
        private func read(_ text: String, isHeader: Bool) throws(ReplayError) -> (element: Element, bytes: [UInt8]) {
            let parser = StreamParser()
            if !isHeader {
                let header =
                    "<stream:stream xmlns='\(NS.client)' xmlns:stream='\(NS.streams)' xmlns:scansion='\(ScansionMatcher.namespace)'>"
                parser.append(Array(header.utf8))
                _ = parser.next()
            }
            parser.append(Array(text.utf8))
            var first: Element?
            var bytes: [UInt8] = []
            while let event = parser.next() {
                switch event.kind {
                case .header(let element), .element(let element):
                    first = first ?? element
                    bytes += event.bytes
                case .whitespace: continue
                case .failure(let error) where first == nil:
                    throw ReplayError("the stanza cannot be read: \(error.reason.shown())")
                case .strayText, .end, .oversized, .failure:
                    if first == nil { throw ReplayError("there is no stanza") }
                }
            }
            guard let first, !parser.unread.contains(UInt8(ascii: "<")) else {
                throw ReplayError("the stanza is not complete")
            }
            return (first, bytes)
        }
    }
}
