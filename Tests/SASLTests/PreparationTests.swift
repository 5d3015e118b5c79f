import Testing

@testable import SASL

/// RFC 4013 section 3, and what stays as it is.
@Suite struct PreparationTests {
    @Test(arguments: [
        ("I\u{00AD}X", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u{00AA}", "a"),
        ("\u{2168}", "IX"),
        ("pencil\u{00A0}case", "pencil case"),
        ("e\u{0301}tude", "\u{00E9}tude"),
        ("\u{3000}x", " x"),
        // Forbidden by sections 2.3 and 2.4: the server has to judge them.
        ("\u{0627}\u{0031}", "\u{0627}\u{0031}"),
        ("ü\u{0007}", "ü\u{0007}"),
        ("ü\u{0000}x", "ü\u{0000}x"),
    ])
    func prepares(text: String, expected: String) {
        #expect(Array(SASLPreparation.prepared(text).utf8) == Array(expected.utf8))
    }
}
