import XMPP

/// True for two addresses, or parts of them, that differ in the letter case of ASCII at most: local part and domain are compared so
/// (RFC 7622 sections 3.2 and 3.3). What goes beyond ASCII is compared as it was written.
func isSameAddress(_ one: String, _ other: Substring) -> Bool {
    guard one.utf8.count == other.utf8.count else { return false }
    if one == other { return true }
    return zip(one.utf8, other.utf8).allSatisfy { first, second in
        first == second || (first | 0x20 == second | 0x20 && (0x61...0x7A).contains(first | 0x20))
    }
}

func isSameAddress(_ one: String, _ other: String) -> Bool { isSameAddress(one, other[...]) }

/// True if an address is that bare one, or one of its sessions.
func isAddress(_ address: String, of bare: String) -> Bool { isSameAddress(bare, address.withoutResource) }
