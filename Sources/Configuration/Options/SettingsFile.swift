import XMPP

/// What a file says of one option.
public struct Setting: Sendable, Equatable {
    public struct Value: Sendable, Equatable {
        public let text: String
        public let place: YAMLPlace
    }

    public let option: OptionShape
    /// Where the key stands.
    public let place: YAMLPlace
    /// The values; nil if the file takes back what weaker ones say (`null`). A flag has `true` or `false`.
    public let values: [Value]?
}

/// What is wrong in a file.
public struct SettingsProblem: Error, Equatable, CustomStringConvertible {
    /// One for each mistake, in the order of the file.
    public let mistakes: [String]

    public init(_ mistakes: [String]) { self.mistakes = mistakes }

    public var description: String { mistakes.joined(separator: "\n") }
}

/// A configuration file: options by their long names, and profiles by name that hold the same.
public struct SettingsFile: Sendable {
    public struct Profile: Sendable {
        public let name: String
        public let settings: [Setting]
    }

    /// As it is told to the user.
    public let path: String
    public let settings: [Setting]
    public let profiles: [Profile]

    /// The key that holds the profiles, and that no option may have.
    public static let profilesKey = "profiles"

    /// - Throws: every mistake that can be told without the values' own meaning.
    public init(path: String, text: [UInt8], table: OptionTable) throws(SettingsProblem) {
        self.path = path
        let root: YAMLNode?
        do throws(YAMLProblem) { root = try YAMLReader.read(text) } catch {
            throw SettingsProblem(["\(path.shown(limit: 1_000)), \(error)"])
        }
        var reader = SettingsReader(path: path, table: table)
        (settings, profiles) = reader.file(root)
        if !reader.mistakes.isEmpty { throw SettingsProblem(reader.mistakes) }
    }
}

/// Turns the values of a document into settings and gathers what is wrong.
private struct SettingsReader {
    let path: String
    let table: OptionTable
    var mistakes: [String] = []

    mutating func file(_ root: YAMLNode?) -> ([Setting], [SettingsFile.Profile]) {
        guard let root, !root.isNull else { return ([], []) }
        guard case .mapping(let entries) = root.content else {
            note(root.place, "the file holds keys with values, such as out: captures")
            return ([], [])
        }
        let profiles = entries.filter { $0.key == SettingsFile.profilesKey }.flatMap { self.profiles($0.value) }
        let settings = settings(entries.filter { $0.key != SettingsFile.profilesKey }, isTop: true)
        return (settings, profiles)
    }

    private mutating func profiles(_ node: YAMLNode) -> [SettingsFile.Profile] {
        if node.isNull { return [] }
        guard case .mapping(let entries) = node.content else {
            note(node.place, "profiles holds names, each with the keys of that profile below it")
            return []
        }
        var profiles: [SettingsFile.Profile] = []
        for entry in entries {
            if !Self.isName(entry.key) {
                note(
                    entry.place,
                    "the name of a profile has letters, digits, '-', '_' and '.' only, not \(entry.key.quoted(limit: 60))"
                )
            }
            var settings: [Setting] = []
            if case .mapping(let entries) = entry.value.content {
                settings = self.settings(entries, isTop: false)
            } else if !entry.value.isNull {
                note(
                    entry.value.place,
                    "the profile \(entry.key.shown(limit: 60)) holds keys with values below its name"
                )
            }
            profiles.append(SettingsFile.Profile(name: entry.key, settings: settings))
        }
        return profiles
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0)
            }
    }

    private mutating func settings(_ entries: [YAMLEntry], isTop: Bool) -> [Setting] {
        var settings: [Setting] = []
        for entry in entries {
            guard let option = table.option(named: entry.key) else {
                note(entry.place, unknown(entry.key, isTop: isTop))
                continue
            }
            if let first = settings.first(where: { $0.option.name == option.name }) {
                note(
                    entry.place,
                    "\(entry.key) is another name of \(option.name), which is there already, in line \(first.place.line)"
                )
            }
            settings.append(Setting(option: option, place: entry.place, values: values(entry.value, option)))
        }
        return settings
    }

    private func unknown(_ key: String, isTop: Bool) -> String {
        if key == SettingsFile.profilesKey { return "a profile holds no profiles" }
        if key.hasPrefix("-"), table.option(named: String(key.drop { $0 == "-" })) != nil {
            return "keys have no dashes before them: \(key.drop { $0 == "-" })"
        }
        if key.hasPrefix("no-"), let option = table.option(named: String(key.dropFirst(3))) {
            return "there is no key \(key); write \(option.name): \(option.isFlag ? "false" : "null")"
        }
        if table.others.contains(where: { $0.names.contains(key) }) {
            return "\(key) is for the command line only"
        }
        let names = table.options.flatMap(\.names) + (isTop ? [SettingsFile.profilesKey] : [])
        let nearest = Spelling.nearest(to: key, among: names).map { "; did you mean \($0)?" } ?? ""
        return "there is no option \(key.quoted(limit: 60))\(nearest)"
    }

    private mutating func values(_ node: YAMLNode, _ option: OptionShape) -> [Setting.Value]? {
        if node.isNull { return nil }
        if option.isFlag {
            guard let truth = node.truth else {
                note(node.place, "\(option.name) is true or false")
                return []
            }
            return [Setting.Value(text: truth ? "true" : "false", place: node.place)]
        }
        switch node.content {
        case .scalar(let text, _): return [Setting.Value(text: text, place: node.place)]
        case .mapping:
            note(
                node.place,
                "\(option.name) takes \(option.isRepeating ? "a text or a list of texts" : "one text"), not keys with values"
            )
        case .sequence(let items):
            if option.isRepeating { return items.compactMap { item($0, option) } }
            note(node.place, "\(option.name) takes one value, not a list")
        }
        return []
    }

    private mutating func item(_ node: YAMLNode, _ option: OptionShape) -> Setting.Value? {
        if case .scalar(let text, _) = node.content, !node.isNull {
            return Setting.Value(text: text, place: node.place)
        }
        note(
            node.place,
            "each entry of \(option.name) is one text; an address in brackets needs quotes, such as \"[::1]:5222\""
        )
        return nil
    }

    private mutating func note(_ place: YAMLPlace, _ reason: String) {
        mistakes.append("\(path.shown(limit: 1_000)), line \(place.line), column \(place.column): \(reason)")
    }
}
