/// The XML declaration, `<?xml version='1.0'?>`, as XMPP allows it (RFC 6120 sections 11.5, 11.6 and 11.8).
enum XMLDeclaration {
    /// Is the instruction an XML declaration, and not one for another program?
    static func isOne(_ instruction: ArraySlice<UInt8>) -> Bool {
        let start = Array("<?xml".utf8)
        return instruction.starts(with: start)
            && instruction.dropFirst(start.count).first.map { $0.isXMLWhitespace || $0 == .question } == true
    }
}
