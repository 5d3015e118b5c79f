import NIOCore
import Synchronization

/// Lines for the user that peers can cause as often as they like: of each kind one a minute is told, the others are counted.
final class LimitedLog: Sendable {
    private struct Kind {
        var lastTold: NIODeadline
        var leftOut = 0
    }

    private let kinds = Mutex<[String: Kind]>([:])
    private let write: @Sendable (String) -> Void
    private static let silence = TimeAmount.minutes(1)

    init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

    /// - Parameter kind: one of few, which no peer can make up.
    func tell(_ line: String, kind: String, now: NIODeadline = .now()) {
        let leftOut: Int? = kinds.withLock { kinds in
            if let last = kinds[kind], now - last.lastTold < Self.silence {
                kinds[kind]?.leftOut += 1
                return nil
            }
            defer { kinds[kind] = Kind(lastTold: now) }
            return kinds[kind]?.leftOut ?? 0
        }
        guard let leftOut else { return }
        write(leftOut == 0 ? line : "\(line) (and \(Self.more(leftOut)) before)")
    }

    /// Tells how many were left out since the last line of each kind.
    func end() {
        let rest = kinds.withLock { kinds in
            defer { kinds = [:] }
            return kinds.filter { $0.value.leftOut > 0 }
        }
        for (kind, count) in rest.sorted(by: { $0.key < $1.key }) {
            write("\(kind): \(Self.more(count.leftOut)) were not told")
        }
    }

    private static func more(_ count: Int) -> String { "\(count) more of that kind" }
}
