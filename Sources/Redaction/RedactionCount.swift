/// What a redaction did, and what it could not do.
public struct RedactionCount: Sendable, Equatable {
    /// Values in the places of secrets that were replaced, and how many different ones they were.
    public var values = 0
    public var secrets = 0
    /// Secrets that stood again in other places: in texts, addresses, answers.
    public var echoes = 0
    /// Texts of events, notices, differences and comments that were changed.
    public var texts = 0
    /// Bytes that could not be read and were blotted out.
    public var maskedBytes = 0
    /// Different secrets that became known when what came before was written already, so that it was not searched for them.
    public var late = 0
    /// Secrets that were replaced where they stand but not looked for elsewhere, being too short or too many.
    public var unsearched = 0
    /// Blocks of the capture that were left out, because anything may be in them.
    public var blocks = 0

    public init() {}

    init(_ secrets: SecretTable) {
        let tally = secrets.tally
        (values, echoes, texts, maskedBytes) = (tally.values, tally.echoes, tally.texts, tally.masked)
        (late, unsearched) = (tally.late, tally.unsearched)
        self.secrets = secrets.count
    }
}
