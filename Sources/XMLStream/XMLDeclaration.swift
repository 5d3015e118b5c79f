/// The XML declaration, `<?xml version='1.0'?>`, as XMPP allows it (RFC 6120 sections 11.5, 11.6 and 11.8).
enum XMLDeclaration {
    /// Is the instruction an XML declaration, and not one for another program?
    static func isOne(_ instruction: ArraySlice<UInt8>) -> Bool {
        let start = Array("<?xml".utf8)
        return instruction.starts(with: start)
            && instruction.dropFirst(start.count).first.map { $0.isXMLWhitespace } == true
    }

    /// What is wrong with what it says; nil for XML 1.0 in UTF-8.
    static func problem(of declaration: [UInt8]) -> StreamError? {
        let parts = declaration.split(whereSeparator: { $0 == .apostrophe || $0 == .quote })
        for (name, bytes) in zip(parts, parts.dropFirst()) {
            let value = String(decoding: bytes, as: UTF8.self)
            if name.contains("encoding"), value.lowercased() != "utf-8" {
                return StreamError(
                    .unsupportedEncoding,
                    "the encoding is \(value.prefix(40)); XMPP knows UTF-8 only"
                )
            }
            if name.contains("version"), value != "1.0" {
                return StreamError(.restrictedXML, "XML version \(value.prefix(40)); XMPP uses XML 1.0")
            }
        }
        return nil
    }
}
