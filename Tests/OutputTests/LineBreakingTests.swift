import Testing

@testable import Output

struct LineBreakingTests {
    @Test(
        "sentences are broken at blanks, XML and what fits stay",
        arguments: [
            ("The server confirms that it exists.", "The server confirms\n  that it exists."),
            ("Short.", "Short."), ("", ""),
            ("<message to='juliet@capulet.test' type='chat'>", "<message to='juliet@capulet.test' type='chat'>"),
            ("  <body>one two three four five six seven</body>", "  <body>one two three four five six seven</body>"),
            ("averyveryverylongwordthatfitsnowhere at all", "averyveryverylongwordthatfitsnowhere\n  at all"),
            ("äöüäöüäöü äöüäöüäöü ä", "äöüäöüäöü äöüäöüäöü\n  ä"),
        ]
    )
    func breaking(_ line: String, _ expected: String) {
        var bytes: [UInt8] = []
        TextStyle(columns: 20).append(Array(line.utf8), to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("elsewhere nothing is broken")
    func plain() {
        var bytes: [UInt8] = []
        let line = Array(String(repeating: "word ", count: 100).utf8)
        TextStyle.plain.append(line, to: &bytes)
        #expect(bytes == line)
    }
}
