import XMPP

/// True for two addresses that differ in the letter case of ASCII and in the form of their domain at most (RFC 7622 sections 3.2 and 3.3).
/// A local part that goes beyond ASCII is compared as it was written.
func isSameAddress(_ one: String, _ other: Substring) -> Bool {
    if isSameName(one, other) { return true }
    if one.isPlainDomain, other.isPlainDomain { return false }
    let (first, second) = (JID(one), JID(String(other)))
    return isSameName(first.local ?? "", (second.local ?? "")[...]) && first.resource == second.resource
        && Domain.areSame(first.domain, second.domain)
}

/// True for two names that differ in the letter case of ASCII at most.
func isSameName(_ one: String, _ other: Substring) -> Bool {
    guard one.utf8.count == other.utf8.count else { return false }
    // By bytes where they lie: this is asked of every stanza.
    let same = one.utf8.withContiguousStorageIfAvailable { first in
        other.utf8.withContiguousStorageIfAvailable { second in isSameAddress(first, second) }
    }
    return (same ?? nil) ?? zip(one.utf8, other.utf8).allSatisfy(isSameOfAddress)
}

func isSameAddress(_ one: String, _ other: String) -> Bool { isSameAddress(one, other[...]) }

private func isSameAddress(_ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
    for index in one.indices where !isSameOfAddress(one[index], other[index]) { return false }
    return true
}

private func isSameOfAddress(_ one: UInt8, _ other: UInt8) -> Bool {
    one == other || (one | 0x20 == other | 0x20 && (0x61...0x7A).contains(one | 0x20))
}

/// True if an address is that bare one, or one of its sessions.
func isAddress(_ address: String, of bare: String) -> Bool { isSameAddress(bare, address.withoutResource) }
