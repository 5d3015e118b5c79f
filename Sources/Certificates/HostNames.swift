import Foundation
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

/// A name for the DNS in lower case and without the dot at its end, an internationalised one in its `xn--` form; nil if
/// `text` cannot be one.
func dnsName(_ text: String) -> String? {
    let name = withoutFinalDot(asciiForm(text) ?? "").lowercased()
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    guard name.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.utf8.count) }),
        name.utf8.allSatisfy(isPartOfName)
    else { return nil }
    return name
}

/// What cannot be converted comes back with percent signs or not at all.
private func asciiForm(_ text: String) -> String? {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    guard text.utf8.count <= 1024 else { return nil }
    var address = URLComponents()
    address.scheme = "xmpp"
    address.host = text
    return address.encodedHost
}

func withoutFinalDot(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

private func isPartOfAddress(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ":"): true
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
}

private func isPartOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
    default: false
    }
}
