extension ProtocolTable {
    /// What is published and stored: nodes, bookmarks, avatars, vCards.
    static let publishing: [ProtocolEntry] = [
        .vCard,
        .bookmarks,
        .pubsub,
    ]
}
