import ArgumentParser
import XMPP

/// What libpcap's language of filters looks like.
enum NetworkFilter {
    private static let words: Set<String> = [
        "tcp", "udp", "sctp", "icmp", "icmp6", "arp", "ip", "ip6", "ether", "vlan", "host", "net", "port", "portrange",
        "src", "dst", "less", "greater", "proto", "broadcast", "multicast", "inbound", "outbound",
    ]

    /// True for what begins as such a filter does, behind brackets and negations.
    static func isOne(_ text: String) -> Bool {
        let found = text.split { !($0.isLetter || $0.isNumber || "/~@*.:-_<>'\"".contains($0)) }
        guard let first = found.first(where: { $0 != "not" }) else { return false }
        return words.contains(first.lowercased())
    }

    static func told(_ filter: String) -> ValidationError {
        ValidationError(
            "\(filter.quoted(limit: 100)) is a filter of packets of the network, for which the option of sniff is --bpf; --filter chooses XMPP packets, see 'stanzatap help filter'"
        )
    }
}
