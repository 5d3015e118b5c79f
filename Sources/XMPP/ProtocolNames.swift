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
    public static func isKnown(name: String) -> Bool { names[name.lowercased()] != nil }

    /// True if a namespace is meant by a short name, by a document, or by itself.
    public static func matches(_ namespace: String, name: String) -> Bool {
        if namespace == name { return true }
        let small = name.lowercased()
        return shortName(of: namespace).lowercased() == small || table[namespace]?.specification.lowercased() == small
            || customary[small]?.contains(namespace) == true
    }

    /// The listed namespaces that a short name or a document stands for; none if it stands for none.
    public static func namespaces(ofName name: String) -> [String] { names[name.lowercased()] ?? [] }

    /// What protocols can be called, without their documents.
    public static var shortNames: [String] {
        names.keys.filter { !$0.hasPrefix("xep-") && !$0.hasPrefix("inbox/") }.sorted()
    }

    /// What people call protocols whose namespaces say it otherwise.
    private static let customary: [String: [String]] = [
        "stream": [NS.streams], "client": [NS.client], "server": [NS.server], "component": [NS.component],
        "xml": ["http://www.w3.org/XML/1998/namespace"], "form": [NS.dataForms], "forms": [NS.dataForms],
        "vcard": ["vcard-temp", "urn:ietf:params:xml:ns:vcard-4.0"], "omemo": ["eu.siacs.conversations.axolotl"],
        "markers": ["urn:xmpp:chat-markers:0"], "correct": ["urn:xmpp:message-correct:0"],
    ]

    private static let names: [String: [String]] = {
        var names: [String: Set<String>] = [:]
        for known in table.values {
            names[shortName(of: known.namespace).lowercased(), default: []].insert(known.namespace)
            names[known.specification.lowercased(), default: []].insert(known.namespace)
        }
        for (name, namespaces) in customary { names[name, default: []].formUnion(namespaces) }
        return names.mapValues { $0.sorted() }
    }()
}
