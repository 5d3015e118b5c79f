import Conversation
import SASL
import XMLStream
import XMPP

/// Plays a recorded server to one client: bytes in, what is to be done out. It performs nothing and owns no clock.
///
/// Requests are matched by meaning with what was recorded on any connection. TLS and SASL are done for real.
public struct ServerSession {
    let script: ServerScript
    var stage = StreamStage()
    var matcher: RequestMatcher
    var values = ValueMap()
    var login: (any SASLServer)?
    /// The namespace of the login that goes on.
    var loginNamespace = NS.sasl
    var user: String?
    /// The recorded user whom this one stands for.
    var recordedUser: String?
    /// The recorded session that this one is the first to stand for.
    var recordedSession: JID?
    /// Whom the login that goes on is of.
    var claimedUser: String?
    var jid: JID?
    var domain = ""
    var actions: [ServerAction] = []
    /// Stanzas of the client since it enabled stream management (XEP-0198).
    var countedStanzas: UInt32?
    /// The id by which its session can be resumed.
    var managedID: String?
    var hasClosed = false
    var isSecuring = false
    /// How the header that was sent last names things; nil before it.
    var syntax: StreamSyntax?
    private var parser = StreamParser()
    /// True while a packet is dealt with that the user wants to hear nothing of.
    private var isIgnored = false
    private var recordedBytes = 0
    private var fedBytes = 0
    /// Packets of both directions so far: numbers as in the transcript.
    private var packetCount = 0
    /// The number of the client's packet that is being answered.
    var number = 0

    /// - Parameter number: counts the connections of this run from 1; the recorded ones are played in this order, as far as
    ///   the client does the same.
    public init(_ script: ServerScript, number: Int = 1) {
        self.script = script
        let recorded = script.server.connections
        let likely = recorded.isEmpty ? 0 : recorded[(max(number, 1) - 1) % recorded.count]
        matcher = RequestMatcher(exchanges: script.server.exchanges, subjects: script.subjects, likely: likely)
    }

    /// TLS is there: from the first byte, or after STARTTLS.
    public mutating func secured() {
        stage.isSecured = true
        isSecuring = false
        syntax = nil
        parser = StreamParser()
        recordedBytes = 0
        fedBytes = 0
    }

    public mutating func received(_ bytes: [UInt8]) -> [ServerAction] {
        // Nobody looks any more; a parser would only keep what comes.
        if hasClosed { return [.record(bytes)] }
        let start = fedBytes
        fedBytes += bytes.count
        parser.append(bytes)
        while !hasClosed, !isSecuring, let event = parser.next() {
            record(upTo: event.range.upperBound, bytes, start)
            handle(event)
        }
        record(upTo: start + bytes.count, bytes, start)
        if isSecuring, parser.unread.contains(where: { !$0.isXMLWhitespace }) {
            differ("the client sends bytes behind <starttls/>, before the TLS handshake; recorded: none")
            close()
        }
        defer { actions = [] }
        return actions
    }

    /// The client has ended its side.
    public mutating func inputEnded() -> [ServerAction] {
        close()
        defer { actions = [] }
        return actions
    }

    private mutating func record(upTo end: Int, _ bytes: [UInt8], _ start: Int) {
        let from = max(recordedBytes - start, 0)
        let to = min(end - start, bytes.count)
        guard from < to else { return }
        actions.append(.record(Array(bytes[from..<to])))
        recordedBytes = start + to
    }

    private mutating func handle(_ event: StreamEvent) {
        switch event.kind {
        case .whitespace: return
        case .header(let header):
            count()
            opened(header)
        case .element(let element):
            count()
            received(element, event.bytes)
        case .end:
            count()
            ended()
        case .oversized(let limit):
            count()
            differ("the client sends a packet that is not read: \(limit)")
        case .strayText: differ("the client sends text between packets")
        case .failure(let error):
            // What is broken inside a stream has a number of its own in the transcript.
            if syntax != nil { count() }
            differ("what the client sends is no XMPP stream: \(error.reason.shown())")
            fail("not-well-formed")
        }
    }

    private mutating func count() {
        packetCount += 1
        number = packetCount
    }

    private mutating func received(_ element: Element, _ bytes: [UInt8]) {
        isIgnored = script.rules.ignores(element, .clientToServer)
        defer { isIgnored = false }
        if let counted = countedStanzas, element.isCounted {
            countedStanzas = counted &+ 1
            countManaged()
        }
        switch element.namespace {
        case NS.tls: startTLS(element)
        case NS.sasl, NS.sasl2: logIn(element)
        default: answer(element)
        }
    }

    // MARK: Saying

    /// Sends bytes that fit the stream.
    mutating func say(_ bytes: [UInt8]) {
        packetCount += 1
        actions.append(.send(bytes))
    }

    mutating func send(header: [UInt8]) {
        syntax = StreamSyntax(header: header)
        say(header)
    }

    /// Sends a packet of the recording.
    ///
    /// - Parameter bytes: its bytes with the values of this run; nil if they are as recorded.
    mutating func send(_ packet: RecordedPacket, as bytes: [UInt8]? = nil) {
        say(fitting(bytes ?? packet.receivedBytes, packet.receivedElement))
    }

    /// Sends a packet of our own, written for a stream whose default namespace is that of clients and which has the prefix
    /// `stream`.
    mutating func send(_ text: String) { say(fitting(Array(text.utf8), StreamSyntax.parsed(text))) }

    /// A packet as it is to be in the stream as we opened it.
    func fitting(_ bytes: [UInt8], _ element: Element?) -> [UInt8] {
        guard let syntax, let element else { return bytes }
        return syntax.fitting(bytes, element)
    }

    mutating func sendEnd() {
        if let end = syntax?.end { say(end) }
    }

    /// A departure of the client from what was recorded.
    mutating func differ(_ text: String) {
        if isIgnored { return }
        actions.append(.differ("\(RecordedPacket.digits(number)): \(text)"))
        if script.isStrict { fail("undefined-condition") }
    }

    /// Ends the stream with an error (RFC 6120 section 4.9.1.1).
    mutating func fail(_ condition: String) {
        guard !hasClosed else { return }
        // An error stands inside a stream, so there must be one.
        if syntax == nil { send(header: serverHeader()) }
        send("<stream:error><\(condition) xmlns='\(NS.streamErrors)'/></stream:error>")
        sendEnd()
        close()
    }

    mutating func close() {
        guard !hasClosed else { return }
        hasClosed = true
        actions.append(.close)
    }

    private mutating func ended() {
        if !hasClosed {
            if let countedStanzas, let namespace = script.server.lastAcknowledgement {
                send("<a xmlns='\(XMLText.escaped(namespace))' h='\(countedStanzas)'/>")
            }
            sendEnd()
        }
        close()
    }
}
