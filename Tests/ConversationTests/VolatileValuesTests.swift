import Testing
import XMLStream

@testable import Conversation

@Suite("values that say nothing about meaning")
struct VolatileValuesTests {
    private let values = VolatileValues(
        madeUp: [
            .attribute("id"), .attribute("v", of: "a"), .attribute("w", of: "a", in: "n"),
            .attribute("x", of: nil, in: "n"),
            .text(of: "t"), .text(of: "u", in: "n"), .text(of: nil, in: "all"),
        ],
        prose: [.text(of: "p", in: "n")]
    )

    @Test(
        "attributes, with as many names as the place tells",
        arguments: [
            ("id", "z", "z", true), ("v", "a", "z", true), ("v", "b", "n", false), ("w", "a", "n", true),
            ("w", "a", "z", false), ("x", "b", "n", true), ("x", "b", "z", false), ("t", "t", "n", false),
        ]
    )
    func attributes(_ name: String, _ element: String, _ namespace: String, _ isMadeUp: Bool) {
        #expect(values.isMadeUp(attribute: name, of: Element(name: element, namespace: namespace)) == isMadeUp)
    }

    @Test(
        "texts",
        arguments: [
            ("t", "z", true, false), ("u", "n", true, false), ("u", "z", false, false), ("z", "all", true, false),
            ("p", "n", false, true), ("p", "z", false, false), ("id", "z", false, false),
        ]
    )
    func texts(_ element: String, _ namespace: String, _ isMadeUp: Bool, _ isProse: Bool) {
        let element = Element(name: element, namespace: namespace)
        #expect(values.isMadeUp(textOf: element) == isMadeUp)
        #expect(values.isProse(textOf: element) == isProse)
    }

    @Test("the rules of a comparison can be given others")
    func rules() throws {
        let (recorded, now) = (
            try parsed("<iq><q xmlns='n' k='1'>a</q></iq>"), try parsed("<iq><q xmlns='n' k='2'>b</q></iq>")
        )
        #expect(PacketComparison.compare(recorded: recorded, now: now).differences.count == 2)
        var rules = ComparisonRules()
        rules.volatile.madeUp.insert(.attribute("k", of: "q", in: "n"))
        rules.volatile.prose.insert(.text(of: "q"))
        let result = PacketComparison.compare(recorded: recorded, now: now, rules: rules)
        #expect(result.differences.isEmpty)
        #expect(result.learned == ["1": "2"])
    }
}
