import FoundationEssentials

/// The secrets that were found so far, and what stands in for each.
struct SecretTable {
    private let pseudonyms = Pseudonyms()
    private var known: Set<[UInt8]> = []
    private var index = SecretIndex()
    private(set) var tally = Tally()
    /// True while nothing is changed yet, and secrets are only gathered.
    var isSurvey = false

    /// What was done so far.
    struct Tally: Equatable {
        /// Values in places of secrets.
        var values = 0
        /// Secrets that stood again in other places.
        var echoes = 0
        /// Texts of events, quotations and differences that had to be changed.
        var texts = 0
        /// Bytes that could not be read and were blotted out.
        var masked = 0
        /// Secrets that came too late for what was written before to be searched.
        var late = 0
        /// Secrets that are too short, or too many, to be looked for elsewhere.
        var unsearched = 0
    }

    /// Secrets that are looked for elsewhere; a capture can hold any number of them.
    private static let limit = 100_000

    /// Different secrets so far.
    var count: Int { known.count }

    /// The secrets are known now; what follows changes what was surveyed.
    mutating func endSurvey() {
        isSurvey = false
        tally = Tally(unsearched: tally.unsearched)
    }

    mutating func masked(_ count: Int) { tally.masked += count }

    mutating func changedText() { tally.texts += 1 }

    /// A text in place of a secret.
    ///
    /// - Parameter count: bytes of it; the secret itself may be written with references, which are longer.
    mutating func text(for secret: [UInt8], count: Int) -> [UInt8] {
        guard !secret.isEmpty else { return [] }
        remember(secret)
        return pseudonym(secret, count)
    }

    /// Bytes in place of a secret, as many.
    mutating func bytes(for secret: [UInt8]) -> [UInt8] {
        remember(secret)
        return pseudonyms.bytes(for: secret, count: secret.count)
    }

    /// Base64 of bytes in place of a secret that is base64 itself, of the same length.
    mutating func base64(for secret: [UInt8]) -> [UInt8] {
        remember(secret)
        let padding = secret.suffix(2).filter { $0 == UInt8(ascii: "=") }.count
        let bytes = pseudonyms.bytes(for: secret, count: secret.count / 4 * 3 - padding)
        return Array(Data(bytes).base64EncodedString().utf8)
    }

    /// Where known secrets stand in bytes that are none themselves, and what stands in for them.
    mutating func echoes(in bytes: some Collection<UInt8>) -> [SecretIndex.Match] {
        let matches = index.matches(in: bytes)
        tally.echoes += matches.count
        return matches
    }

    /// A text in place of one in which a known secret stands, all of it.
    func standIn(for text: [UInt8], count: Int) -> [UInt8] { pseudonyms.text(for: text, count: count) }

    /// Where secrets stand in bytes that are none themselves: those with that shape, and known ones beside them.
    mutating func looseMatches(in bytes: [UInt8], _ shapes: [Range<Int>]) -> [SecretIndex.Match] {
        let shaped = shapes.map { range in
            SecretIndex.Match(range: range, replacement: text(for: Array(bytes[range]), count: range.count))
        }
        let known = echoes(in: bytes).filter { match in !shapes.contains { $0.overlaps(match.range) } }
        return shaped + known
    }

    /// A text that is no packet without secrets: known ones, and those with the looks.
    ///
    /// - Parameter isOurs: true for a sentence of stanzatap's, in which a word behind `password:` is a word.
    mutating func redacted(_ text: String, isOurs: Bool) -> String {
        let bytes = Array(text.utf8)
        let matches = looseMatches(in: bytes, isOurs ? SecretShapes.find(in: bytes) : SecretShapes.findInText(bytes))
        guard !matches.isEmpty else { return text }
        changedText()
        var result = bytes
        for match in matches { result.replaceSubrange(match.range, with: match.replacement) }
        return String(decoding: result, as: UTF8.self)
    }

    /// Blanks around a secret are none of it: the same secret without them has the same pseudonym.
    private func pseudonym(_ secret: [UInt8], _ count: Int) -> [UInt8] {
        let core = secret.trimmed
        guard !core.isEmpty else { return pseudonyms.text(for: secret, count: count) }
        guard core.count < secret.count, count == secret.count else {
            return pseudonyms.text(for: Array(core), count: count)
        }
        let (lead, tail) = (secret.prefix(core.startIndex), secret.suffix(secret.endIndex - core.endIndex))
        return lead + pseudonyms.text(for: Array(core), count: core.count) + tail
    }

    private mutating func remember(_ secret: [UInt8]) {
        tally.values += 1
        let core = Array(secret.trimmed)
        guard !known.contains(core) else { return }
        guard core.count >= SecretIndex.shortest, known.count < Self.limit else {
            tally.unsearched += 1
            return
        }
        known.insert(core)
        if !isSurvey { tally.late += 1 }
        index.add(core, replacement: pseudonyms.text(for: core, count: core.count))
    }
}

extension [UInt8] {
    /// Without white space at its ends.
    fileprivate var trimmed: ArraySlice<UInt8> {
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return []
        }
        return self[first...last]
    }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
