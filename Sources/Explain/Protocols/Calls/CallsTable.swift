extension ProtocolTable {
    /// What is agreed on step by step: calls, files, commands, forms.
    static let services: [ProtocolEntry] = [
        .commands,
        .upload,
        .jingle,
        .externalServices,
    ]
}
