/// What tells a stream header from a stanza (RFC 6120 section 4.8.1).
enum StreamNamespace {
    static let uri = "http://etherx.jabber.org/streams"

    /// A look at the bytes of a start tag, for to read it takes time: may it be `stream` in this namespace?
    static func mayBeThat(of tag: ArraySlice<UInt8>) -> Bool {
        let name = tag.tagName
        guard name.suffix(6).elementsEqual("stream".utf8), name.count == 6 || name.dropLast(6).last == .colon else {
            return false
        }
        return tag.contains("http://etherx.jabber.org/streams")
    }
}

extension ArraySlice<UInt8> {
    /// The name of a start or end tag as it is written, with its prefix.
    var tagName: ArraySlice<UInt8> {
        drop { $0 == .lessThan || $0 == .slash }.prefix { !$0.isXMLWhitespace && $0 != .greaterThan && $0 != .slash }
    }

    /// True if `text` stands somewhere in these bytes. String's own search costs more than all else about a stream header.
    func contains(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in indices.contains { self[$0...].starts(with: wanted) } }
    }
}
