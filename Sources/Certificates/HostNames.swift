import Glibc

/// An IP address as a certificate holds it: 4 or 16 bytes. Nil if `text` is none; an IPv6 address may stand in brackets.
func addressBytes(_ text: String) -> [UInt8]? {
    let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
    let host = isBracketed ? String(text.dropFirst().dropLast()) : text
    // inet_pton stops at a NUL, behind which a peer could write anything.
    guard host.utf8.allSatisfy(isPartOfAddress) else { return nil }
    var four = in_addr()
    if !isBracketed, inet_pton(AF_INET, host, &four) == 1 { return withUnsafeBytes(of: &four, Array.init) }
    var sixteen = in6_addr()
    return inet_pton(AF_INET6, host, &sixteen) == 1 ? withUnsafeBytes(of: &sixteen, Array.init) : nil
}

/// An iPAddress of a certificate as text; in hexadecimal if it has neither 4 nor 16 bytes.
func addressText(_ bytes: [UInt8]) -> String {
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard bytes.count == 4 || bytes.count == 16 else { return hex(bytes) }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return hex(bytes) }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

private func isPartOfAddress(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ":"): true
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
}
