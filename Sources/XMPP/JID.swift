/// A Jabber identifier, `local@domain/resource` (RFC 7622), taken apart but not normalised: what a peer wrote is what it shows.
public struct JID: Sendable, Hashable, CustomStringConvertible {
    public let local: String?
    public let domain: String
    public let resource: String?

    public init(local: String?, domain: String, resource: String?) {
        self.local = local
        self.domain = domain
        self.resource = resource
    }

    public init(_ text: String) {
        // By bytes: this is done for every stanza, and all that matters is ASCII.
        let bare = text.withoutResource
        resource = bare.endIndex == text.endIndex ? nil : String(text[text.utf8.index(after: bare.endIndex)...])
        if let at = bare.utf8.firstIndex(of: UInt8(ascii: "@")) {
            local = String(bare[..<at])
            domain = String(bare[bare.utf8.index(after: at)...])
        } else {
            local = nil
            domain = String(bare)
        }
    }

    /// The address without its resource.
    public var bare: String { local.map { "\($0)@\(domain)" } ?? domain }

    public var description: String { resource.map { "\(bare)/\($0)" } ?? bare }
}

extension String {
    /// What a bare address is compared by: in small letters, its domain in its normal form (RFC 7622 sections 3.2.3 and 3.3.3).
    public var addressKey: String {
        if isPlainDomain { return inSmallLetters }
        let jid = JID(self)
        let domain = Domain.normalForm(jid.domain)
        return jid.local.map { "\($0.lowercased())@\(domain)" } ?? domain
    }
}

extension String {
    /// Itself where nothing is to be changed, as in nearly all addresses.
    private var inSmallLetters: String {
        var text = self
        let hasCapitals = text.withUTF8 { bytes in
            for byte in bytes where byte >= 0x41 && byte <= 0x5A { return true }
            return false
        }
        return hasCapitals ? lowercased() : self
    }

    /// An address without its resource: what stands before the first slash.
    public var withoutResource: Substring {
        let slash = utf8.withContiguousStorageIfAvailable { $0.firstIndex(of: UInt8(ascii: "/")) }
        switch slash {
        case .some(.some(let offset)): return self[..<utf8.index(startIndex, offsetBy: offset)]
        case .some(.none): return self[...]
        case .none: return self[..<(utf8.firstIndex(of: UInt8(ascii: "/")) ?? endIndex)]
        }
    }
}
