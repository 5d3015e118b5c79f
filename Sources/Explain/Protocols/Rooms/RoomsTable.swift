extension ProtocolTable {
    /// Who is who: rooms, presence, contact lists, discovery.
    static let people: [ProtocolEntry] = [
        .discovery,
        .capabilities,
        .roster,
        .rosterVersioning,
        .preApproval,
        .privacy,
        .blocking,
        .rooms,
        .directInvitation,
        .entityTime,
    ]
}
