/// `2026-11-23T05:15:40.123456Z` (RFC 3339).
///
/// - Parameter nanoseconds: since 1970-01-01 00:00:00 UTC.
public func rfc3339(_ nanoseconds: UInt64) -> String {
    var bytes: [UInt8] = []
    UTCTime(nanoseconds: nanoseconds).appendRFC3339(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

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
        append(to: &bytes, separator: UInt8(ascii: " "), fraction: nanosecond / 1_000_000, digits: 3)
        return String(decoding: bytes, as: UTF8.self) + " UTC"
    }

    /// Appends `2026-11-23T05:15:40.123456Z` (RFC 3339).
    func appendRFC3339(to output: inout [UInt8]) {
        append(to: &output, separator: UInt8(ascii: "T"), fraction: nanosecond / 1000, digits: 6)
        output.append(UInt8(ascii: "Z"))
    }

    /// In one go, for each line of JSON has a time.
    private func append(to output: inout [UInt8], separator: UInt8, fraction: Int, digits: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.bytes + digits) { buffer in
            buffer.initialize(repeating: UInt8(ascii: "0"))
            Self.write(year, digits: 4, at: 0, buffer)
            Self.write(month, digits: 2, at: 5, buffer)
            Self.write(day, digits: 2, at: 8, buffer)
            Self.write(secondOfDay / 3600, digits: 2, at: 11, buffer)
            Self.write(secondOfDay / 60 % 60, digits: 2, at: 14, buffer)
            Self.write(secondOfDay % 60, digits: 2, at: 17, buffer)
            (buffer[4], buffer[7]) = (UInt8(ascii: "-"), UInt8(ascii: "-"))
            (buffer[10], buffer[19]) = (separator, UInt8(ascii: "."))
            (buffer[13], buffer[16]) = (UInt8(ascii: ":"), UInt8(ascii: ":"))
            Self.write(fraction, digits: digits, at: Self.bytes, buffer)
            output.append(contentsOf: UnsafeBufferPointer(buffer))
        }
    }

    /// Of `2026-11-23T05:15:40.`
    private static let bytes = 20

    private static func write(_ value: Int, digits: Int, at start: Int, _ buffer: UnsafeMutableBufferPointer<UInt8>) {
        var rest = value
        for index in stride(from: start + digits - 1, through: start, by: -1) {
            buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}
