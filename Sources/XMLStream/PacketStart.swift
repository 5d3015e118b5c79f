/// Finds where a packet may begin in bytes whose beginning is missing.
enum PacketStart {
    /// What stands at the top of XMPP streams, without `<`.
    private static let names: [[UInt8]] = [
        "iq", "message", "presence", "?xml", "stream:stream", "/stream:stream", "stream:features", "stream:error",
        "auth",
        "challenge", "response", "success", "failure", "starttls", "proceed", "compress", "compressed", "enable",
        "enabled",
        "resume", "resumed", "r", "a", "features", "stream", "handshake", "authenticate", "db:result", "db:verify",
    ].map { Array($0.utf8) }
    private static let longest = 16

    /// The place, or where to look on once there are more bytes.
    static func find(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (index: Int, isFound: Bool) {
        var index = bytes.firstIndex(of: .lessThan, from: start)
        while index < bytes.count {
            let name = bytes[(index + 1)...].prefix(longest).prefix { !$0.isXMLWhitespace && $0 != .greaterThan }
            // More bytes will tell which name it is.
            if index + 1 + name.count >= bytes.count, name.count < longest { return (index, false) }
            if names.contains(where: { name.elementsEqual($0) || name.elementsEqual($0 + [.slash]) }) {
                return (index, true)
            }
            index = bytes.firstIndex(of: .lessThan, from: index + 1)
        }
        return (bytes.count, false)
    }
}
