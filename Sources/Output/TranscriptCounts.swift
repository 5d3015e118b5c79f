import Synchronization
import Transcript
import XMPP

/// Counts what transcripts tell: a sink that writes nothing and can be asked on any thread.
public final class TranscriptCounts: TranscriptSink, Sendable {
    /// How many of each so far.
    public struct Counts: Sendable, Equatable {
        public var packets: [Direction: Int] = [:]
        public var findings: [Finding.Severity: Int] = [:]
        /// By kind, such as `tls-failed` or `unreadable`.
        public var events: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())

    public init() {}

    public var now: Counts { counts.withLock { $0 } }

    public func began(_ title: ConnectionTitle) {}

    public func add(_ record: Record, connection: Int) {
        counts.withLock { counts in
            switch record {
            case .packet(let packet):
                counts.packets[packet.direction, default: 0] += 1
                for finding in packet.telling.findings { counts.findings[finding.severity, default: 0] += 1 }
            case .event(let event):
                counts.events[event.kind, default: 0] += 1
            case .summary, .prose:
                break
            }
        }
    }

    public func finished(connection: Int) {}

    public func flush() {}
}
