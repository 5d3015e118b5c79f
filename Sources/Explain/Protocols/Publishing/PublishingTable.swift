import XMLStream
import XMPP

extension ProtocolTable {
    /// What is published and stored: nodes, bookmarks, avatars, vCards.
    static let publishing: [ProtocolEntry] = [
        .pubsub,
        .avatarMetadata, .avatarData,
        .bookmarks, .nativeBookmarks, .privateStorage, .annotations,
        .vCard,
        .mood, .activity, .tune, .location, .physicalLocation, .nickname, .gaming, .viewing, .browsing, .chatting,
        .push, .displayedSynchronization, .moved, .reachability,
        .atom, .listedSubscription, .attachments, .publishedStream, .profile,
        .mix, .poke, .since,
        .calendar, .encryptedItems, .serverInformation, .contactMetadata, .decentralizedID,
    ]

    /// What items say whose namespaces belong to the rows of other families, for messages bear them too.
    static let itemsElsewhere: [String: @Sendable (Element, String?) -> ItemTelling?] = [
        "eu.siacs.conversations.axolotl": omemoItem, "urn:xmpp:omemo:1": omemoItem, "urn:xmpp:omemo:2": omemoItem,
        "urn:xmpp:openpgp:0": openPGPItem,
        "urn:xmpp:stickers:0": stickerItem,
        "urn:xmpp:sfs:0": sharedFileItem,
        NS.dataForms: formItem,
        "urn:xmpp:x509:0": certificateItem,
    ]
}
