/// Pairs two sequences so that as much as possible of them is alike and neither order is changed.
enum SequenceAlignment {
    /// So many members of each are looked at at once: more memory is never taken, however long a recording is.
    private static let window = 800
    /// Of a full window so many pairs are kept; the rest is paired again with what follows.
    private static let kept = 600

    /// - Parameter likeness: of a member of the first with one of the second, by their places; 0 for none.
    /// - Returns: the places of those that belong together.
    static func pairs(_ first: Int, _ second: Int, likeness: (Int, Int) -> Int) -> [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        var (one, two) = (0, 0)
        while one < first, two < second {
            let (endOne, endTwo) = (min(first, one + window), min(second, two + window))
            let found = windowPairs(one..<endOne, two..<endTwo, likeness)
            if endOne == first, endTwo == second { return pairs + found }
            let part = found.prefix { $0.0 < one + kept && $0.1 < two + kept }
            guard let last = part.last else {
                (one, two) = (min(first, one + kept), min(second, two + kept))
                continue
            }
            pairs += part
            (one, two) = (last.0 + 1, last.1 + 1)
        }
        return pairs
    }

    private static func windowPairs(
        _ first: Range<Int>,
        _ second: Range<Int>,
        _ likeness: (Int, Int) -> Int
    ) -> [(Int, Int)] {
        let width = second.count + 1
        var best = [Int32](repeating: 0, count: (first.count + 1) * width)
        var steps = [UInt8](repeating: 0, count: best.count)
        for one in stride(from: first.count - 1, through: 0, by: -1) {
            for two in stride(from: second.count - 1, through: 0, by: -1) {
                let place = one * width + two
                let (skipOne, skipTwo) = (best[place + width], best[place + 1])
                let alike = likeness(first.lowerBound + one, second.lowerBound + two)
                let both = alike == 0 ? -1 : best[place + width + 1] + Int32(alike)
                (best[place], steps[place]) =
                    both >= max(skipOne, skipTwo) && both >= 0
                    ? (both, 1) : skipOne >= skipTwo ? (skipOne, 2) : (skipTwo, 3)
            }
        }
        var result: [(Int, Int)] = []
        var (one, two) = (0, 0)
        while one < first.count, two < second.count {
            switch steps[one * width + two] {
            case 1:
                result.append((first.lowerBound + one, second.lowerBound + two))
                (one, two) = (one + 1, two + 1)
            case 2: one += 1
            default: two += 1
            }
        }
        return result
    }
}
