import XMPP

/// What counts of all that files say: each option as the strongest place has it.
public struct Settings: Sendable {
    /// A setting, and where it comes from.
    public struct Chosen: Sendable {
        public let setting: Setting
        public let path: String
        /// The profile that it stands in; nil for the file's top.
        public let profile: String?

        /// Where a value stands, as it is told: the first one unless another is meant.
        public func place(of value: Setting.Value? = nil) -> String {
            let place = (value ?? setting.values?.first)?.place ?? setting.place
            return "\(path.shown(limit: 1_000)), line \(place.line), column \(place.column)"
        }
    }

    /// By the options' names.
    public private(set) var chosen: [String: Chosen] = [:]

    /// - Parameters:
    ///   - files: the strongest first. A profile of any of them stands over the top of each.
    ///   - profile: its name; nil for none.
    /// - Throws: that no file has the profile, with those that there are.
    public init(_ files: [SettingsFile], profile: String?) throws(SettingsProblem) {
        if let profile {
            var isThere = false
            for file in files {
                for known in file.profiles where known.name == profile {
                    isThere = true
                    take(known.settings, file.path, profile)
                }
            }
            if !isThere { throw SettingsProblem([Self.unknown(profile, files)]) }
        }
        for file in files { take(file.settings, file.path, nil) }
    }

    private mutating func take(_ settings: [Setting], _ path: String, _ profile: String?) {
        for setting in settings where chosen[setting.option.name] == nil {
            chosen[setting.option.name] = Chosen(setting: setting, path: path, profile: profile)
        }
    }

    private static func unknown(_ profile: String, _ files: [SettingsFile]) -> String {
        let names = Set(files.flatMap { $0.profiles.map(\.name) }).sorted()
        let name = "@" + profile.shown(limit: 60)
        if files.isEmpty { return "there is no profile \(name), for no configuration file was read" }
        if names.isEmpty {
            return
                "there is no profile \(name); no profiles are in \(files.map { $0.path.shown(limit: 1_000) }.joined(separator: " and "))"
        }
        let nearest = Spelling.nearest(to: profile, among: names).map { " (did you mean @\($0)?)" } ?? ""
        return "there is no profile \(name)\(nearest); there are \(names.map { "@" + $0 }.joined(separator: ", "))"
    }

    /// Leaves out what the command line decides.
    public mutating func leaveOut(_ names: Set<String>) { chosen = chosen.filter { !names.contains($0.key) } }

    /// The arguments that say the same on a command line.
    ///
    /// - Parameter home: what stands for `~` before a slash.
    public func arguments(home: String?) -> [String] {
        chosen.values.sorted { $0.setting.option.name < $1.setting.option.name }
            .flatMap { Self.arguments($0.setting, home) }
    }

    private static func arguments(_ setting: Setting, _ home: String?) -> [String] {
        let (option, values) = (setting.option, setting.values ?? [])
        if !option.isFlag { return values.map { "--\(option.name)=\(expanded($0.text, home))" } }
        switch values.first?.text {
        case "true": return ["--" + option.name]
        case "false": return option.hasInversion ? ["--no-" + option.name] : []
        default: return []
        }
    }

    /// As a shell does: nobody does it for a file.
    private static func expanded(_ text: String, _ home: String?) -> String {
        guard let home, text.hasPrefix("~/") else { return text }
        return home + text.dropFirst()
    }
}
