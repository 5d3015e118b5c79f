/// The number of a packet as its header line shows it.
func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
}

/// A time span for people.
func span(_ seconds: Double) -> String {
    let microseconds = Int((seconds * 1_000_000).rounded())
    // Below 10 ms a tenth of one counts; above, nobody wants it.
    if microseconds < 10_000 { return "\(microseconds / 1000).\(microseconds % 1000 / 100) ms" }
    if microseconds < 1_000_000 { return "\(microseconds / 1000) ms" }
    return "\(microseconds / 1_000_000).\(microseconds % 1_000_000 / 100_000) s"
}

/// The clause as a sentence of its own.
func capitalized(_ clause: String) -> String { clause.prefix(1).uppercased() + clause.dropFirst() }

extension String {
    /// A quotation that ends with its own full stop needs no second one behind the quotes.
    var collapsingStops: String {
        var text = self
        let isClean = text.withUTF8 { bytes in
            guard bytes.count >= 3 else { return true }
            for index in 2..<bytes.count where bytes[index] == UInt8(ascii: ".") {
                if bytes[index - 1] == UInt8(ascii: "\"") && bytes[index - 2] == UInt8(ascii: ".") { return false }
            }
            return true
        }
        if isClean { return self }
        let bytes = text.withUTF8 { bytes in
            var kept: [UInt8] = []
            kept.reserveCapacity(bytes.count)
            for byte in bytes {
                let isSecondStop =
                    byte == UInt8(ascii: ".") && kept.last == UInt8(ascii: "\"")
                    && kept.dropLast().last == UInt8(ascii: ".")
                if !isSecondStop { kept.append(byte) }
            }
            return kept
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    var collapsingBlanks: String { replacing("  ", with: " ") }
}

/// `1 byte`, `2 bytes`.
func counted(_ count: Int, _ unit: String) -> String { count == 1 ? "1 \(unit)" : "\(count) \(unit)s" }
