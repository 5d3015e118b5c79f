import Testing

@testable import Explain
@testable import XMPP

@Suite("namespaces in whose place another one stands today")
struct OldNamespaceTests {
    @Test("a request names the namespace of today", arguments: OtherForms.today.keys.sorted())
    func requests(namespace: String) {
        let present = OtherForms.today[namespace] ?? "?"
        let last =
            told(bound + ["C <iq type='get' id='q' to='bot.test'><query xmlns='\(namespace)'/></iq>"])
            .dropLast().last ?? ""
        #expect(last.contains("in another form than today's \(present) ("), "\(last)")
        #expect(ProtocolRegistry.lookUp(namespace)?.isCertain == true)
    }

    @Test("what stands in the place of another one is of today, and of the same family")
    func present() {
        for (old, present) in OtherForms.today {
            #expect(OtherForms.today[present] == nil, "\(present)")
            #expect(ProtocolRegistry.lookUp(present)?.isCertain == true, "\(present)")
            #expect(ProtocolTable.hasSentences(for: present), "\(old): \(present)")
        }
    }

    @Test("an element of no stanza in an old namespace")
    func nonza() {
        let all = told(bound + ["C <enable xmlns='urn:xmpp:sm:1'/>"])
        #expect(
            all.dropLast().last?.split(separator: "\n").first
                == "The client sends <enable/> of Stream Management in another form than today's urn:xmpp:sm:3 (XEP-0198)."
        )
    }

    @Test("a part of a message in an old namespace")
    func part() {
        let all = told(
            bound + [
                "C <message to='a@b.test'><received xmlns='http://www.xmpp.org/extensions/xep-0184.html#ns'/></message>"
            ]
        )
        #expect(all.dropLast().last?.contains("today's urn:xmpp:receipts (XEP-0184)") == true)
    }
}
