extension ProtocolTable {
    /// What is agreed on step by step: calls, files, commands, forms.
    static let services: [ProtocolEntry] =
        [
            .commands, .dataForms, .search, .negotiation,
            .upload, .externalServices,
            .jingle, .callProposals, .callInvites, .rayo, .colibri, .onlineMeetings,
            .streamInitiation, .socksBytestreams, .inBandBytestreams, .publishedSessions,
            .httpConfirmation, .httpOverXMPP, .remoteCalls, .soap,
            .sensorData, .control, .provisioning, .concentrators, .thingDiscovery,
            .oldArchive, .delegation, .privilege, .clientCertificates, .addressCheck, .incidents, .eventLog,
            .quickResponses, .channelSearch, .uniqueRoomNames, .streamLimits, .componentBinding, .relayNodes,
            .invisibility,
        ] + ProtocolEntry.rareProtocols
}
