import FoundationEssentials
import XMPP

/// A span of time: of the day, by the calendar, or since a connection began; both ends belong to it.
enum TimeSpan: Sendable, Equatable {
    /// Nanoseconds since 1970.
    case absolute(ClosedRange<UInt64>)
    /// Nanoseconds since midnight (UTC); where it ends before it begins, midnight lies in it.
    case daily(from: UInt64, to: UInt64)
    /// Seconds.
    case sinceStart(ClosedRange<Double>)

    private static let second: UInt64 = 1_000_000_000
    private static let day = 86_400 * second

    /// `05:15..05:20`, `2026-11-23T05:15..`, `2.5..10`.
    init(_ text: String) throws(FilterError) {
        guard text.contains("..") else {
            throw FilterError(
                "~time takes a span such as 05:15..05:20, 05:15.. or 2.5..10, not \(text.quoted(limit: 60))"
            )
        }
        let (low, high) = text.rangeEnds
        let ends = try (Self.moment(low), Self.moment(high))
        switch ends {
        case (.date(let low)?, .date(let high)?) where low <= high: self = .absolute(low...high)
        case (.date(let low)?, nil): self = .absolute(low...UInt64.max)
        case (nil, .date(let high)?): self = .absolute(0...high)
        case (.clock(let low)?, .clock(let high)?): self = .daily(from: low, to: high)
        case (.clock(let low)?, nil): self = .daily(from: low, to: Self.day)
        case (nil, .clock(let high)?): self = .daily(from: 0, to: high)
        case (.seconds(let low)?, .seconds(let high)?) where low <= high: self = .sinceStart(low...high)
        case (.seconds(let low)?, nil): self = .sinceStart(low...(.infinity))
        case (nil, .seconds(let high)?): self = .sinceStart(0...high)
        case (nil, nil): throw FilterError("~time needs a time before or behind the two dots")
        case (.date?, .date?), (.seconds?, .seconds?):
            throw FilterError("the span \(text.quoted(limit: 60)) ends before it begins")
        case (.date?, _), (.clock?, _), (.seconds?, _):
            throw FilterError(
                "both ends of \(text.quoted(limit: 60)) must be of one kind: times of day, dates or seconds"
            )
        }
    }

    private enum Moment {
        case date(UInt64)
        case clock(UInt64)
        case seconds(Double)
    }

    /// Nil for an end that is not told.
    private static func moment(_ text: String) throws(FilterError) -> Moment? {
        if text.isEmpty { return nil }
        if text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let seconds = Double(text) {
            return .seconds(seconds)
        }
        if let time = clock(text) { return .clock(time) }
        let whole = text.hasSuffix("Z") ? String(text.dropLast()) : text
        let parts = whole.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "T" || $0 == " " }
        if let day = parts.first.flatMap({ date(String($0)) }), let time = parts.count > 1 ? clock(String(parts[1])) : 0
        {
            return .date(day + time)
        }
        throw FilterError(
            "\(text.quoted(limit: 40)) is no time: write 05:15, 05:15:40, 2026-11-23, 2026-11-23T05:15, or seconds such as 2.5"
        )
    }

    /// `05:15`, `05:15:40`, `05:15:40.123`, in nanoseconds since midnight.
    private static func clock(_ text: String) -> UInt64? {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 2 || fields.count == 3,
            fields.allSatisfy({ $0.prefix(2).allSatisfy(\.isNumber) && $0.count >= 2 }),
            let hours = UInt64(fields[0]), let minutes = UInt64(fields[1]),
            let seconds = fields.count == 3 ? Double(fields[2]) : 0, hours < 24, minutes < 60,
            (0..<61).contains(seconds)
        else { return nil }
        return (hours * 3600 + minutes * 60) * second + UInt64((seconds * 1e9).rounded())
    }

    /// `2026-11-23`, in nanoseconds since 1970.
    private static func date(_ text: String) -> UInt64? {
        guard text.count == 10, let date = try? Date("\(text)T00:00:00Z", strategy: .iso8601),
            case let seconds = date.timeIntervalSince1970, seconds >= 0
        else { return nil }
        return UInt64(seconds) * second
    }

    /// - Parameters:
    ///   - time: nanoseconds since 1970, if known.
    ///   - seconds: since the connection began, if known.
    func contains(_ time: UInt64?, _ seconds: Double?) -> Bool {
        switch self {
        case .absolute(let range): time.map(range.contains) ?? false
        case .daily(let from, let to): time.map { Self.isBetween($0 % Self.day, from, to) } ?? false
        case .sinceStart(let range): seconds.map(range.contains) ?? false
        }
    }

    private static func isBetween(_ time: UInt64, _ from: UInt64, _ to: UInt64) -> Bool {
        from <= to ? time >= from && time <= to : time >= from || time <= to
    }
}
