/// The short names by which people call protocols: `register`, `muc`, `ping`.
extension ProtocolRegistry {
    /// The last word of a namespace without its version and fragment: `register` of `jabber:iq:register`, `sm` of
    /// `urn:xmpp:sm:3`, `sasl` of `urn:ietf:params:xml:ns:xmpp-sasl`. The namespace itself where it has no such word.
    public static func shortName(of namespace: String) -> String {
        var words = namespace.prefix { $0 != "#" }.split { $0 == ":" || $0 == "/" }
        while words.count > 1, words.last?.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) == true {
            words.removeLast()
        }
        guard let last = words.last else { return namespace }
        return String(last.hasPrefix("xmpp-") && words.count > 1 ? last.dropFirst("xmpp-".count) : last)
    }

    /// True if a listed protocol has that short name, or that document (`xep-0077`).
    public static func isKnown(name: String) -> Bool { names.contains(name.lowercased()) }

    /// True if a namespace is meant by a short name, by a document, or by itself.
    public static func matches(_ namespace: String, name: String) -> Bool {
        if namespace == name { return true }
        let small = name.lowercased()
        return shortName(of: namespace).lowercased() == small || table[namespace]?.specification.lowercased() == small
    }

    private static let names: Set<String> = {
        var names: Set<String> = []
        for known in table.values {
            names.insert(shortName(of: known.namespace).lowercased())
            names.insert(known.specification.lowercased())
        }
        return names
    }()
}
