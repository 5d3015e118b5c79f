/// A moment in UTC, for title lines and JSON.
struct UTCTime {
    private let year: Int
    private let month: Int
    private let day: Int
    private let secondOfDay: Int
    private let nanosecond: Int

    /// - Parameter nanoseconds: since 1970-01-01 00:00:00 UTC.
    init(nanoseconds: UInt64) {
        let seconds = Int(nanoseconds / 1_000_000_000)
        nanosecond = Int(nanoseconds % 1_000_000_000)
        secondOfDay = seconds % 86_400
        // Years are counted from March, so that the leap day is the last day of one.
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }

    /// `2026-11-23 05:15:40.123 UTC`
    var title: String { "\(date) \(time).\(Decimal.padded(String(nanosecond / 1_000_000), 3)) UTC" }

    /// `2026-11-23T05:15:40.123456Z` (RFC 3339)
    var rfc3339: String { "\(date)T\(time).\(Decimal.padded(String(nanosecond / 1000), 6))Z" }

    private var date: String { "\(Decimal.padded(String(year), 4))-\(two(month))-\(two(day))" }

    private var time: String { "\(two(secondOfDay / 3600)):\(two(secondOfDay / 60 % 60)):\(two(secondOfDay % 60))" }

    private func two(_ number: Int) -> String { Decimal.padded(String(number), 2) }
}
