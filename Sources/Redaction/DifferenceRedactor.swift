import Explain

/// Takes values out of the lines that tell how packets of a replay differ from the recording. The recorded value stands in no
/// packet of the capture, so nobody can know whether it is a secret.
enum DifferenceRedactor {
    /// Without the values of texts. Those of attributes that are no secrets stay, for they say how the protocol went.
    static func redacted(_ line: String, _ secrets: inout SecretTable) -> String {
        guard let start = line.firstRange(of: "recorded: ") else { return line }
        var pieces = line.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count % 2 == 1, pieces.indices.dropFirst().allSatisfy({ $0 % 2 == 1 || isGlue(pieces[$0]) }) else {
            // A value with quotes in it cannot be told from what stands around it.
            secrets.masked(line[start.upperBound...].utf8.count)
            return line[..<start.upperBound] + "…"
        }
        for index in stride(from: 1, to: pieces.count, by: 2) where !isHarmless(index, pieces) {
            let value = Array(pieces[index].utf8)
            pieces[index] = String(decoding: secrets.text(for: value, count: value.count), as: UTF8.self)
        }
        return pieces.joined(separator: "\"")
    }

    /// What stands behind a quotation: the rest of a tag, the other value, the next difference, or nothing.
    private static func isGlue(_ text: String) -> Bool {
        text.isEmpty || text.hasPrefix(">") || text.hasPrefix(" / now: ") || text.hasPrefix("; ") || text.hasSuffix("=")
    }

    private static func isHarmless(_ index: Int, _ pieces: [String]) -> Bool {
        let before = pieces[index - 1]
        if before.hasSuffix("=") {
            let name = before.dropLast().split(whereSeparator: { " <".contains($0) }).last.map(String.init) ?? ""
            return !SecretNames.isSecret(name)
        }
        // The path stands before the first of its two values.
        let path = before == " / now: " && index >= 3 ? pieces[index - 3] : before
        guard path.hasSuffix(": recorded: "), let name = path.dropLast(12).split(separator: "@").last,
            path.dropLast(12).split(separator: " ").last?.contains("@") == true
        else { return false }
        return !SecretNames.isSecret(String(name))
    }
}
