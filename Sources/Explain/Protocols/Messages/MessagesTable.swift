extension ProtocolTable {
    /// Messages and what they carry: encryption, receipts, archives.
    static let messages: [ProtocolEntry] = [
        .omemo,
        .firebase,
    ]
}
