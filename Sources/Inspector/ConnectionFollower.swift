import Capture
import Explain
import Session
import TLSHandshake
import Transcript
import XMPP

/// Makes the transcript of one connection from its capture records: the title once it is known, then record after record.
final class ConnectionFollower {
    let connection: Int
    private let start: UInt64?
    private let client: Endpoint
    private let program: String
    private let recorder: String?
    /// True if packets go on with their elements.
    private let givesElements: Bool
    /// The capture in which it begins.
    private let file: String?
    /// True if another program captured it.
    private let isForeign: Bool
    private var session = Session()
    private var explainer: Explainer
    private var upstream: Upstream = .unknown
    private var lastTime: UInt64?
    private var opaque: Opaque?
    /// True once the client's TLS was decrypted.
    private var isDecrypted = false
    /// True once something was said inside TLS that was decrypted.
    private var wasReadInside = false
    private var tlsHasFailed = false
    /// True if stanzatap itself is one of the two sides.
    private var isReplay = false
    /// Whom the client asked for in its TLS handshake.
    private var serverName: String?
    /// True if the client's TLS handshake says that XMPP is inside (ALPN, XEP-0368).
    private var offersXMPP = false
    /// Records that wait for the title.
    private var waiting: [Record] = []
    private var waitingBytes = 0
    /// What waits for a title that may never be whole: in a capture that lacks how the server was reached it is everything.
    private static let waitingLimit = (records: 256, bytes: 1024 * 1024)
    private var hasTitle = false
    private var hasEnded = false
    private var closed: Set<Direction> = []
    /// What a copy without secrets has blotted out; empty in other recordings.
    private var blotted: [Direction: BlottedBytes] = [:]
    /// True until a record came.
    private var isFirst = true
    /// True while its parsers may be in memory.
    private(set) var isAwake = false
    /// True if a record came since `restIfUnused` was called last.
    private var isInUse = false

    private enum Upstream {
        case unknown
        case reached(host: String, address: Endpoint)
        case failed(host: String)
    }

    /// What came out of one record of the capture.
    struct Output {
        var title: ConnectionTitle?
        var records: [Record] = []
        var isFinished = false
    }

    init(
        connection: Int,
        client: Endpoint,
        program: String?,
        recorder: String? = nil,
        file: String? = nil,
        time: UInt64?,
        memory: RecordingMemory = RecordingMemory(),
        givesElements: Bool = false
    ) {
        self.givesElements = givesElements
        explainer = Explainer(connection: connection, memory: memory)
        self.connection = connection
        self.client = client
        self.program = program ?? "stanzatap"
        self.recorder = recorder
        self.file = file
        isForeign = program == nil
        start = time
    }

    /// Gives back the memory that only a connection in use needs, if no record came since the last call; false if one did.
    func restIfUnused() -> Bool {
        defer { isInUse = false }
        guard !isInUse else { return false }
        session.rest()
        isAwake = false
        return true
    }

    func handle(_ record: CaptureRecord) -> Output {
        (isAwake, isInUse) = (true, true)
        defer { isFirst = false }
        lastTime = record.time ?? lastTime
        switch record.content {
        case .opened:
            return Output()
        case .continued(_, _, _, let isDecrypted):
            return isFirst ? beginInTheMiddle(isDecrypted, record.time) : Output()
        case .bytes(let direction, let bytes, let origin):
            return output(received(bytes, direction, record.time, Packet.Origin(origin)))
        case .lost(let direction, let count):
            return output(records(of: session.lost(count, direction, time: record.time)))
        case .closed(let direction):
            closed.insert(direction)
            return output(flushed() + [ended(.closed(direction.sender), direction.sender, record.time)])
        case .reset(let direction):
            closed = Set(Direction.allCases)
            return output(flushed() + [ended(.reset(direction.sender), direction.sender, record.time)])
        case .event(let captureEvent):
            return handle(captureEvent, time: record.time)
        }
    }

    private func received(
        _ bytes: ArraySlice<UInt8>,
        _ direction: Direction,
        _ time: UInt64?,
        _ origin: Packet.Origin
    ) -> [Record] {
        guard !blotted.isEmpty else {
            return records(of: session.received(bytes, direction, time: time, origin: origin))
        }
        var records: [Record] = []
        for piece in blotted[direction, default: BlottedBytes()].take(bytes) {
            switch piece {
            case .readable(let bytes):
                records += toldBlots(direction, time)
                records += self.records(of: session.received(bytes, direction, time: time, origin: origin))
            case .blotted(let count):
                if blotted[direction]?.count == 0 {
                    _ = session.lost(count, direction, time: time)
                    explainer.lostBytes(of: direction)
                }
                blotted[direction]?.pass(count)
            }
        }
        return records
    }

    /// Bytes that were passed over are told once, when something else comes.
    private func toldBlots(_ direction: Direction, _ time: UInt64?) -> [Record] {
        guard let count = blotted[direction]?.takeCount() else { return [] }
        let text =
            "\(count == 1 ? "1 byte" : "\(count) bytes") of \(explainer.name(of: direction.sender)) could not be read when the "
            + "secrets were taken out of this recording, and \(count == 1 ? "is" : "are") blotted out"
        return [event("blotted", text, time)]
    }

    /// What was said before is in an earlier capture, which nobody gave us.
    private func beginInTheMiddle(_ isDecrypted: Bool, _ time: UInt64?) -> Output {
        self.isDecrypted = isDecrypted
        explainer.beganInMiddle()
        if isDecrypted { explainer.tlsBegan(with: .client, hidesChannelBinding: true) }
        return output(records(of: Direction.allCases.flatMap { session.lost(nil, $0, time: time) }))
    }

    /// The capture is over: ends the transcript if the connection had not ended in it.
    func finish() -> Output {
        if hasEnded { return Output() }
        var records = flushed()
        if closed.count < 2 {
            records.append(event("recording-ended", "The recording ends here, while the connection is open", nil))
        }
        return end(after: records)
    }

    // MARK: Events of the capture

    private func handle(_ captureEvent: CaptureEvent, time: UInt64?) -> Output {
        switch captureEvent {
        case .accepted, .continued, .sentByProxy, .changed:
            return Output()
        case .replay:
            isReplay = true
            explainer.replayBegan()
            return Output()
        case .tls(let side, let facts):
            if side == .client || facts.isDirect { isDecrypted = true }
            if side == .client {
                serverName = facts.serverName
            }
            explainer.tlsBegan(
                with: side,
                hidesChannelBinding: facts.hidesChannelBinding ?? true,
                serverName: facts.serverName
            )
            return output(flushed() + [event("tls", facts.told(with: side).shown(limit: 2000), time)])
        case .tlsFailed(let side, let reason, _, let remedy):
            tlsHasFailed = true
            session.tlsFailed()
            explainer.tlsFailed(with: side, reason: reason.shown(limit: 2000), remedy: remedy.shown(limit: 2000))
            return output(
                flushed() + [event("tls-failed", withoutStop(captureEvent.sentence).shown(limit: 2000), time)]
            )
        case .decrypted:
            isDecrypted = true
            return output(records(of: session.decrypted(time: time)))
        case .blotted(let side, let kept, let count):
            blotted[Direction(sender: side), default: BlottedBytes()].add(kept: kept, count: count)
            return Output()
        case .noticed(let what):
            return output(flushed() + [event("noticed", capitalizedStart(what.shown()), time)])
        case .differed(let what):
            return output(flushed() + [event("difference", "Difference: \(what.shown(limit: 2000))", time)])
        case .upstreamConnected(let host, let address, _):
            upstream = .reached(host: host, address: address)
            return output([])
        case .upstreamFailed(let host, let condition, let reason):
            upstream = .failed(host: host)
            let text = "The server \(host.shown(limit: 100)) was not reached: \(reason.shown()) (\(condition.shown()))"
            return output(flushed() + [event("upstream-failed", text, time)])
        case .failed(let reason):
            return output(flushed() + [event("failed", capitalizedStart(reason.shown(limit: 2000)), time)])
        case .ended:
            return end(after: flushed())
        }
    }

    private func end(after records: [Record]) -> Output {
        hasEnded = true
        var records = records + self.records(of: session.finished())
        let summary = explainer.summary(facts: facts, unanswered: session.unanswered)
        let troubles = explainer.troubles(unanswered: session.unanswered)
        let software = [explainer.softwareLine].compactMap(\.self)
        let text = ([summary] + software + explainer.storyLinesOfSummary + troubles).joined(separator: "\n")
        var end = Summary(text: text, stories: explainer.stories, encryption: encryption, seconds: seconds)
        end.storyLines = explainer.storyLines
        end.findings = explainer.lateFindings(unanswered: session.unanswered).map(LateFinding.init)
        (end.client, end.server) = explainer.software
        records.append(.summary(end))
        var result = output(records, force: true)
        result.isFinished = true
        return result
    }

    /// Packets, time and encryption, for the summary.
    private var facts: String {
        let count = session.packetCount == 1 ? "1 packet" : "\(session.packetCount) packets"
        let time = seconds.map { " in " + secondsText($0) } ?? ""
        return "\(count)\(time)" + (encryption.map { ", \($0)" } ?? "")
    }

    /// From the beginning to what came last; nil if nobody knows.
    private var seconds: Double? {
        start.flatMap { start in lastTime.map { Double($0 >= start ? $0 - start : 0) / 1e9 } }
    }

    /// Nil if nothing was said from which it could be known.
    private var encryption: String? {
        switch opaque {
        case .startTLS?: return "then encrypted and not read"
        case .directTLS?, .earlierTLS?: return "encrypted and not read"
        case .laterTLS?: return "then encrypted and not read"
        case .compression?: return "then compressed and not read"
        case nil: break
        }
        if isDecrypted, wasReadInside { return isReplay ? "encrypted" : "encrypted and decrypted by stanzatap" }
        if isDecrypted, !tlsHasFailed { return "encrypted, and nothing was said inside TLS" }
        if session.packetCount == 0 { return nil }
        if session.beginsInMiddle { return "recorded from the middle on, unencrypted" }
        let wasRead = blotted.isEmpty && Direction.allCases.allSatisfy { session.isReadable($0) }
        return wasRead ? "not encrypted" : "unencrypted as far as it was read"
    }

    // MARK: Events of the session

    private static let howToRead =
        ". To read it, record with stanzatap in between, or give Wireshark the secrets of one of the two (SSLKEYLOGFILE)"

    private func flushed() -> [Record] {
        let blots = blotted.isEmpty ? [] : Direction.allCases.flatMap { toldBlots($0, lastTime) }
        return blots + records(of: session.flushKeepAlives())
    }

    private func records(of events: [SessionEvent]) -> [Record] {
        events.map { sessionEvent in
            if case .packet(let packet) = sessionEvent {
                wasReadInside = wasReadInside || isDecrypted
                return .packet(record(of: packet))
            }
            return record(ofOther: sessionEvent)
        }
    }

    /// What happened between the packets.
    private func record(ofOther sessionEvent: SessionEvent) -> Record {
        if case .opaque(let reason, _) = sessionEvent {
            opaque = reason
            explainer.becameOpaque(reason)
        }
        if case .hello(.clientToServer, .client(let hello), _) = sessionEvent {
            serverName = hello.serverName
            offersXMPP = hello.applicationProtocols.contains { $0.hasPrefix("xmpp-") }
        }
        let line = sessionEvent.line { explainer.name(of: $0) }
        var text = line?.text ?? ""
        var findingKind = line?.kind ?? ""
        if case .unreadable(let direction, let breakage, _) = sessionEvent { explainer.broke(direction, breakage) }
        if case .lost(let direction, _, _) = sessionEvent { explainer.lostBytes(of: direction) }
        if case .keepAlive(let direction, _, _) = sessionEvent, let wrong = explainer.keptAlive(direction) {
            text += "; \(wrong)"
            findingKind = EventFindings.whiteSpaceInLogin
        }
        // Who is cut off by the end of the recording may have finished what was begun.
        if case .unfinished(let direction, _, _) = sessionEvent, !closed.contains(direction) { findingKind = "" }
        if isForeign, case .opaque(let reason, _) = sessionEvent, reason != .compression { text += Self.howToRead }
        return event(line?.kind ?? "", text, line?.time, findingKind: findingKind)
    }

    private func record(of packet: Packet) -> PacketRecord {
        var record = PacketRecord(number: packet.number, direction: packet.direction, xml: packet.bytes)
        record.omittedBytes = packet.byteCount - packet.bytes.count
        record.isSentByProxy = packet.isSentByProxy
        if let original = packet.original {
            record.replacement = packet.bytes
            record.xml = original.bytes
        }
        record.telling = explainer.explain(packet)
        record.client = explainer.clientNews(of: packet)
        record.time = packet.time
        record.secondsSinceStart = sinceStart(packet.time)
        record.answers = packet.answers?.number
        record.answerDelay = packet.answerDelay
        switch packet.kind {
        case .header(let element, _), .element(let element):
            record.root = PacketRecord.Root(element)
            if givesElements { record.element = packet.original?.element ?? element }
        case .end, .oversized: break
        }
        return record
    }

    /// A direction ended, in the name of the side that sent in it.
    private func ended(_ kind: EventKind, _ side: Side, _ time: UInt64?) -> Record {
        event(kind.name, kind.line(of: explainer.startName(of: side)), time)
    }

    /// - Parameter findingKind: what is looked up in place of the kind, to find what is wrong about it.
    private func event(_ kind: String, _ text: String, _ time: UInt64?, findingKind: String? = nil) -> Record {
        var event = EventRecord(kind: kind, text: text, time: time, secondsSinceStart: sinceStart(time))
        event.finding = EventFindings.finding(findingKind ?? kind, text)
        return .event(event)
    }

    private func sinceStart(_ time: UInt64?) -> Double? {
        guard let start, let time else { return nil }
        return time >= start ? Double(time - start) / 1e9 : 0
    }

    // MARK: The title

    /// Holds records back until the title can be written: when the server is known and the client has said whom it wants.
    private func output(_ records: [Record], force: Bool = false) -> Output {
        if hasTitle { return Output(records: records) }
        waiting += records
        waitingBytes += records.reduce(0) { $0 + $1.byteCount }
        if !force, waiting.count <= Self.waitingLimit.records, waitingBytes <= Self.waitingLimit.bytes {
            guard !waiting.isEmpty else { return Output() }
            switch upstream {
            case .unknown: return Output()
            case .failed: if explainer.domain == nil { return Output() }
            case .reached: if explainer.domain == nil && waiting.allSatisfy(\.isBeforeTheStream) { return Output() }
            }
        }
        hasTitle = true
        defer { waiting = [] }
        return Output(title: title, records: waiting)
    }

    private var title: ConnectionTitle {
        let (host, address): (String?, Endpoint?) =
            switch upstream {
            case .unknown: (nil, nil)
            case .reached(let host, let address): (host, address)
            case .failed(let host): (host, nil)
            }
        return ConnectionTitle(
            connection: connection,
            client: client.description,
            domain: (explainer.domain ?? serverName ?? host)?.shown(limit: 100),
            server: address?.description,
            time: start,
            program: program.shown(limit: 60),
            recorder: recorder?.shown(limit: 100),
            file: file,
            isSeen: !isForeign || session.packetCount > 0 || opaque == nil || offersXMPP
        )
    }
}

extension Record {
    /// What takes memory while it waits.
    fileprivate var byteCount: Int {
        switch self {
        case .packet(let packet): packet.xml.count + (packet.replacement?.count ?? 0)
        case .event, .summary, .prose: 0
        }
    }

    /// The same for sinks that do not ask for elements.
    var withoutElement: Record {
        guard case .packet(var packet) = self, packet.element != nil else { return self }
        packet.element = nil
        return .packet(packet)
    }

    /// True for what happens before a client that begins with TLS can say whom it wants.
    fileprivate var isBeforeTheStream: Bool {
        switch self {
        case .event(let event): ["tls", "noticed", "opaque", "tls-hello", "lost"].contains(event.kind)
        case .packet, .summary, .prose: false
        }
    }
}

extension Packet.Origin {
    init(_ origin: CaptureRecord.Origin) {
        switch origin {
        case .peer: self = .peer
        case .proxy: self = .proxy
        case .changed(let original, let reason): self = .changed(original: original, reason: reason)
        }
    }
}

private func withoutStop(_ sentence: String) -> String {
    String(sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...])
}

/// Our own name is written small everywhere.
private func capitalizedStart(_ text: String) -> String {
    text.hasPrefix("stanzatap") ? text : text.prefix(1).uppercased() + text.dropFirst()
}

private func secondsText(_ value: Double) -> String {
    let milliseconds = Int((value * 1000).rounded())
    let fraction = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction + " s"
}
