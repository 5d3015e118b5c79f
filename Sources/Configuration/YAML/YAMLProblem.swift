import XMPP

/// What is wrong with a text that should be YAML, and where.
public struct YAMLProblem: Error, Equatable, CustomStringConvertible {
    public let place: YAMLPlace
    /// A clause in words of ours, without a full stop.
    public let reason: String

    public init(_ place: YAMLPlace, _ reason: String) {
        self.place = place
        self.reason = reason
    }

    public var description: String { "line \(place.line), column \(place.column): \(reason)" }
}

/// What libyaml finds wrong, in words of ours.
enum YAMLWords {
    /// What stands in libyaml's own text, and what we say for it; the first that fits.
    private static let table: [(String, String)] = [
        ("control characters", "there is a control character here, which YAML does not allow"),
        ("UTF-8", "this is not UTF-8"),
        ("Unicode character escape", "this escape stands for no character"),
        ("Unicode", "this is not UTF-8"),
        ("tab character", "there is a tab in the indentation; YAML takes spaces only"),
        (
            "mapping values are not allowed",
            "a colon makes no key here: the line is indented too far, or the value holds ': ' and needs quotes"
        ),
        ("mapping keys are not allowed", "no key may begin here"),
        (
            "block sequence entries are not allowed",
            "no list entry (-) may begin here; a list begins in a line of its own"
        ),
        (
            "could not find expected ':'",
            "this line has no colon after its key; a key is followed by a colon and a space"
        ),
        (
            "expected '-' indicator",
            "this line does not go with the list before it; all entries begin with - in the same column"
        ),
        (
            "expected key",
            "this line does not go with the ones before it; all keys of a mapping begin in the same column"
        ),
        (
            "expected ',' or ']'",
            "the list in brackets is not closed, or a comma is missing; an address such as [::1]:5222 needs quotes"
        ),
        ("expected ',' or '}'", "the mapping in braces is not closed, or a comma is missing"),
        ("expected node content", "a value is missing here"),
        ("unexpected end of stream", "the file ends within quotes that are never closed"),
        ("unexpected document indicator", "the document ends within quotes that are never closed"),
        (
            "unknown escape",
            "in double quotes a backslash begins an escape, and this one is not known; use single quotes or two backslashes"
        ),
        ("hexdecimal", "this escape needs hexadecimal digits"),
        (
            "document start",
            "the document is over before this line, which is indented less than the first one or follows a value"
        ),
        ("indentation indicator", "the indentation of a block cannot be 0"),
        ("comment or line break", "something stands behind a block sign (| or >), where the line must end"),
        ("nesting level", "this is too deep"),
        ("directive", "a line that begins with % is a directive, and this one is not known"),
        ("version", "this %YAML line has no good version"),
        ("YAML document", "this is a version of YAML that is not known"),
        ("tag", "tags (!NAME) are not taken; a text that begins with ! needs quotes"),
        ("URI", "tags (!NAME) are not taken; a text that begins with ! needs quotes"),
        ("alphabetic or numeric", "a text that begins with & or * needs quotes"),
        ("found unexpected ':'", "a colon stands in a text between brackets or braces; such a text needs quotes"),
        ("digit or '.'", "this %YAML line has no good version"),
        ("non-alphabetical", "this cannot stand in the name of a directive or an anchor"),
        ("expected '!'", "tags (!NAME) are not taken; a text that begins with ! needs quotes"),
        ("expected '>'", "tags (!NAME) are not taken; a text that begins with ! needs quotes"),
        ("whitespace", "a blank is missing here"),
        ("block end", "this line is indented differently from the ones it belongs to"),
    ]

    /// - Parameters:
    ///   - raw: libyaml's text.
    ///   - next: the character at which it stopped.
    ///   - start: the line in which what is broken begins.
    static func reason(_ raw: String, before next: Unicode.Scalar?, since start: Int = 1) -> String {
        if next == "\t" { return "there is a tab in the indentation; YAML takes spaces only" }
        if raw.hasSubstring("expected node content"), next == ":" {
            return "a value is missing before the colon; an address such as [::1]:5222 needs quotes"
        }
        if raw.hasSubstring("cannot start any token"), let next {
            return "no value may begin with \(String(next).quoted(limit: 60)); put it in quotes"
        }
        return table.first { raw.hasSubstring($0.0) }?.1 ?? "this cannot be read as YAML"
    }
}

extension String {
    /// True if `part` is in it, byte for byte.
    fileprivate func hasSubstring(_ part: String) -> Bool {
        let (whole, part) = (Array(utf8), Array(part.utf8))
        guard whole.count >= part.count else { return false }
        return (0...whole.count - part.count).contains { whole[$0..<$0 + part.count].elementsEqual(part) }
    }
}
