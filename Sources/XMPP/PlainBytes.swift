extension UnsafeBufferPointer<UInt8> {
    /// The end of the run of printable ASCII that begins at `start`; `start` itself if there is none.
    ///
    /// Eight bytes are looked at in one go, for nearly all that is told is such a run.
    ///
    /// - Parameter isJSON: true if quotes and backslashes end the run too, for JSON has to escape them.
    public func endOfPlainRun(from start: Int, isJSON: Bool = false) -> Int {
        var index = start
        while index + 8 <= count, let base = baseAddress {
            let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
            if !Self.isPlain(word, isJSON: isJSON) { break }
            index += 8
        }
        while index < count, self[index] >= 0x20, self[index] < 0x7F {
            if isJSON, self[index] == UInt8(ascii: "\"") || self[index] == UInt8(ascii: "\\") { break }
            index += 1
        }
        return index
    }

    /// False if one of the eight bytes is no printable ASCII; sometimes also where all are, which costs only time.
    private static func isPlain(_ word: UInt64, isJSON: Bool) -> Bool {
        let high = each(0x80)
        var odd = ((word &- each(0x20)) & ~word) | word | (word &+ each(0x01))
        if isJSON {
            let (quotes, backslashes) = (
                word ^ each(UInt64(UInt8(ascii: "\""))), word ^ each(UInt64(UInt8(ascii: "\\")))
            )
            odd |= ((quotes &- each(0x01)) & ~quotes) | ((backslashes &- each(0x01)) & ~backslashes)
        }
        return odd & high == 0
    }

    /// That byte eight times.
    private static func each(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }
}
