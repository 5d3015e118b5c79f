import Session
import XMLStream
import XMPP

/// Which packet a message came in, by its ids and the conversation, so that what refers to it can say so. Only the last ones are kept.
struct MessageMemory {
    /// A message that was seen.
    struct Entry {
        let packet: Int
        /// Whose it is, as in `MessageFrame.author`.
        let author: String
        /// True if the client of this connection wrote it.
        let isClients: Bool
        /// True for one that corrects an earlier one (XEP-0308).
        let isCorrection: Bool
        /// The packet that corrected it last.
        var correctedBy: Int?
        /// The message of another author with the same id: each program makes its ids for itself, and many count from 1.
        fileprivate var namesakes: [Entry] = []

        init(packet: Int, author: String, isClients: Bool, isCorrection: Bool) {
            self.packet = packet
            self.author = author
            self.isClients = isClients
            self.isCorrection = isCorrection
        }

        /// The same with another message of that id. A copy of what is known already changes nothing.
        fileprivate func joined(by other: Entry, isNew: Bool) -> Entry {
            guard isNew || (other.author != author && namesakes.isEmpty) else { return self }
            var (first, last) = isNew ? (other, self) : (self, other)
            last.namesakes = []
            first.namesakes = Array(([last] + namesakes).filter { $0.author != first.author }.prefix(1))
            return first
        }

        /// That of the author if there is one, or any.
        fileprivate func preferring(_ author: String) -> Entry {
            self.author == author ? self : namesakes.first { $0.author == author } ?? self
        }
    }

    /// A conversation and an id in it, as a hash: of 4,096 none meets another one by chance, and hashes are seeded anew in every run.
    private typealias Key = Int

    private static func key(_ conversation: String, _ id: String) -> Key {
        var hasher = Hasher()
        hasher.combine(conversation)
        hasher.combine(id)
        return hasher.finalize()
    }

    /// Ids that are kept; a peer that sends without end must not cost memory without end.
    private static let limit = 4096
    /// Longer ids are not worth keeping.
    private static let idLimit = 256

    private var entries: [Key: Entry] = [:]
    private var order: [Key] = []
    private var next = 0

    /// The device by which the client encrypts, by the namespace of OMEMO (XEP-0384).
    var ownDevices: [String: String] = [:]

    /// The message of that id.
    func find(_ id: String?, in conversation: String) -> Entry? {
        guard let id, !entries.isEmpty else { return nil }
        return entries[Self.key(conversation, id)]
    }

    /// The message of that id; of several the author's.
    func find(_ id: String?, in conversation: String, by author: String) -> Entry? {
        find(id, in: conversation)?.preferring(author)
    }

    /// The message that has one of these ids.
    func findAny(_ ids: [String?], in conversation: String) -> Entry? {
        for id in ids {
            if let entry = find(id, in: conversation) { return entry }
        }
        return nil
    }

    /// - Parameter isNew: false for a copy of what may be known already, which then stays as it is.
    mutating func note(_ entry: Entry, _ id: String?, in conversation: String, isNew: Bool) {
        guard let id, !id.isEmpty, id.utf8.count <= Self.idLimit else { return }
        let key = Self.key(conversation, id)
        if let known = entries[key] {
            entries[key] = known.joined(by: entry, isNew: isNew)
            return
        }
        entries[key] = entry
        if order.count < Self.limit {
            order.append(key)
        } else {
            entries[order[next]] = nil
            order[next] = key
            next = (next + 1) % Self.limit
        }
    }

    mutating func noteCorrection(of id: String, in conversation: String, by author: String, _ packet: Int) {
        let key = Self.key(conversation, id)
        guard let entry = entries[key] else { return }
        if entry.author != author, let index = entry.namesakes.firstIndex(where: { $0.author == author }) {
            entries[key]?.namesakes[index].correctedBy = packet
        } else {
            entries[key]?.correctedBy = packet
        }
    }
}

extension Scene {
    /// Keeps the ids of a message that was told.
    mutating func remember(_ message: Element, _ packet: Packet) {
        guard message["type"] != "error" else { return }
        let isClients = packet.direction == .clientToServer
        let conversation = conversation(of: message, isClients: isClients)
        let author = author(of: message, isClients: isClients)
        remember(message, packet, conversation, author, isClients && streamKind == .client)
    }

    /// Keeps the ids of a copy, unless they are known.
    mutating func remember(copy message: Element, _ frame: MessageFrame, archiveID: String?, _ packet: Packet) {
        let entry = MessageMemory.Entry(
            packet: packet.number,
            author: frame.author,
            isClients: false,
            isCorrection: message.child("replace", MessageNS.correction) != nil
        )
        let ids = [message["id"], message.child("origin-id", MessageNS.stanzaIDs)?["id"], archiveID]
        for id in ids { messages.note(entry, id, in: frame.conversation, isNew: false) }
    }

    private mutating func remember(
        _ message: Element,
        _ packet: Packet,
        _ conversation: String,
        _ author: String,
        _ isClients: Bool
    ) {
        var (ids, replaced): ([String?], String?) = ([message["id"]], nil)
        for case .element(let child) in message.nodes {
            if child.namespace == MessageNS.stanzaIDs, child["id"] != ids[0] { ids.append(child["id"]) }
            if child.is("replace", MessageNS.correction) { replaced = child["id"] }
        }
        // What a room sends back is the message that went to it.
        let isEcho = !isClients && message["type"] == "groupchat"
        let original = isEcho ? messages.findAny(ids, in: conversation) : nil
        let isOwnEcho = original?.isClients == true && room(of: message["from"]).map { isOwn(message, in: $0) } == true
        let new = MessageMemory.Entry(
            packet: packet.number,
            author: author,
            isClients: isClients,
            isCorrection: replaced != nil
        )
        let kept = isOwnEcho ? original ?? new : new
        for id in ids { messages.note(kept, id, in: conversation, isNew: !isOwnEcho) }
        if let replaced, !isOwnEcho {
            messages.noteCorrection(of: replaced, in: conversation, by: author, packet.number)
        }
    }

    /// True if the message of a room is the client's own.
    func isOwn(_ message: Element, in room: Room) -> Bool {
        room.nick != nil && message["from"].map { JID($0).resource } == room.nick
    }
}
