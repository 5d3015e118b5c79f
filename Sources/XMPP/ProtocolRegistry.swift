/// One XMPP protocol, as the registry knows it by its namespace.
public struct KnownProtocol: Sendable, Equatable {
    public let namespace: String
    /// Where it is specified: `XEP-0077`, `RFC6121`, `inbox/xtls` for a proposal that got no number.
    public let specification: String
    public let title: String
    /// How far the document that defines it came, such as `Draft` or `Deferred`; nil for what no document of today defines.
    public let status: String?
    /// True if the namespace itself is listed; false for one that only looks like another version or part of a listed one.
    public let isCertain: Bool

    /// For a sentence: `In-Band Registration (XEP-0077)`.
    public var name: String { isCertain ? "\(title) (\(reference))" : "probably \(title) (\(reference))" }

    /// The same for a sentence: `RFC 6121`.
    public var reference: String {
        if specification.hasPrefix("RFC") { return "RFC " + specification.dropFirst(3) }
        return specification.hasPrefix("inbox/") ? "a proposal without a number" : specification
    }
}

/// Every XMPP namespace known, with the document that defines it or once did; compiled into the program.
///
/// A line of the list is a namespace, its document, that one's title, and its status if it defines the namespace today. It has what the registrar lists, and what the text, the schema,
/// the examples and the earlier versions of an RFC, a XEP or a proposal use as their own.
public enum ProtocolRegistry {
    /// The protocol of a namespace. Of a namespace with a version or a fragment that is not listed (`urn:xmpp:x:9`, `…#y`)
    /// its nearest listed relative is told, marked as not certain.
    public static func lookUp(_ namespace: String) -> KnownProtocol? {
        if let known = table[namespace] { return known }
        guard let stem = stem(of: namespace), let known = stems[stem] else { return nil }
        return KnownProtocol(
            namespace: namespace,
            specification: known.specification,
            title: known.title,
            status: known.status,
            isCertain: false
        )
    }

    /// The namespace as it is really spelled, found without regard to letter case; nil if none is known.
    public static func spelling(of namespace: String) -> String? { spellings[namespace.lowercased()] }

    /// The namespace that has the same letters and digits, found without regard to case and to what stands between them; nil if none has.
    public static func spelling(likeLettersOf namespace: String) -> String? { byLetters[letters(namespace)] }

    private static func letters(_ namespace: String) -> String {
        String(
            namespace.lowercased().unicodeScalars.filter {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
            }
        )
    }

    private static let byLetters: [String: String] = {
        var spellings: [String: String] = [:]
        for namespace in table.keys.sorted() { spellings[letters(namespace)] = namespace }
        return spellings
    }()

    private static let spellings: [String: String] = {
        var spellings = [NS.streams: NS.streams]
        for namespace in table.keys { spellings[namespace.lowercased()] = namespace }
        return spellings
    }()

    /// By namespace.
    static let table: [String: KnownProtocol] = {
        // By bytes: this is the most that a short run of the program does.
        var table: [String: KnownProtocol] = [:]
        for line in PackageResources.protocols_tsv.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            guard fields.count == 4 else { continue }
            table[fields[0]] = KnownProtocol(
                namespace: fields[0],
                specification: fields[1],
                title: fields[2],
                status: fields[3].isEmpty ? nil : fields[3],
                isCertain: true
            )
        }
        return table
    }()

    /// For each stem the namespace that stands best for it: the stem itself, or that of the document that came furthest and of the
    /// latest version.
    private static let stems: [String: KnownProtocol] = {
        var stems: [String: KnownProtocol] = [:]
        for known in table.values {
            guard let stem = stem(of: known.namespace) else { continue }
            if let other = stems[stem], rank(other, stem) > rank(known, stem) { continue }
            stems[stem] = known
        }
        return stems
    }()

    private static func rank(_ known: KnownProtocol, _ stem: String) -> (Int, Int, String) {
        (known.namespace == stem ? 1 : 0, known.specification.hasPrefix("inbox/") ? 0 : 1, known.namespace)
    }

    /// The namespace without its fragment and version number; nil if nothing is left to compare.
    private static func stem(of namespace: String) -> String? {
        var stem = namespace.utf8.prefix { $0 != UInt8(ascii: "#") }
        if let colon = stem.lastIndex(of: UInt8(ascii: ":")) {
            let version = stem[stem.index(after: colon)...]
            let isNumber = !version.isEmpty && version.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            if isNumber { stem = stem[..<colon] }
        }
        return stem.count > "urn:xmpp:".utf8.count ? String(stem) : nil
    }
}
