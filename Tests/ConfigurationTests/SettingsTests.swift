import Testing
import XMPP

@testable import Configuration

@Suite("options of files and command lines")
struct SettingsTests {
    static let table: OptionTable = {
        let upstream = OptionShape(name: "upstream", isFlag: false)
        let listen = OptionShape(name: "listen", isFlag: false, isRepeating: true)
        let quiet = OptionShape(name: "quiet", letters: ["q"], isFlag: true)
        let color = OptionShape(name: "color", isFlag: true)
        let noColor = OptionShape(name: "no-color", isFlag: true)
        let authority = OptionShape(name: "upstream-ca", names: ["upstream-ca", "ca"], letters: ["c"], isFlag: false)
        let config = OptionShape(name: "config", isFlag: false)
        return OptionTable([upstream, listen, quiet, color, noColor, authority, config], commandLineOnly: ["config"])
    }()

    static func file(_ text: String, _ path: String = "f.yaml") throws(SettingsProblem) -> SettingsFile {
        try SettingsFile(path: path, text: Array(text.utf8), table: table)
    }

    /// What the files make of a command line.
    static func merged(_ files: [String], _ line: [String]) throws -> [String] {
        let given = GivenOptions(line, table)
        var settings = try Settings(try files.map { try file($0) }, profile: given.profile)
        settings.leaveOut(given.names)
        return settings.arguments(home: "/home/anna") + given.arguments
    }

    struct Merge: Sendable, CustomTestStringConvertible {
        let files: [String]
        let line: [String]
        let result: [String]
        var testDescription: String { "\(files) \(line)" }

        init(_ files: [String], _ line: [String], _ result: [String]) {
            (self.files, self.line, self.result) = (files, line, result)
        }
    }

    static let profiles = "upstream: top\nquiet: true\nprofiles:\n  work: {upstream: office, quiet: null}\n  home:\n"
    static let merges = [
        Merge([], ["--quiet"], ["--quiet"]),
        Merge(["upstream: a"], [], ["--upstream=a"]),
        Merge(["upstream: a"], ["--upstream", "b"], ["--upstream", "b"]),
        Merge(["upstream: a"], ["--upstream=b"], ["--upstream=b"]),
        Merge(["upstream: a", "upstream: b\nquiet: true"], [], ["--quiet", "--upstream=a"]),
        Merge(["listen: [a, b]", "listen: c"], [], ["--listen=a", "--listen=b"]),
        Merge(["listen: [a, b]"], ["--listen", "c"], ["--listen", "c"]),
        Merge(["listen: []", "listen: c"], [], []),
        Merge(["quiet: true"], ["-q"], ["-q"]),
        Merge(["quiet: false", "quiet: true"], [], []),
        Merge(["quiet: true"], ["--no-quiet"], []),
        Merge(["upstream: a"], ["--no-upstream"], []),
        Merge(["upstream: null", "upstream: a"], [], []),
        Merge(["color: false"], [], ["--no-color"]),
        Merge(["color: true"], ["--no-color"], ["--no-color"]),
        Merge(["ca: x"], [], ["--upstream-ca=x"]),
        Merge(["upstream-ca: x"], ["--ca", "y"], ["--ca", "y"]),
        Merge(["upstream-ca: ~/x"], [], ["--upstream-ca=/home/anna/x"]),
        Merge(["upstream-ca: x"], ["-qcy"], ["-qcy"]),
        Merge(["upstream-ca: x"], ["-q"], ["--upstream-ca=x", "-q"]),
        Merge(["upstream: a"], ["--no-such"], ["--upstream=a", "--no-such"]),
        Merge(["upstream: '-x = y'"], [], ["--upstream=-x = y"]),
        Merge([profiles], ["@work"], ["--upstream=office", "@work"]),
        Merge([profiles], ["@home"], ["--quiet", "--upstream=top", "@home"]),
        Merge(["upstream: mine", profiles], ["@work"], ["--upstream=office", "@work"]),
        Merge([profiles], ["--upstream", "@work"], ["--quiet", "--upstream", "@work"]),
        Merge([profiles], ["--", "@work"], ["--upstream=office", "--", "@work"]),
    ]

    @Test("a command line stands over the profile, over the first file, over the second", arguments: merges)
    func merge(_ merge: Merge) throws { #expect(try Self.merged(merge.files, merge.line) == merge.result) }

    @Test("each setting tells where it stands")
    func origins() throws {
        let files = [try Self.file("quiet: true", "mine"), try Self.file(Self.profiles + "listen: [a,\n  b]", "all")]
        let settings = try Settings(files, profile: "work")
        #expect(settings.chosen["quiet"]?.place() == "all, line 4, column 28")
        #expect(settings.chosen["quiet"]?.profile == "work")
        let listen = try #require(settings.chosen["listen"])
        #expect(listen.place() == "all, line 6, column 10")
        #expect(listen.place(of: listen.setting.values?.last) == "all, line 7, column 3")
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let text: String
        let told: String
        var testDescription: String { text }

        init(_ text: String, _ told: String) { (self.text, self.told) = (text, told) }
    }

    static let mistakes = [
        Mistake("upstraem: a", "f.yaml, line 1, column 1: there is no option \"upstraem\"; did you mean upstream?"),
        Mistake("zzz: a", "f.yaml, line 1, column 1: there is no option \"zzz\""),
        Mistake("profile: {}", "line 1, column 1: there is no option \"profile\"; did you mean profiles?"),
        Mistake("--quiet: true", "keys have no dashes before them: quiet"),
        Mistake("no-quiet: true", "there is no key no-quiet; write quiet: false"),
        Mistake("no-upstream: true", "write upstream: null"),
        Mistake("config: x", "config is for the command line only"),
        Mistake("quiet: yes", "line 1, column 8: quiet is true or false"),
        Mistake("quiet: 'true'", "quiet is true or false"),
        Mistake("upstream: [a]", "line 1, column 11: upstream takes one value, not a list"),
        Mistake("upstream: {a: b}", "upstream takes one text, not keys with values"),
        Mistake("listen: {a: b}", "listen takes a text or a list of texts"),
        Mistake("listen:\n- [a]\n", "line 2, column 3: each entry of listen is one text"),
        Mistake(
            "ca: a\nupstream-ca: b",
            "line 2, column 1: upstream-ca is another name of upstream-ca, which is there"
        ),
        Mistake("- a", "the file holds keys with values"),
        Mistake("profiles: [a]", "profiles holds names"),
        Mistake("profiles: {'a b': {}}", "the name of a profile has letters"),
        Mistake("profiles:\n  work:\n    profiles: {}\n", "line 3, column 5: a profile holds no profiles"),
        Mistake("profiles: {work: 5}", "the profile work holds keys with values below its name"),
        Mistake("a: 1\n\tb: 2", "f.yaml, line 2, column 1: there is a tab"),
    ]

    @Test("mistakes are told with file, line and reason", arguments: mistakes)
    func wrong(_ mistake: Mistake) {
        do throws(SettingsProblem) {
            _ = try Self.file(mistake.text)
            Issue.record("taken")
        } catch {
            #expect(error.description.contains(mistake.told), "\(error)")
        }
    }

    @Test("all mistakes of a file are told at once")
    func several() {
        #expect(
            throws: SettingsProblem([
                "f.yaml, line 1, column 8: quiet is true or false",
                "f.yaml, line 2, column 1: there is no option \"zzz\"",
            ])
        ) {
            try Self.file("quiet: 1\nzzz: 2")
        }
    }

    @Test(
        "a profile that is not there is told with those that are",
        arguments: [
            ([profiles], "wrok", "there is no profile @wrok (did you mean @work?); there are @home, @work"),
            ([profiles], "zzzz", "there is no profile @zzzz; there are @home, @work"),
            (["quiet: true"], "work", "there is no profile @work; no profiles are in f.yaml"),
            ([], "work", "there is no profile @work, for no configuration file was read"),
        ]
    )
    func unknownProfile(_ files: [String], _ name: String, _ told: String) throws {
        let files = try files.map { try Self.file($0) }
        #expect(throws: SettingsProblem([told])) { try Settings(files, profile: name) }
    }

    @Test(
        "a misspelt word finds the one that was meant",
        arguments: [("lisen", "listen"), ("Listen", "listen"), ("lsiten", "listen"), ("x", nil), ("quieter", nil)]
    )
    func spelling(_ word: String, _ meant: String?) {
        #expect(Spelling.nearest(to: word, among: ["upstream", "listen", "quiet"]) == meant)
    }
}
