/// Numbers written digit by digit, without Foundation and without strings in between.
extension [UInt8] {
    /// Appends a whole number, with zeros before it up to `digits`.
    mutating func append(decimal value: Int, digits: Int = 1) {
        if value < 0 { append(UInt8(ascii: "-")) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
            var rest = value.magnitude
            var start = buffer.count
            while (rest > 0 || buffer.count - start < digits) && start > 0 {
                start -= 1
                buffer[start] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start...]))
        }
    }

    /// Appends seconds with three or six digits behind the point. What no clock can have measured becomes the nearest thing
    /// that one can.
    mutating func append(seconds: Double, places: SecondsPlaces) {
        let bounded = seconds.isNaN ? 0 : Swift.min(Swift.max(seconds, -1e9), 1e9)
        let scaled = Int((bounded * Double(places.scale)).rounded())
        if scaled < 0 { append(UInt8(ascii: "-")) }
        append(decimal: Int(scaled.magnitude) / places.scale)
        append(UInt8(ascii: "."))
        append(decimal: Int(scaled.magnitude) % places.scale, digits: places.rawValue)
    }
}

/// How many digits stand behind the point.
enum SecondsPlaces: Int {
    case milliseconds = 3
    case microseconds = 6

    var scale: Int { self == .milliseconds ? 1000 : 1_000_000 }
}

extension Int {
    /// The largest number that is taken from a text: what is added to it and multiplied with it stays a number, and JSON holds it
    /// exactly.
    static let largestRead = 1 << 53
}
