/// Counts how many quoted values of a text begin and end with a blank.
///
/// One such value may be what a peer sent. If most are like that, a web page or a word processor did it.
struct QuoteSurvey {
    private var quoted = 0
    private var padded = 0

    init(_ lines: [TextLine]) {
        for line in lines { add(line.bytes) }
    }

    var isDamaged: Bool { padded >= 2 && padded * 2 > quoted }

    private mutating func add(_ line: ArraySlice<UInt8>) {
        var rest = line
        while let equals = rest.firstIndex(of: .equals) {
            rest = rest[(equals + 1)...].drop(while: isBlank)
            guard let quote = rest.first, quote.isQuote, let end = rest.dropFirst().firstIndex(of: quote) else {
                continue
            }
            let value = rest[(rest.startIndex + 1)..<end]
            quoted += 1
            if value.count > 2, let first = value.first, let last = value.last, isBlank(first), isBlank(last) {
                padded += 1
            }
            rest = rest[(end + 1)...]
        }
    }
}
