import Capture
import Redaction

/// `show --redact`.
extension Show {
    static let noRedactedScript =
        "a script is made of a recording as it is: take the secrets out with 'stanzatap redact' first, and show the copy"

    /// The records without their secrets, if that was asked for.
    ///
    /// - Parameter again: gives the same records once more, for they are read twice.
    func withoutSecrets(
        _ source: any RecordSource,
        again open: () throws(CaptureError) -> some RecordSource
    ) throws(CaptureError) -> any RecordSource {
        redact ? RedactedRecords(source, survey: try open()) : source
    }

    /// Says what was replaced.
    func reportRedaction(of source: any RecordSource) {
        if let redacted = source as? RedactedRecords { report(redacted.count.told) }
    }
}
