/// Numbers with a fixed count of digits behind the point, without Foundation.
enum Decimal {
    static func text(_ value: Double, digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value * scale).rounded())
        let whole = String(abs(scaled) / Int(scale))
        let fraction = String(abs(scaled) % Int(scale))
        return (scaled < 0 ? "-" : "") + whole + "." + padded(fraction, digits)
    }

    /// The digits with zeros before them.
    static func padded(_ digits: String, _ count: Int) -> String {
        String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }
}
