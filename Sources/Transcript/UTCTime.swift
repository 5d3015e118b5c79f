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
    var title: String {
        var bytes: [UInt8] = []
        append(to: &bytes, separator: UInt8(ascii: " "))
        bytes.append(decimal: nanosecond / 1_000_000, digits: 3)
        return String(decoding: bytes, as: UTF8.self) + " UTC"
    }

    /// Appends `2026-11-23T05:15:40.123456Z` (RFC 3339).
    func appendRFC3339(to output: inout [UInt8]) {
        append(to: &output, separator: UInt8(ascii: "T"))
        output.append(decimal: nanosecond / 1000, digits: 6)
        output.append(UInt8(ascii: "Z"))
    }

    /// Up to the point before the fraction.
    private func append(to output: inout [UInt8], separator: UInt8) {
        output.append(decimal: year, digits: 4)
        appendTwo(month, after: UInt8(ascii: "-"), to: &output)
        appendTwo(day, after: UInt8(ascii: "-"), to: &output)
        appendTwo(secondOfDay / 3600, after: separator, to: &output)
        appendTwo(secondOfDay / 60 % 60, after: UInt8(ascii: ":"), to: &output)
        appendTwo(secondOfDay % 60, after: UInt8(ascii: ":"), to: &output)
        output.append(UInt8(ascii: "."))
    }

    private func appendTwo(_ number: Int, after separator: UInt8, to output: inout [UInt8]) {
        output.append(separator)
        output.append(UInt8(ascii: "0") + UInt8(number / 10))
        output.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
