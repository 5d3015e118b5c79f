import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// What is wrong with a certificate, a key or their files: one line for a user that says what, where, and what to do.
public struct CertificateProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line, without a full stop.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Runs what throws errors of a library, of which a user would understand nothing, and tells of `what` failed instead.
func telling<Result>(_ what: String, _ body: () throws -> Result) throws(CertificateProblem) -> Result {
    do {
        return try body()
    } catch {
        throw CertificateProblem("\(what): \(reason(of: error))")
    }
}

/// What an error of the libraries that read and write certificates means.
private func reason(of error: any Error) -> String {
    switch error {
    case let problem as CertificateProblem: problem.description
    case is ASN1Error: "its bytes are not of the form that such a file has (DER)"
    case is CertificateError: "it is damaged, or of a kind that is not supported here"
    case is CryptoKitError:
        "it is damaged, or a key of a kind that is not supported here, such as RSA of less than 2048 bits"
    default: "it failed in a way for which stanzatap has no words (\(type(of: error)))"
    }
}

/// Text out of a certificate, fit for one line of a terminal: controls become `\XX`, as RFC 4514 writes them, and what
/// is longer than `limit` characters is cut.
func printable(_ text: String, limit: Int = 256) -> String {
    var line = ""
    var count = 0
    for scalar in text.unicodeScalars {
        if count == limit { return line + "…" }
        count += 1
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            for byte in String(scalar).utf8 { line += "\\" + hex([byte]) }
        default: line.unicodeScalars.append(scalar)
        }
    }
    return line
}

/// Lower-case hexadecimal.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    return text
}

/// The day in UTC, `2026-01-02`.
func day(_ seconds: Int64) -> String {
    Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601.year().month().day())
}
