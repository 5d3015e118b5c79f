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
                append(.packet(packet(.clientToServer, .end, "</stream:stream>")), connection)
            case .sends(let text):
                let (element, bytes) = try stanza(text)
                let packet = RecordedPacket(
                    number: step.line,
                    direction: .clientToServer,
                    kind: .element(element),
                    bytes: bytes
                )
                append(.packet(packet), try connection(of: step.client))
            case .receives(let text):
                append(.receives(try stanza(text).element, line: step.line), try connection(of: step.client))
            case .receivesNothing:
                append(.receivesNothing(line: step.line), try connection(of: step.client))
            }
        }

        private func connection(of name: String) throws(ReplayError) -> Int {
            guard let connection = open[name] else { throw ReplayError("\(name.quoted()) is not connected") }
            return connection
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
            let filled = try fill(text)
            let element = try parsed(filled)
            // Line breaks and indentation are layout.
            let start = filled.firstIndex(of: "<") ?? filled.startIndex
            let end = filled.lastIndex(of: ">").map { filled.index(after: $0) } ?? filled.endIndex
            return (element, Array(filled[start..<end].utf8))
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
            let parser = StreamParser()
            if !isHeader {
                let header =
                    "<stream:stream xmlns='\(NS.client)' xmlns:stream='\(NS.streams)' xmlns:scansion='\(ScansionMatcher.namespace)'>"
                parser.append(Array(header.utf8))
                _ = parser.next()
            }
            parser.append(Array(text.utf8))
            while let event = parser.next() {
                switch event.kind {
                case .header(let element), .element(let element): return element
                case .whitespace: continue
                case .failure(let error): throw ReplayError("the stanza cannot be read: \(error.reason.shown())")
                case .strayText, .end, .oversized: throw ReplayError("there is no stanza")
                }
            }
            throw ReplayError("the stanza is not complete")
        }
    }
}
