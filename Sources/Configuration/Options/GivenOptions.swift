/// What a command line says, as far as files must know: which options it has, the profile and the file that it names.
public struct GivenOptions: Sendable {
    /// The names of the options that are given or taken back: what files say of them does not count.
    public private(set) var names: Set<String> = []
    /// The argument that begins with `@`, without it.
    public private(set) var profile: String?
    /// The value of each option that is given, the last one where there are several; empty for flags.
    public private(set) var values: [String: String] = [:]
    /// The arguments as the command itself takes them: without `--no-NAME` where it has no such option.
    public private(set) var arguments: [String] = []

    /// - Parameter arguments: what stands behind the command's name.
    public init(_ arguments: [String], _ table: OptionTable) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                self.arguments += [argument] + rest
                profile = profile ?? rest.first { $0.hasPrefix("@") }.map { String($0.dropFirst()) }
                return
            }
            if argument.hasPrefix("--") {
                takeLong(argument, &rest, table)
            } else if argument.hasPrefix("-"), argument.count > 1 {
                takeLetters(argument, &rest, table)
            } else {
                if argument.hasPrefix("@"), profile == nil { profile = String(argument.dropFirst()) }
                self.arguments.append(argument)
            }
        }
    }

    private mutating func takeLong(_ argument: String, _ rest: inout ArraySlice<String>, _ table: OptionTable) {
        let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first ?? ""
        if let option = table.any(named: name) {
            arguments.append(argument)
            return take(option, parts.count > 1 ? String(parts[1]) : nil, &rest)
        }
        guard name.hasPrefix("no-"), parts.count == 1, let option = table.option(named: String(name.dropFirst(3)))
        else {
            return arguments.append(argument)
        }
        names.insert(option.name)
        if option.hasInversion { arguments.append(argument) }
    }

    /// `-q`, `-abc` for several flags, `-o VALUE` or `-oVALUE`.
    private mutating func takeLetters(_ argument: String, _ rest: inout ArraySlice<String>, _ table: OptionTable) {
        arguments.append(argument)
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            guard let option = table.any(letter: letter) else { return }
            if option.isFlag {
                take(option, nil, &rest)
            } else {
                if letters.first == "=" { letters.removeFirst() }
                return take(option, letters.isEmpty ? nil : String(letters), &rest)
            }
        }
    }

    private mutating func take(_ option: OptionShape, _ value: String?, _ rest: inout ArraySlice<String>) {
        names.insert(option.name)
        var value = value
        if value == nil, !option.isFlag, let next = rest.first, !(next.hasPrefix("-") && next.count > 1) {
            rest.removeFirst()
            arguments.append(next)
            value = next
        }
        values[option.name] = value ?? ""
    }
}
