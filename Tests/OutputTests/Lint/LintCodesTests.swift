import Foundation
import Inspector
import Testing
import XMPP

@testable import Output

@Suite("the codes of lint")
struct LintCodesTests {
    @Test("docs/lint.md is what the program writes: stanzatap lint --list-codes --format markdown > docs/lint.md")
    func page() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/lint.md"), encoding: .utf8)
        #expect(page == LintCodes.page(KnownFindings.codes))
    }

    @Test(
        "each code is documented: an id, a sentence that ends, a document that can be found",
        arguments: KnownFindings.codes
    )
    func documented(_ code: FindingCode) {
        #expect(code.id.wholeMatch(of: /[a-z0-9-]+(\.[a-z0-9-]+)+/) != nil, "\(code.id)")
        #expect(code.explanation.hasSuffix("."), "\(code.id)")
        #expect(code.reference.isEmpty || code.address != nil, "\(code.id): \(code.reference)")
    }

    @Test("an explanation tells all there is")
    func explanation() {
        #expect(
            LintCodes.explanation(of: missingID) == """
                iq.id.missing (warning, RFC 6120 section 8.1.3)

                It has no id. Give it one.

                https://www.rfc-editor.org/rfc/rfc6120#section-8.1.3

                """
        )
        #expect(LintCodes.explanation(of: reusedID) == "iq.id.reused (note)\n\nTwo have one id.\n")
    }

    @Test("the table has a row for each")
    func table() {
        #expect(
            LintCodes.table([missingID, reusedID])
                == "iq.id.missing  warning  RFC 6120 section 8.1.3\niq.id.reused   note\n"
        )
    }
}
