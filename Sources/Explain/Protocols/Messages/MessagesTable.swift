extension ProtocolTable {
    /// Messages and what they carry: encryption, receipts, archives.
    static let messages: [ProtocolEntry] =
        aboutMessages + encryptions
        + [
            .carbons, .forwarding, .delay, .oldDelay, .archive,
            .outOfBand, .outOfBandRequest, .bitsOfBinary, .fileSharing, .stickers, .references, .mediaSharing,
            .styling, .markup, .formattedText, .spoilers, .contentTypes, .securityLabels, .headers, .ephemeral,
            .addresses, .attention, .advancedProcessing, .oldEvents,
            .firebase,
        ]

    /// What refers to other messages, and what is told of a message.
    private static let aboutMessages: [ProtocolEntry] = [
        .receipts, .chatMarkers, .chatStates, .correction, .retraction, .fastening, .moderation, .reactions,
        .replies, .fallback, .stanzaIDs, .hints, .attaching,
    ]

    private static let encryptions: [ProtocolEntry] = [
        .omemo, .encryptionName, .openPGP, .oldOpenPGP, .oldSignature, .contentEncryption, .trustMessages,
    ]
}
