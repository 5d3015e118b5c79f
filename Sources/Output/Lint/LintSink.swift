import Filter
import Transcript
import XMPP

/// Gathers the findings of one recording: a sink that hands each on, with its place.
public final class LintSink: TranscriptSink {
    private let file: String
    private let isTranscript: Bool
    private let packetLines: [Int]
    /// Which packets and events are judged; nil for all.
    private let matcher: PacketMatcher?
    public let asksForElements: Bool
    /// The numbers of packets that the filter does not fit, by connection.
    private var hidden: [Int: Set<Int>] = [:]
    private let codes: [String: FindingCode]
    private let take: (LintFinding) throws(OutputError) -> Void
    /// How many packets of a transcript came, by which its lines are looked up.
    private var packetCount = 0
    /// The line of each packet that is numbered, for what the end tells of it.
    private var lines: [Int: Int] = [:]
    /// The last packet of each connection that is open.
    private var last: [Int: Int] = [:]
    /// The line of the last packet of a transcript.
    private var lastLine: Int?
    /// Why nothing more is handed on.
    private var failure: OutputError?

    /// - Parameters:
    ///   - packetLines: where the packets of a transcript begin; nil for a capture.
    ///   - filter: the packets and events whose findings are told.
    ///   - codes: what is known of each kind of finding, by its id.
    public init(
        file: String,
        packetLines: [Int]?,
        filter: PacketFilter = PacketFilter(),
        codes: [String: FindingCode],
        take: @escaping (LintFinding) throws(OutputError) -> Void
    ) {
        self.file = file
        isTranscript = packetLines != nil
        self.packetLines = packetLines ?? []
        matcher = filter.isEmpty ? nil : PacketMatcher(filter)
        asksForElements = filter.needsElements
        self.codes = codes
        self.take = take
    }

    public func began(_ title: ConnectionTitle) {}

    public func add(_ record: Record, connection: Int) {
        switch record {
        case .packet(let packet): add(packet, connection)
        case .event(let event):
            guard let finding = event.finding, matcher?.fits(event, connection: connection) ?? true else { return }
            let place = LintFinding.Place.event(after: last[connection] ?? 0)
            hand(finding, connection, place, LintSubject.of(event: event.kind), line: lastLine)
        case .summary(let summary):
            for late in summary.findings where hidden[connection]?.contains(late.number) != true {
                let place = LintFinding.Place.packet(late.direction, late.number)
                hand(late.finding, connection, place, LintSubject.of(late.root), line: lines[late.number])
            }
        case .prose: break
        }
    }

    public func finished(connection: Int) {
        last[connection] = nil
        hidden[connection] = nil
        matcher?.finished(connection: connection)
    }

    public func flush() throws(OutputError) {
        if let failure { throw failure }
    }

    private func add(_ packet: PacketRecord, _ connection: Int) {
        packetCount += 1
        if let number = packet.number { last[connection] = number }
        let line = packetCount <= packetLines.count ? packetLines[packetCount - 1] : nil
        lastLine = line
        if let line, let number = packet.number { lines[number] = line }
        if let matcher, !matcher.fits(packet, connection: connection) {
            if let number = packet.number { hidden[connection, default: []].insert(number) }
            return
        }
        guard !packet.telling.findings.isEmpty else { return }
        let subject = LintSubject.of(packet.root ?? PacketRecord.Root(xml: packet.xml))
        let place = LintFinding.Place.packet(packet.direction, packet.number)
        for finding in packet.telling.findings { hand(finding, connection, place, subject, line: line) }
    }

    /// What somebody else wrote under a packet has no code that we know, and is no finding of ours.
    private func hand(
        _ finding: Finding,
        _ connection: Int,
        _ place: LintFinding.Place,
        _ subject: String,
        line: Int?
    ) {
        guard failure == nil, let code = codes[finding.code] else { return }
        let found = LintFinding(
            file: file,
            connection: isTranscript ? nil : connection,
            place: place,
            line: line,
            subject: subject,
            code: code,
            text: finding.text.shown(limit: .max)
        )
        do throws(OutputError) {
            try take(found)
        } catch {
            failure = error
        }
    }
}
