import ArgumentParser
import Glibc
import XMPP

/// Who records, so that the captures and JSON Lines of several recorders can be told apart.
struct RecorderArguments: ParsableArguments {
    @Option(
        name: .customLong("recorder"),
        help: ArgumentHelp(
            "What this recorder is called in captures and JSON Lines. (default: the name of this host)",
            valueName: "name"
        )
    )
    var chosenName: String?

    /// Longer ones would be cut where they are shown.
    private static let characterLimit = 100

    func validate() throws {
        guard let chosenName else { return }
        let isSafe = !chosenName.unicodeScalars.contains(where: \.isUnsafeOnTerminal)
        guard isSafe, !chosenName.isEmpty, chosenName.count <= Self.characterLimit else {
            throw ValidationError("--recorder needs a name of 1 to \(Self.characterLimit) printable characters")
        }
    }

    var name: String {
        if let chosenName { return chosenName }
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
