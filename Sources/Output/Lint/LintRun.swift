import Filter
import Transcript
import XMPP

/// All recordings of a call: decides what is told, and counts.
public final class LintRun {
    /// What came of it.
    public struct Counts: Sendable, Equatable {
        public var recordings = 0
        public var warnings = 0
        public var notes = 0
        /// What the baseline knows.
        public var known = 0
    }

    private let selection: LintSelection
    private let filter: PacketFilter
    private let codes: [String: FindingCode]
    private let baseline: LintBaseline
    private let writer: (any LintWriter)?
    public private(set) var counts = Counts()
    /// All findings, for a new baseline: also those that the old one knows.
    public private(set) var found = LintBaseline()
    private var met: Set<String> = []

    /// - Parameters:
    ///   - filter: the packets and events whose findings are told.
    ///   - codes: every kind of finding.
    ///   - writer: nil if they are only counted, for a new baseline.
    public init(
        _ selection: LintSelection,
        filter: PacketFilter = PacketFilter(),
        codes: [FindingCode],
        baseline: LintBaseline = LintBaseline(),
        writer: (any LintWriter)?
    ) {
        self.selection = selection
        self.filter = filter
        self.codes = Dictionary(codes.map { ($0.id, $0) }) { first, _ in first }
        self.baseline = baseline
        self.writer = writer
    }

    /// The sink for a recording.
    ///
    /// - Parameter packetLines: where the packets of a transcript begin; nil for a capture.
    public func sink(file: String, packetLines: [Int]? = nil) -> LintSink {
        counts.recordings += 1
        return LintSink(file: file, packetLines: packetLines, filter: filter, codes: codes) {
            [self] finding throws(OutputError) in
            try take(finding)
        }
    }

    /// The recording is over.
    public func endFile() throws(OutputError) { try writer?.endFile() }

    /// All are over.
    public func end() throws(OutputError) { try writer?.end() }

    /// Lines of the baseline that fit nothing any more.
    public var unmet: Int { baseline.fingerprints.count - met.count }

    private func take(_ finding: LintFinding) throws(OutputError) {
        guard selection.includes(finding.code) else { return }
        if writer == nil, !found.insert(finding) {
            throw OutputError("there are more than \(LintBaseline.limit) kinds of findings, too many for a baseline")
        }
        if baseline.contains(finding) {
            met.insert(finding.fingerprint)
            counts.known += 1
            return
        }
        switch finding.code.severity {
        case .warning: counts.warnings += 1
        case .note: counts.notes += 1
        }
        try writer?.add(finding)
    }
}
