import Testing

@testable import Explain
@testable import XMPP

@Suite("how much of XMPP is told in sentences of its own")
struct CoverageTests {
    private static let living: Set<String> = ["Draft", "Final", "Active", "Experimental", "Proposed"]

    /// What was reached; to be raised with it.
    private static let reached = 324

    @Test("each namespace belongs to one protocol")
    func once() {
        var owners: [String: String] = [:]
        for entry in ProtocolTable.entries {
            for namespace in entry.namespaces {
                #expect(owners.updateValue(entry.title, forKey: namespace) == nil, "\(namespace): \(entry.title)")
            }
        }
    }

    @Test("of the namespaces that are in force most have a sentence; the others are listed")
    func coverage() {
        let known = ProtocolRegistry.table.values.filter { Self.living.contains($0.status ?? "") }
        #expect(known.count == 366)
        let unsaid = known.filter { !ProtocolTable.hasSentences(for: $0.namespace) }
        let replaced = known.count { OtherForms.today[$0.namespace] != nil }
        print(
            "\(known.count - unsaid.count) of \(known.count) namespaces have sentences of their own, of which \(replaced) say what took their place; the name only:"
        )
        for item in unsaid.sorted(by: { ($0.specification, $0.namespace) < ($1.specification, $1.namespace) }) {
            print("  \(item.specification)  \(item.namespace)  \(item.title) (\(item.status ?? ""))")
        }
        #expect(known.count - unsaid.count >= Self.reached)
    }
}
