import Explain
import Session
import Transcript
import XMPP

/// Tells the packets of a transcript that was read from a text: one that somebody typed, edited, or got from another program.
public struct TranscriptExplainer {
    /// What is done with the lines that stand under packets already.
    public enum Lines: Sendable {
        /// They stay as they are; only packets without any are told.
        case stay
        /// They stay, and all packets are told behind them.
        case goBefore
        /// They are dropped, with the summary at the end, and all is told anew.
        case drop
    }

    private let lines: Lines
    private var session = Session(isWrittenDown: true)
    private var explainer = Explainer()
    /// The directions of which something was read.
    private var begun: Set<Direction> = []
    /// False once a number of the text was lower than how many packets had come.
    private var isInOrder = true

    private init(_ lines: Lines) { self.lines = lines }

    /// The same transcript with sentences of ours, as far as what its packets do can be told.
    ///
    /// A text of several connections, one after the other as `show` tells them, is told connection by connection.
    ///
    /// - Parameter isBare: true for XML that a console showed: whether it went through TLS is not known.
    public static func explain(_ transcript: Transcript, _ lines: Lines, isBare: Bool = false) -> Transcript {
        var told = Transcript(title: transcript.title)
        for part in parts(of: transcript.records) {
            var explainer = TranscriptExplainer(lines)
            if isBare { explainer.explainer.beganInMiddle() }
            told.records += explainer.explained(part)
        }
        return told
    }

    /// Cut before each title of stanzatap's own.
    private static func parts(of records: [Record]) -> [[Record]] {
        var parts: [[Record]] = [[]]
        for record in records {
            if case .prose(let lines) = record, TitleLines.areOwn(lines) { parts.append([]) }
            parts[parts.count - 1].append(record)
        }
        return parts
    }

    private mutating func explained(_ records: [Record]) -> [Record] {
        let first = records.lazy.compactMap { if case .packet(let packet) = $0 { packet } else { nil } }.first
        if let first, !first.isHeader { explainer.beganInMiddle() }
        let told = records.map { explained($0) }
        return summedUp(told)
    }

    private mutating func explained(_ record: Record) -> Record {
        switch record {
        case .packet(let packet): return .packet(explained(packet))
        case .event(let event):
            if case .directTLS(let side)? = event.known {
                explainer.tlsBegan(with: side, hidesChannelBinding: true)
            }
            return .event(judged(event))
        case .summary, .prose: return record
        }
    }

    private func judged(_ event: EventRecord) -> EventRecord {
        guard let kind = EventFindings.kind(ofLine: event.text) else { return event }
        var judged = event
        judged.finding = EventFindings.finding(kind, event.text)
        return judged
    }

    // MARK: Packets

    private mutating func explained(_ packet: PacketRecord) -> PacketRecord {
        goOn(at: packet.number)
        guard let read = read(packet) else { return packet }
        let telling = explainer.explain(read)
        if packet.element(is: "proceed", NS.tls) {
            // What follows was said inside TLS, or it would not stand in the text.
            for side in Side.allCases { explainer.tlsBegan(with: side, hidesChannelBinding: true) }
        }
        var told = packet
        // Where numbers do not rise, ours are others than those of the text.
        told.answers = isInOrder ? read.answers?.number : nil
        told.answerDelay = read.answerDelay
        told.client = explainer.clientNews(of: read)
        told.telling = joined(packet.telling, telling, isChanged: packet.replacement != nil)
        return told
    }

    /// A jump in the numbers tells that packets are missing, of whatever direction.
    private mutating func goOn(at number: Int?) {
        guard let number else { return }
        let next = session.packetCount + 1
        if number < next { isInOrder = false }
        if number > next {
            for direction in Direction.allCases { lose(direction, time: nil) }
            session.goOn(at: number)
        }
    }

    private mutating func lose(_ direction: Direction, time: UInt64?) {
        _ = session.lost(nil, direction, time: time)
        explainer.lostBytes(of: direction)
    }

    /// The packet as a session sees it; nil if it is not whole, or cannot be read where it stands.
    private mutating func read(_ packet: PacketRecord) -> Packet? {
        let direction = packet.direction
        let time = packet.secondsSinceStart.map { UInt64(max(0, min($0, 1e9)) * 1e9) }
        let isFirst = begun.insert(direction).inserted
        guard packet.omittedBytes == 0, packet.replacementOmittedBytes == 0 else {
            lose(direction, time: time)
            session.goOn(at: session.packetCount + 2)
            return nil
        }
        if isFirst, !packet.isHeader { lose(direction, time: time) }
        let bytes = packet.replacement ?? packet.xml
        let origin: Packet.Origin = packet.isSentByProxy ? .proxy : .peer
        for event in session.received(bytes[...], direction, time: time, origin: origin) {
            if case .packet(let read) = event { return read }
        }
        return nil
    }

    /// What a changed packet was before, and why, only its own line tells.
    private func joined(_ old: Telling, _ new: Telling, isChanged: Bool) -> Telling {
        let isTold = !old.text.isEmpty || !old.findings.isEmpty
        switch lines {
        case .stay: return isTold ? old : new
        case .drop: return isChanged && isTold ? old : new
        case .goBefore:
            var both = new
            let isSaid = old.text.contains(new.text)
            both.text = old.text.isEmpty ? new.text : isSaid ? old.text : old.text + " " + new.text
            both.findings = old.findings + new.findings.filter { !old.findings.contains($0) }
            return both
        }
    }

    // MARK: The summary

    private func summedUp(_ records: [Record]) -> [Record] {
        var records = records
        switch lines {
        case .stay: return records
        case .goBefore: break
        case .drop: if case .prose? = records.last, records.count > 1 { records.removeLast() }
        }
        let count = session.packetCount
        let facts = count == 1 ? "1 packet" : "\(count) packets"
        let summary = explainer.summary(facts: facts, unanswered: session.unanswered)
        let software = [explainer.softwareLine].compactMap(\.self)
        let lines =
            [summary] + software + explainer.storyLinesOfSummary + explainer.troubles(unanswered: session.unanswered)
        var end = Summary(text: lines.joined(separator: "\n"), stories: explainer.stories)
        end.storyLines = explainer.storyLines
        end.findings = explainer.lateFindings(unanswered: session.unanswered).map(LateFinding.init)
        (end.client, end.server) = explainer.software
        return records + [.summary(end)]
    }
}

extension PacketRecord {
    /// True for a start tag that opens a stream.
    fileprivate var isHeader: Bool { element(is: "stream", NS.streams) }

    private func said() -> Root? { root ?? Root(xml: xml) }

    fileprivate func element(is name: String, _ namespace: String) -> Bool {
        guard let root = said() else { return false }
        return root.name == name && root.namespace == namespace
    }
}
