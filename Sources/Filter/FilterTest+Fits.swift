import Transcript
import XMLStream
import XMPP

extension FilterTest {
    func fits(_ subject: FilterSubject) -> Bool {
        switch self {
        case .connection(let span): return span.contains(subject.connection)
        case .word(let word): return word.fits(subject)
        case .direction, .anyFinding, .story, .stories, .time, .text, .number, .took, .bytes, .proxy: break
        }
        switch subject.content {
        case .packet(let packet): return fits(packet, subject.element)
        case .event(let event): return fits(event)
        case .element(let element, let direction): return fits(element, direction)
        }
    }

    private func fits(_ packet: PacketRecord, _ element: Element?) -> Bool {
        switch self {
        case .direction(let direction): packet.direction == direction
        case .anyFinding: !packet.telling.findings.isEmpty
        case .story(let kind): packet.telling.step.map { kind == nil || $0.kind == kind } ?? false
        case .stories(let span): span.contains(packet.telling.step?.story)
        case .time(let span): span.contains(packet.time, packet.secondsSinceStart)
        case .text(let text): text.isIn(packet, element)
        case .number(let span): span.contains(packet.number)
        case .took(let span): span.contains(packet.answerDelay)
        case .bytes(let span): span.contains(packet.xml.count + packet.omittedBytes)
        case .proxy: packet.isSentByProxy || packet.replacement != nil
        case .word, .connection: false
        }
    }

    private func fits(_ event: EventRecord) -> Bool {
        switch self {
        case .time(let span): span.contains(event.time, event.secondsSinceStart)
        case .text(let text): text.isIn(event.text)
        case .direction, .anyFinding, .story, .stories, .number, .took, .bytes, .proxy, .word, .connection: false
        }
    }

    private func fits(_ element: Element, _ direction: Direction) -> Bool {
        switch self {
        case .direction(let wanted): wanted == direction
        case .text(let text): text.isIn(element)
        case .anyFinding, .story, .stories, .time, .number, .took, .bytes, .proxy, .word, .connection: false
        }
    }
}

extension FilterWord {
    func fits(_ subject: FilterSubject) -> Bool {
        switch self {
        case .kind(let kind): kind.fits(subject)
        case .address(let address): subject.addresses.contains { Self.belongs($0, to: address) }
        case .namespace(let name): subject.namespaces.contains { ProtocolRegistry.matches($0, name: name) }
        case .finding(let code): subject.findings.contains { $0.code == code || $0.code.hasPrefix(code + ".") }
        case .severity(let severity): subject.findings.contains { $0.severity == severity }
        }
    }

    /// A domain has all its accounts, an account all its sessions.
    private static func belongs(_ text: String, to address: String) -> Bool {
        let (one, wanted) = (JID(text), JID(address))
        if let resource = wanted.resource, one.resource != resource { return false }
        return wanted.local == nil && wanted.resource == nil
            ? one.domain.addressKey == wanted.domain.addressKey : one.bare.addressKey == wanted.bare.addressKey
    }
}

extension FilterWord.Kind {
    fileprivate func fits(_ subject: FilterSubject) -> Bool {
        if case .event = subject.content { return self == .event }
        guard let root = subject.root else { return self == .stream && subject.isEnd }
        let isStanza = NS.stanzas.contains(root.namespace)
        let isOfStream = root.namespace == NS.streams || root.namespace == NS.framing
        switch self {
        case .iq, .message, .presence: return isStanza && root.name == rawValue
        case .stanza: return isStanza
        case .request: return isStanza && root.isRequest
        case .stream: return isOfStream
        case .nonza: return !isStanza && !isOfStream
        case .event: return false
        case .error: return root.isError
        }
    }
}

extension FilterSubject {
    fileprivate var findings: [Finding] {
        if case .packet(let packet) = content { packet.telling.findings } else { [] }
    }

    fileprivate var isEnd: Bool {
        if case .packet(let packet) = content { packet.xml.starts(with: "</".utf8) } else { false }
    }
}

extension SoughtText {
    /// In what a transcript shows of the packet, and in what its XML means.
    fileprivate func isIn(_ packet: PacketRecord, _ element: Element?) -> Bool {
        isIn(packet.xml) || isIn(packet.telling.text) || packet.telling.findings.contains { isIn($0.text) }
            || packet.xml.contains(UInt8(ascii: "&")) && element.map { isIn($0) } ?? false
    }

    fileprivate func isIn(_ element: Element) -> Bool {
        var waiting = [element]
        while let next = waiting.popLast() {
            if next.attributes.contains(where: { isIn($0.value) }) || isIn(next.text) { return true }
            waiting += next.children
        }
        return false
    }
}
