import XMPP

/// Small pieces of sentences about services, calls and files.
enum Say {
    /// A number of a peer's with commas: `23,456`; anything else as it was written.
    static func number(_ text: String) -> String {
        let digits = text.trimmed
        let isNumber = !digits.isEmpty && digits.utf8.count <= 24 && digits.utf8.allSatisfy { (48...57).contains($0) }
        guard isNumber else { return text.trimmed.quoted(limit: 40) }
        var result = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.utf8.count - place) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }

    /// `1 byte`, `23,456 bytes`; nil without a number.
    static func bytes(_ text: String?) -> String? {
        guard let text = text?.trimmed.nonEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return text == "1" ? "1 byte" : "\(number(text)) bytes"
    }

    /// The first ones, and how many more there are: `a, b, c and 4 more`.
    static func some(_ items: [String], _ limit: Int = 3) -> String {
        some(items, limit) { $0 }
    }

    /// The same of what has yet to be put in words, which is done for those only that are told.
    static func some<Items: Collection>(_ items: Items, _ limit: Int = 3, _ word: (Items.Element) -> String) -> String {
        if items.count <= limit + 1 { return items.map(word).listed() }
        return (items.prefix(limit).map(word) + ["\(items.count - limit) more"]).listed()
    }

    /// A time of XEP-0082 for people: `2026-03-01 16:00 UTC`; anything else as it was written.
    static func time(_ text: String) -> String {
        let bytes = Array(text.trimmed.utf8)
        let isStamp = bytes.count >= 20 && bytes[10] == UInt8(ascii: "T") && bytes.last == UInt8(ascii: "Z")
        guard isStamp, bytes.allSatisfy({ $0 < 0x80 }) else { return text.trimmed.shown(limit: 40) }
        let date = String(decoding: bytes[..<10], as: UTF8.self)
        let hasSeconds = bytes[16] == UInt8(ascii: ":") && bytes[17...18] != [48, 48]
        let clock = String(decoding: bytes[11..<(hasSeconds ? 19 : 16)], as: UTF8.self)
        return "\(date) \(clock) UTC".shown(limit: 40)
    }

    /// A clause behind a colon, in quotes; empty for nothing.
    static func quote(_ text: String?, _ before: String = ": ", limit: Int = 120) -> String {
        text?.trimmed.nonEmpty.map { before + $0.quoted(limit: limit) } ?? ""
    }

    /// The text of a value that should be there, in quotes, or words for its absence.
    static func value(_ text: String?, or missing: String, limit: Int = 80) -> String {
        text?.trimmed.nonEmpty.map { $0.quoted(limit: limit) } ?? missing
    }

    /// A protocol by its title alone, or by its bare namespace.
    static func title(_ namespace: String) -> String {
        if namespace == NS.roster { return "contact lists" }
        if let words = FeatureWords.words(for: namespace) { return words }
        if let known = ProtocolRegistry.lookUp(namespace), known.isCertain { return known.title }
        return ProtocolTable.title(of: namespace) ?? "the namespace \(namespace.quoted(limit: 100))"
    }

    /// How many bytes a text in base64 stands for.
    static func decodedSize(_ base64: String) -> Int {
        var (signs, padding) = (0, 0)
        for byte in base64.utf8 {
            switch byte {
            case 0x09, 0x0A, 0x0D, 0x20: break
            case UInt8(ascii: "="): padding += 1
            default: signs += 1
            }
        }
        return padding > 2 ? signs * 3 / 4 : (signs + padding) / 4 * 3 - padding
    }
}
