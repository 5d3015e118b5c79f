import ArgumentParser

/// When a recording goes on in another file, and which ones stay.
struct FileArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Go on in another capture when this one has so many bytes: a number, with k, M or G.",
            valueName: "bytes"
        ),
        transform: {
            try amount($0, units: ["k": 1_000, "m": 1_000_000, "g": 1_000_000_000], what: "bytes, such as 500M")
        }
    )
    var maxSize: Int?

    @Option(
        help: ArgumentHelp(
            "Go on in another capture after so long: a number, with s, m, h or d. SIGHUP does it at once.",
            valueName: "time"
        ),
        transform: { try amount($0, units: ["s": 1, "m": 60, "h": 3_600, "d": 86_400], what: "time, such as 6h") }
    )
    var rotate: Int?

    @Option(
        help: ArgumentHelp(
            "Remove the captures of this recording, and their transcripts, that are older than the last ones of this number. Without it all stay.",
            valueName: "n"
        )
    )
    var keep: Int?

    func validate() throws {
        if let keep, keep < 1 { throw ValidationError("--keep is a number of captures above 0, not \(keep)") }
        if keep != nil, maxSize == nil, rotate == nil {
            throw ValidationError("--keep is about captures that end by --max-size or --rotate")
        }
    }

    /// What was asked for.
    struct Rules: Sendable {
        var maxBytes: Int?
        var seconds: Int?
        var keep: Int?
    }

    var rules: Rules { Rules(maxBytes: maxSize, seconds: rotate, keep: keep) }

    /// True if more than one file may come.
    var isUsed: Bool { maxSize != nil || rotate != nil }
}

/// A number above 0 with one of the units behind it, or without.
@Sendable
private func amount(_ text: String, units: [String: Int], what: String) throws -> Int {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count).lowercased()
    guard let number = Int(digits), number > 0, let factor = unit.isEmpty ? 1 : units[unit],
        case let (product, false) = number.multipliedReportingOverflow(by: factor)
    else { throw ValidationError("'\(text)' is no amount of \(what)") }
    return product
}
