import Explain
import Testing
import XMLStream

@testable import Conversation

@Suite("values that say nothing about meaning")
struct VolatileValuesTests {
    private let values = VolatileValues(
        madeUp: [
            .attribute("id", of: nil, nil), .attribute("v", of: "a", nil), .attribute("w", of: "a", "n"),
            .attribute("x", of: nil, "n"),
            .text("t", nil), .text("u", "n"), .text(nil, "all"),
        ],
        prose: [.text("p", "n")]
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
        rules.volatile.madeUp.insert(.attribute("k", of: "q", "n"))
        rules.volatile.prose.insert(.text("q", nil))
        let result = PacketComparison.compare(recorded: recorded, now: now, rules: rules)
        #expect(result.differences.isEmpty)
        #expect(result.learned == ["1": "2"])
    }
}
