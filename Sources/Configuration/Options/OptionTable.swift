/// An option of a command, as far as files and command lines must know of it.
public struct OptionShape: Sendable, Equatable {
    /// Its long name without dashes, which is its key in a file.
    public let name: String
    /// All long names without dashes, `name` among them.
    public let names: [String]
    public let letters: [Character]
    /// True if it stands alone, false if a value follows.
    public let isFlag: Bool
    public let isRepeating: Bool
    /// True if the command has `--no-NAME` too.
    public var hasInversion = false
    /// What counts where nobody says anything, in words; nil where there is nothing.
    public var standard: String?

    public init(name: String, names: [String] = [], letters: [Character] = [], isFlag: Bool, isRepeating: Bool = false)
    {
        self.name = name
        self.names = names.isEmpty ? [name] : names
        self.letters = letters
        self.isFlag = isFlag
        self.isRepeating = isRepeating
    }
}

/// All options of a command.
public struct OptionTable: Sendable {
    /// Those that a file may hold, in the order of the command's help.
    public let options: [OptionShape]
    /// Those of the command line only, such as the one that names the file.
    public let others: [OptionShape]

    /// - Parameter commandLineOnly: the names of those that no file may hold.
    public init(_ options: [OptionShape], commandLineOnly: Set<String>) {
        let inverted = Set(options.filter(\.isFlag).map(\.name)).filter { name in
            name.hasPrefix("no-") && options.contains { $0.isFlag && $0.name == name.dropFirst(3) }
        }
        let known = options.filter { !inverted.contains($0.name) }
            .map { option in
                var option = option
                if inverted.contains("no-" + option.name) { option.hasInversion = true }
                return option
            }
        self.options = known.filter { !commandLineOnly.contains($0.name) }
        others = known.filter { commandLineOnly.contains($0.name) }
    }

    /// The option of that key in a file.
    public func option(named name: String) -> OptionShape? { options.first { $0.names.contains(name) } }

    /// The option of the command line that has the name, or `no-` and the name.
    func any(named name: some StringProtocol) -> OptionShape? {
        (options + others).first { $0.names.contains { $0 == name } }
    }

    func any(letter: Character) -> OptionShape? { (options + others).first { $0.letters.contains(letter) } }
}
