/// Where something stands in a text: line and column, both counted from 1, the column in characters.
public struct YAMLPlace: Sendable, Equatable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// A value of a YAML document, and where it stands. Nothing is turned into a number or a truth value: what a scalar means is
/// for whoever reads it to say.
public struct YAMLNode: Sendable, Equatable {
    public let place: YAMLPlace
    public let content: Content

    public enum Content: Sendable, Equatable {
        /// A text. It is quoted if it stands in quotes or is a block (`|`, `>`).
        case scalar(String, isQuoted: Bool)
        case sequence([YAMLNode])
        /// In the order of the file; no key is there twice.
        case mapping([YAMLEntry])
    }

    public init(place: YAMLPlace, content: Content) {
        self.place = place
        self.content = content
    }

    /// True for what YAML calls null: `~`, `null`, or nothing at all, without quotes.
    public var isNull: Bool {
        guard case .scalar(let text, isQuoted: false) = content else { return false }
        return text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL"
    }

    /// The truth value that stands here, by the core schema of YAML 1.2; nil for all else, `yes` and `on` too.
    public var truth: Bool? {
        guard case .scalar(let text, isQuoted: false) = content else { return nil }
        switch text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: return nil
        }
    }
}

/// A key of a mapping with its value.
public struct YAMLEntry: Sendable, Equatable {
    public let key: String
    public let place: YAMLPlace
    public let value: YAMLNode

    public init(key: String, place: YAMLPlace, value: YAMLNode) {
        self.key = key
        self.place = place
        self.value = value
    }
}
