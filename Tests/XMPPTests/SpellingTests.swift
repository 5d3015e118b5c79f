import Testing

@testable import XMPP

@Suite("which name may be meant")
struct SpellingTests {
    @Test(
        "the number of mistakes",
        arguments: [
            ("record", "record", 0), ("recrod", "record", 1), ("recod", "record", 1), ("Record", "record", 0),
            ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("a.pcap", "a.pcapng", 2),
        ]
    )
    func steps(_ first: String, _ second: String, _ count: Int) {
        #expect(Spelling.distance(first, second) == count)
        #expect(Spelling.distance(second, first) == count)
    }

    @Test(
        "the closest, or none",
        arguments: [
            ("shwo", "show"), ("replya", "replay"), ("x", nil), ("sh", nil), ("sniiff", "sniff"), ("doktor", "doctor"),
            ("entirely-else", nil), ("sho", "show"),
        ] as [(String, String?)]
    )
    func closest(_ text: String, _ name: String?) {
        let names = ["record", "show", "replay", "sniff", "redact", "ca", "doctor", "help"]
        #expect(Spelling.nearest(to: text, among: names) == name)
    }

    @Test("of a long name three letters may differ")
    func long() {
        #expect(Spelling.nearest(to: "upstream-startls-", among: ["upstream-starttls"]) == "upstream-starttls")
        #expect(Spelling.nearest(to: "upstrm-starts", among: ["upstream-starttls"]) == nil)
    }
}
