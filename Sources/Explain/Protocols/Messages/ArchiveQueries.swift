import Session
import XMLStream
import XMPP

/// The queries of archives on a connection (XEP-0313): what they asked, and what came of them. Only the last ones are kept.
struct ArchiveQueries {
    /// One query and its page.
    struct Query {
        let packet: Int
        /// Whose archive it is: a bare address in small letters; empty for the client's own.
        let archive: String
        let queryID: String?
        let page: ResultPage
        /// Messages that came for it.
        var results = 0
        let story: Int
        /// The first and the last message of the page, once it is over.
        var first: String?
        var last: String?
        /// The packet that ended the page.
        var ended: Int?
        /// True once it is over and there is more.
        var hasMore = false
    }

    private static let limit = 64
    private(set) var queries: [Query] = []

    mutating func begin(_ query: Query) {
        if queries.count == Self.limit { queries.removeFirst() }
        queries.append(query)
    }

    /// The page that a query goes on from: that of the same archive which ended there.
    func before(_ page: ResultPage, in archive: String) -> Query? {
        queries.last { query in
            guard query.archive == archive else { return false }
            if let after = page.after, !after.isEmpty { return query.last == after }
            if let before = page.before, !before.isEmpty { return query.first == before }
            return false
        }
    }

    func query(ofPacket number: Int) -> Query? { queries.last { $0.packet == number } }

    mutating func end(_ number: Int, by packet: Int, first: String?, last: String?, hasMore: Bool) {
        guard let index = queries.lastIndex(where: { $0.packet == number }) else { return }
        queries[index].ended = packet
        (queries[index].first, queries[index].last, queries[index].hasMore) = (first, last, hasMore)
    }

    /// Another message came for a query; the query with it, nil if nobody asked that archive.
    mutating func count(_ queryID: String?, from archive: String) -> Query? {
        let index = queries.lastIndex { $0.archive == archive && $0.queryID == queryID }
        guard let index else { return nil }
        queries[index].results += 1
        return queries[index]
    }

    /// True if that archive was asked something.
    func hasAsked(_ archive: String) -> Bool { queries.contains { $0.archive == archive } }
}

/// What a request wants of a long list (XEP-0059).
struct ResultPage {
    var max: Int?
    var after: String?
    /// Empty for the last page.
    var before: String?
    var index: Int?

    init(_ set: Element?) {
        max = set?.child("max").flatMap { Int($0.text.trimmed) }
        after = set?.child("after")?.text.trimmed
        before = set?.child("before")?.text.trimmed
        index = set?.child("index").flatMap { Int($0.text.trimmed) }
    }

    /// True if it is read from its end.
    var isBackwards: Bool { before != nil }
}

/// What an answer says of its part of a long list (XEP-0059).
struct ResultPart {
    var first: String?
    var last: String?
    var index: Int?
    var count: Int?

    init(_ set: Element?) {
        let first = set?.child("first")
        self.first = first?.text.trimmed.nonEmpty
        index = first?["index"].flatMap { Int($0) }
        last = set?.child("last")?.text.trimmed.nonEmpty
        count = set?.child("count").flatMap { Int($0.text.trimmed) }
    }
}

extension Scene {
    /// What an archive is kept under: empty for the client's own.
    func archiveKey(_ address: String?) -> String {
        guard let address, !address.isEmpty else { return "" }
        if streamKind == .client, party(of: address).role == .server { return "" }
        return String(address.withoutResource).addressKey
    }

    /// An archive for the middle of a sentence: `the archive of the room tea@…`; the client's own by `own`.
    func archiveName(_ address: String?, own: String) -> String {
        if archiveKey(address).isEmpty { return own }
        guard let address else { return own }
        if streamKind != .client { return "the archive of \(address.shown(limit: 100))" }
        return "the archive of \(party(of: String(address.withoutResource)).name)"
    }
}
