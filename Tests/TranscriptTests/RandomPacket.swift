import TestKit

/// Makes well-formed packets as peers might send them: odd white space, CDATA, references, mixed content.
struct RandomPacket {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func make() -> String { element(depth: 0) }

    private mutating func element(depth: Int) -> String {
        let name = random.pick([
            "iq", "message", "body", "query", "x", "a.b-c", "p:e", "stream:features", "ünïcode", "stream",
        ])
        var text = "<" + name + (name.hasPrefix("p:") ? " xmlns:p='urn:p'" : "")
        for (index, attribute) in ["id", "type", "to", "xml:lang"].enumerated() where random.chance(35 - 5 * index) {
            let quote = random.pick(["'", "\""])
            text += gap(atLeastOne: true) + attribute + random.pick(["=", "=", "=", " = "])
            text += quote + value(without: quote) + quote
        }
        text += gap(atLeastOne: false)
        if random.chance(25) { return text + "/>" }
        text += ">" + content(depth: depth) + "</" + name
        return text + random.pick(["", "", " ", "\n"]) + ">"
    }

    private mutating func content(depth: Int) -> String {
        let isLeaf = depth > 4 || random.chance(35)
        if isLeaf { return random.chance(25) ? random.pick(["", " ", "\n  "]) : words() }
        let isMixed = random.chance(30)
        let layout = random.pick(["", "", "\n\t", " "])
        var text = layout
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            if isMixed && random.chance(60) { text += words() }
            text += element(depth: depth + 1) + layout
        }
        return text
    }

    private mutating func words() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            text += random.pick([
                "hello", " two  words ", "\n", "\r\n", "\t", "&lt;b&gt;", "&#xA;", "&amp;", "'\"", "]] >", "a > b",
                "<![CDATA[<b> & ]]>", "<![CDATA[\n]]]]>", "<![CDATA[]]>", "日本語", "\u{202E}", "\u{FEFF}", "\u{85}", "😀",
                "[Sent by stanzatap]", "\nC->S 001\n", "\n\nWarning: x\n", "/>", "  ",
            ])
        }
        return text
    }

    private mutating func value(without quote: String) -> String {
        let text = random.pick([
            "", "x", " x ", "a\nb", "\r\n", "\tt", "&#xA;", "&lt;>", "/>", "romeo@montague.example/ör'ch\"ard",
            "\u{2028}",
            "C->S 002", "= '' =",
        ])
        return text.replacing(quote, with: quote == "'" ? "&apos;" : "&quot;")
    }

    private mutating func gap(atLeastOne: Bool) -> String {
        atLeastOne ? random.pick([" ", " ", "  ", "\n", "\n    ", "\t", " \r\n "]) : random.pick(["", "", " ", "\n"])
    }
}
