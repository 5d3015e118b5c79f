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
        let slash = text.firstIndex(of: "/")
        let bare = slash.map { text[..<$0] } ?? text[...]
        resource = slash.map { String(text[text.index(after: $0)...]) }
        if let at = bare.firstIndex(of: "@") {
            local = String(bare[..<at])
            domain = String(bare[bare.index(after: at)...])
        } else {
            local = nil
            domain = String(bare)
        }
    }

    /// The address without its resource.
    public var bare: String { local.map { "\($0)@\(domain)" } ?? domain }

    public var description: String { resource.map { "\(bare)/\($0)" } ?? bare }
}
