import Testing

@testable import Configuration

@Suite("YAML")
struct YAMLReaderTests {
    struct Broken: Sendable, CustomTestStringConvertible {
        let text: String
        let line: Int
        let column: Int
        let reason: String
        var testDescription: String { text }

        init(_ text: String, _ line: Int, _ column: Int, _ reason: String) {
            self.text = text
            self.line = line
            self.column = column
            self.reason = reason
        }
    }

    static func read(_ text: String, _ limits: YAMLReader.Limits = .init()) throws(YAMLProblem) -> YAMLNode? {
        try YAMLReader.read(Array(text.utf8), limits: limits)
    }

    @Test("mappings, lists and texts come with their places")
    func values() throws {
        let root = try #require(
            try Self.read("# first\nlisten: ['[::1]:5222', b]\nprofiles:\n  work:\n    redact: true\n")
        )
        guard case .mapping(let entries) = root.content else { throw YAMLProblem(root.place, "no mapping") }
        #expect(entries.map(\.key) == ["listen", "profiles"])
        #expect(entries.map(\.place) == [YAMLPlace(line: 2, column: 1), YAMLPlace(line: 3, column: 1)])
        guard case .sequence(let items) = entries[0].value.content else { throw YAMLProblem(root.place, "no list") }
        #expect(items.map(\.content) == [.scalar("[::1]:5222", isQuoted: true), .scalar("b", isQuoted: false)])
        #expect(items.map(\.place) == [YAMLPlace(line: 2, column: 10), YAMLPlace(line: 2, column: 24)])
    }

    @Test(
        "an empty text, one of comments, and one with a byte order mark",
        arguments: ["", "# nothing\n", "\u{FEFF}# x"]
    )
    func nothing(_ text: String) throws { #expect(try Self.read(text) == nil) }

    @Test(
        "null and truth are plain words only",
        arguments: [
            ("", true, nil), ("~", true, nil), ("null", true, nil), ("'null'", false, nil), ("true", false, true),
            ("False", false, false), ("yes", false, nil), ("\"true\"", false, nil),
        ] as [(String, Bool, Bool?)]
    )
    func words(_ text: String, isNull: Bool, truth: Bool?) throws {
        let root = try #require(try Self.read("key: \(text)"))
        guard case .mapping(let entries) = root.content else { throw YAMLProblem(root.place, "no mapping") }
        #expect(entries[0].value.isNull == isNull)
        #expect(entries[0].value.truth == truth)
    }

    static let broken = [
        Broken("a: 1\n\tb: 2\n", 2, 1, "there is a tab"),
        Broken("a:\n\tb: 2\n", 2, 1, "there is a tab"),
        Broken("a: 1\n  b: 2\n", 2, 4, "a colon makes no key here"),
        Broken("a:\n  b: 1\n c: 2\n", 3, 2, "all keys of a mapping begin in the same column"),
        Broken("a: 1\na: 2\n", 2, 1, "the key \"a\" is there already, in line 1"),
        Broken("a: &x 1\n", 1, 4, "anchors"),
        Broken("a: *x\n", 1, 4, "aliases"),
        Broken("a: !!binary x\n", 1, 4, "tags"),
        Broken("a: !x y\n", 1, 4, "tags"),
        Broken("<<: {}\n", 1, 1, "merge keys"),
        Broken("a: [1, 2\nb: 3\n", 2, 2, "the list in brackets is not closed"),
        Broken("a: {b: 1\n", 2, 1, "the mapping in braces is not closed"),
        Broken("a: 'x\n", 2, 1, "quotes that are never closed"),
        Broken("a: \"\\q\"\n", 1, 5, "a backslash begins an escape"),
        Broken("a: @work\n", 1, 4, "no value may begin with \"@\""),
        Broken("a: 1\nb\n", 3, 1, "no colon after its key"),
        Broken("- a\nb: 1\n", 2, 1, "does not go with the list"),
        Broken("a: - b\n", 1, 4, "a list begins in a line of its own"),
        Broken("listen: [[::1]:5222]\n", 1, 11, "an address such as [::1]:5222 needs quotes"),
        Broken("a: 1\n---\nb: 2\n", 2, 1, "a second document"),
        Broken("? [a]\n: 1\n", 1, 3, "a key is a text"),
        Broken("a: x\u{7}y\n", 1, 5, "a control character"),
        Broken("%FOO x\n---\na: 1\n", 1, 5, "directive"),
    ]

    @Test("what is wrong is told with its place, in words of ours", arguments: broken)
    func wrong(_ broken: Broken) {
        do throws(YAMLProblem) {
            let node = try Self.read(broken.text)
            Issue.record("taken as \(String(describing: node))")
        } catch {
            #expect(error.place == YAMLPlace(line: broken.line, column: broken.column), "\(error)")
            #expect(error.reason.contains(broken.reason), "\(error)")
        }
    }

    @Test("bytes that are no UTF-8 are told with their place")
    func encoding() {
        #expect(throws: YAMLProblem(YAMLPlace(line: 2, column: 5), "this is not UTF-8")) {
            try YAMLReader.read(Array("ä: 1\nb: x".utf8) + [0xFF, 0x0A])
        }
    }

    @Test("a bomb of aliases ends at its first anchor")
    func bomb() {
        let text = "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
        #expect(throws: YAMLProblem.self) { try Self.read(text) }
    }

    @Test("size, depth and number of values are limited")
    func limits() throws {
        var limits = YAMLReader.Limits()
        (limits.bytes, limits.depth, limits.nodes) = (100, 3, 10)
        #expect(try Self.read("[[[x]]]", limits) != nil)
        #expect(throws: YAMLProblem.self) { try Self.read("[[[[x]]]]", limits) }
        #expect(throws: YAMLProblem.self) { try Self.read("[1,2,3,4,5,6,7,8,9,10]", limits) }
        #expect(throws: YAMLProblem.self) { try Self.read(String(repeating: "#", count: 101), limits) }
        #expect(throws: YAMLProblem.self) { try Self.read(String(repeating: "[", count: 200_000)) }
    }

    @Test("what we have no words for is still no text of the library's")
    func unknown() { #expect(YAMLWords.reason("some new problem", before: "x") == "this cannot be read as YAML") }
}
