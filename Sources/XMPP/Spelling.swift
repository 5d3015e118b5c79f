/// Finds what somebody meant who misspelt a word.
public enum Spelling {
    /// The word that is nearest, if it is near enough to be meant: a third of its letters may differ, three at most and one at
    /// least.
    public static func nearest(to word: String, among words: [String]) -> String? {
        let best = words.map { ($0, distance(word, $0)) }.min { ($0.1, $0.0) < ($1.1, $1.0) }
        guard let (found, distance) = best, distance <= max(1, min(3, found.count / 3)) else { return nil }
        return found
    }

    /// Letters to be added, taken away or changed; two neighbours in the wrong order count once.
    static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one.lowercased().prefix(64)), Array(other.lowercased().prefix(64)))
        var (before, last): ([Int], [Int]) = ([], Array(0...other.count))
        for (row, letter) in one.enumerated() {
            var next = [row + 1]
            for (column, wanted) in other.enumerated() {
                var best = min(last[column] + (letter == wanted ? 0 : 1), last[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, letter == other[column - 1], one[row - 1] == wanted {
                    best = min(best, before[column - 1] + 1)
                }
                next.append(best)
            }
            (before, last) = (last, next)
        }
        return last[other.count]
    }
}
