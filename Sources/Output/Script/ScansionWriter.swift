import Conversation
import XMLStream
import XMPP

/// Writes a recording as a script of scansion: what was said after each login, with the addresses of the sessions as
/// variables and what a server makes up as `{scansion:any}`.
public struct ScansionWriter {
    private let conversation: RecordedConversation
    private let accounts: RecordedAccounts
    /// The names of the clients, by connection.
    private var names: [Int: String] = [:]
    private var connected: Set<Int> = []
    private var madeUp = MadeUpValues()
    private var text = ""

    public static func write(_ conversation: RecordedConversation, title: String) -> String {
        var writer = ScansionWriter(conversation)
        writer.writeCast(title)
        for step in conversation.steps { writer.write(step) }
        for connection in writer.connected.sorted() {
            writer.text += "\n\(writer.names[connection] ?? "") disconnects\n"
        }
        return writer.text
    }

    private init(_ conversation: RecordedConversation) {
        self.conversation = conversation
        accounts = RecordedAccounts(conversation)
        for connection in conversation.connections {
            guard let jid = accounts.sessions[connection], let local = jid.local else { continue }
            let base = local.prefix(1).uppercased() + local.dropFirst()
            let count = names.values.count { $0 == base || $0.hasPrefix(base + " ") }
            names[connection] = count == 0 ? base : "\(base) \(count + 1)"
        }
    }

    private mutating func writeCast(_ title: String) {
        text = "# \(title.shown(limit: 200))\n"
        for connection in conversation.connections {
            guard let jid = accounts.sessions[connection], let name = names[connection] else {
                text +=
                    "# Connection \(connection) is left out: nobody logs in on it, and a client of a script always does.\n"
                continue
            }
            let password = jid.local.flatMap { accounts.password(of: $0) }
            text += "\n[Client] \(name)\n\tjid: \(jid.bare)\n\tpassword: \(password ?? "password")\n"
            if let resource = jid.resource { text += "\tresource: \(resource)\n" }
            if password == nil { text += "\t# the recording does not tell the password\n" }
        }
        text += "\n---------\n"
    }

    private mutating func write(_ step: RecordedConversation.Step) {
        guard let name = names[step.connection] else { return }
        switch step.event {
        case .packet(let packet): write(packet, step.connection, name)
        case .closed, .reset:
            if connected.remove(step.connection) != nil { text += "\n\(name) disconnects\n" }
        case .opened, .secured, .keepAlive, .unreadable, .damaged, .receives, .receivesNothing, .awaitsEnd, .absent:
            break
        }
    }

    private mutating func write(_ packet: RecordedPacket, _ connection: Int, _ name: String) {
        if packet.kind == .end, packet.direction == .clientToServer, connected.remove(connection) != nil {
            text += "\n\(name) disconnects\n"
        }
        guard let element = packet.element, element.namespace == NS.client else { return }
        if packet.direction == .serverToClient, element.child("bind", NS.bind) != nil {
            connected.insert(connection)
            text += "\n\(name) connects\n"
            return
        }
        guard connected.contains(connection), element.child("session", NS.session) == nil else { return }
        let isReceived = packet.direction == .serverToClient
        if isReceived { madeUp.take(element) }
        let isRepeated = !isReceived && madeUp.isRepeated(in: element)
        if !isReceived { madeUp.hear(element) }
        let act = isReceived ? "receives" : "sends"
        text += isRepeated ? "\n# This repeats a value that the server made up; another run has another one.\n" : "\n"
        text += "\(name) \(act):\n" + layout(element, parent: NS.client, depth: 1, isReceived: isReceived)
    }

    // MARK: Stanzas

    /// Attributes stand in double quotes, for the names of variables hold apostrophes.
    private func layout(_ element: Element, parent: String, depth: Int, isReceived: Bool) -> String {
        let indent = String(repeating: "\t", count: depth)
        let tag = "<\(element.name)" + attributes(of: element, parent: parent, depth: depth, isReceived: isReceived)
        let isMadeUp = isReceived && madeUp.isMadeUp(textOf: element)
        // What is sent is sent as it was; around what is received, blanks do not count.
        let text = isReceived || !element.children.isEmpty ? element.trimmedText : element.text
        let content = isMadeUp ? Self.any : withVariables(text)
        if element.children.isEmpty {
            return indent + (content.isEmpty ? tag + "/>" : tag + ">\(content)</\(element.name)>") + "\n"
        }
        let inside = element.children.map {
            layout($0, parent: element.namespace, depth: depth + 1, isReceived: isReceived)
        }
        let texts = content.isEmpty ? "" : "\(indent)\t\(content)\n"
        return "\(indent)\(tag)>\n\(texts)\(inside.joined())\(indent)</\(element.name)>\n"
    }

    private func attributes(of element: Element, parent: String, depth: Int, isReceived: Bool) -> String {
        var text = element.namespace == parent ? "" : " xmlns=\"\(escaped(element.namespace))\""
        var prefixes = 0
        for attribute in element.attributes {
            let isMadeUp = isReceived && madeUp.isMadeUp(attribute, of: element, isRoot: depth == 1)
            let value = isMadeUp ? Self.any : withVariables(attribute.value)
            switch attribute.namespace {
            case "": text += " "
            case NS.xml: text += " xml:"
            default:
                prefixes += 1
                text += " xmlns:ns\(prefixes)=\"\(escaped(attribute.namespace))\" ns\(prefixes):"
            }
            text += "\(attribute.name)=\"\(value)\""
        }
        return isReceived && Self.isSet(element) ? text + " scansion:strict=\"false\"" : text
    }

    private static let any = "{scansion:any}"

    /// True for an element whose children have no order: servers write them in another one each time.
    private static func isSet(_ element: Element) -> Bool {
        guard element.childCount > 1 else { return false }
        return switch (element.name, element.namespace) {
        case ("query", NS.discoInfo), ("query", NS.discoItems), ("query", NS.roster): true
        // States, and the addresses of one occupant with several clients.
        case ("x", NS.mucUser): true
        case ("set", "http://jabber.org/protocol/rsm"), ("blocklist", "urn:xmpp:blocking"): true
        default: false
        }
    }

    private func withVariables(_ value: String) -> String {
        for (connection, jid) in accounts.sessions.sorted(by: { $0.key < $1.key }) {
            guard let name = names[connection] else { continue }
            if value == jid.description { return "${\(name)'s full JID}" }
            if value == jid.bare { return "${\(name)'s JID}" }
        }
        return escaped(value)
    }

    /// A line break, of whatever kind, would end the stanza in the script, and `${` begin a variable.
    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in XMLText.escaped(text).replacing("&apos;", with: "'").unicodeScalars {
            if Character(scalar).isNewline {
                result += "&#\(scalar.value);"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result.replacing("${", with: "&#36;{")
    }
}
