import Transcript
import XMPP

/// Writes one line a packet, of all connections as they take turns.
public final class BriefSink: TranscriptSink {
    private let style: TextStyle
    private let columns: Int
    private let folds: Bool
    private let quietTime: Duration?
    private let now: () -> ContinuousClock.Instant
    private var gathered: GatheredOutput
    private var begun = 0
    private var runs: [Int: BriefRun] = [:]
    private var stories = BriefStories()
    /// The connections whose runs are open, in the order in which these began.
    private var order: [Int] = []
    private var lastTaken: ContinuousClock.Instant?
    /// Packets in all open runs.
    private var waiting = 0

    /// Runs are written when they have so many packets, whatever follows.
    private static let runLimit = 10_000

    /// Columns of what is no terminal.
    private static let columnsOfFiles = 80

    /// - Parameters:
    ///   - quietTime: a run is over when nothing came to it for so long, for somebody watches; nil if only what follows ends it.
    ///   - now: the clock for it.
    public init(
        _ writer: DescriptorWriter,
        style: TextStyle,
        options: TextOptions = TextOptions(),
        quietTime: Duration? = nil,
        now: @escaping () -> ContinuousClock.Instant = { .now }
    ) {
        self.style = style
        columns = style.columns ?? Self.columnsOfFiles
        folds = style.isTerminal && !options.showsAll
        self.quietTime = quietTime
        self.now = now
        gathered = GatheredOutput(writer)
    }

    public func began(_ title: ConnectionTitle) {
        writeRuns()
        begun += 1
        guard let client = title.client else {
            for line in title.lines { write(line, color: []) }
            return
        }
        let server = [title.domain, title.server].compactMap(\.self).first.map { ", server \($0)" } ?? ""
        write("[Connection \(title.connection): client \(client)\(server)]", color: BriefColor.event)
    }

    public func add(_ record: Record, connection: Int) {
        switch record {
        case .packet(let packet): add(packet, connection)
        case .event(let event):
            writeRuns()
            let line = BriefLine(event: event)
            write(line, connection, color: BriefColor.of(line, nil))
        case .summary(let summary): add(summary.lines, connection)
        case .prose(let lines): add(lines, connection)
        }
    }

    public func finished(connection: Int) {}

    public func flush() throws(OutputError) {
        if let quietTime, let lastTaken, now() - lastTaken >= quietTime { writeRuns() }
        try gathered.flush()
    }

    public func end() throws(OutputError) {
        writeRuns()
        try gathered.flush()
    }

    private func add(_ packet: PacketRecord, _ connection: Int) {
        if folds {
            let isNew = runs[connection]?.isEmpty ?? true
            if runs[connection, default: BriefRun()].takes(packet, BriefLine(packet)) {
                return taken(connection, isNew: isNew)
            }
            writeRuns()
        }
        let line = BriefLine(packet)
        write(line, connection, color: BriefColor.of(line, packet.direction))
        if let line = stories.end(packet, connection) { write(line, connection, color: BriefColor.of(line, nil)) }
    }

    private func taken(_ connection: Int, isNew: Bool) {
        if isNew { order.append(connection) }
        waiting += 1
        if quietTime != nil { lastTaken = now() }
        if waiting >= Self.runLimit { writeRuns() }
    }

    /// Whatever else is written stands behind what came before it.
    private func writeRuns() {
        for connection in order {
            for line in runs[connection]?.lines() ?? [] { write(line, connection, color: BriefColor.of(line, nil)) }
        }
        runs.removeAll(keepingCapacity: true)
        order = []
        waiting = 0
        lastTaken = nil
    }

    /// A paragraph in words, broken at blanks.
    private func add(_ lines: [String], _ connection: Int) {
        writeRuns()
        let start = begun > 1 ? "\(connection): " : ""
        for line in lines {
            let bytes = Array((start + line.shown(limit: .max)).utf8)
            gathered.bytes += LineBreaking.broken(bytes[...], columns: columns) ?? bytes
            gathered.bytes.append(UInt8(ascii: "\n"))
        }
    }

    private func write(_ line: BriefLine, _ connection: Int, color: [UInt8]) {
        write(line.text(columns: columns, connection: begun > 1 ? connection : nil), color: color)
    }

    private func write(_ text: String, color: [UInt8]) {
        let isColored = style.isColored && !color.isEmpty
        if isColored { gathered.bytes += color }
        gathered.bytes += DisplayWidth.cut(text.shown(limit: .max), to: columns).utf8
        if isColored { gathered.bytes += Array("\u{1B}[0m".utf8) }
        gathered.bytes.append(UInt8(ascii: "\n"))
    }
}

/// The colours of lines: those that the text has.
enum BriefColor {
    static let event = Array("\u{1B}[2m".utf8)

    static func of(_ line: BriefLine, _ direction: Direction?) -> [UInt8] {
        switch line.mark {
        case .warning: Array("\u{1B}[33m".utf8)
        case .error: Array("\u{1B}[31m".utf8)
        case .none:
            switch direction {
            case .clientToServer?: Array("\u{1B}[32m".utf8)
            case .serverToClient?: Array("\u{1B}[36m".utf8)
            case nil: event
            }
        }
    }
}
