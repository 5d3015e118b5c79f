import Glibc
import Relay
import XMPP

/// Whether servers can be found by their names.
struct NameCheckup: Sendable {
    let domain: Domain?
    let resolver: ResolverAddress?

    /// Asked for where the user names no domain: it is there for examples (RFC 2606), and any answer will do.
    private static let usualQuestion = "example.org"

    func findings() async -> [DoctorFinding] {
        await NameCheck.run(resolver: resolver) { check in
            let isAnswered = await check.answers(for: domain?.ascii ?? Self.usualQuestion)
            guard isAnswered else { return [silence] }
            let answers = DoctorFinding(.ok, "name server: \(server) answers")
            guard let domain else { return [answers] }
            return [answers, Self.finding(domain, await check.servers(of: domain))]
        }
    }

    private var server: String { resolver.map { "\($0)" } ?? "the system's" }

    private var silence: DoctorFinding {
        guard resolver != nil || Self.hasNetwork else {
            return DoctorFinding(
                .note,
                "name server: none answers, for this machine has no network; servers on it can be recorded all the same",
                remedy: "stanzatap record --upstream localhost:PORT"
            )
        }
        return DoctorFinding(
            .problem,
            "name server: \(server) does not answer, so a client's server cannot be found by its domain",
            remedy:
                "cat /etc/resolv.conf     tells which is asked; another one: --resolver ADDRESS; or without: --upstream HOST"
        )
    }

    /// True if an interface other than loopback has an address by which others can be reached.
    private static var hasNetwork: Bool {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return true }
        defer { freeifaddrs(first) }
        var next = first
        while let entry = next?.pointee {
            let flags = Int32(bitPattern: entry.ifa_flags)
            let family = entry.ifa_addr.map { Int32($0.pointee.sa_family) }
            let isUp = flags & Int32(IFF_UP) != 0 && flags & Int32(IFF_LOOPBACK) == 0
            if isUp, family == AF_INET || family == AF_INET6 { return true }
            next = entry.ifa_next
        }
        return false
    }

    static func finding(_ domain: Domain, _ servers: NameCheck.Servers) -> DoctorFinding {
        let name = domain.told
        let tryUpstream = "stanzatap record --upstream HOST   relays to a server that you name"
        return switch servers {
        case .services(let services):
            DoctorFinding(.ok, "servers of \(name): \(services.joined(separator: ", "))")
        case .addresses(let addresses):
            DoctorFinding(
                .ok,
                "servers of \(name): no SRV record, so clients use \(addresses.prefix(4).map { "\($0)" }.joined(separator: ", "))"
            )
        case .none(let reason):
            DoctorFinding(.problem, "servers of \(name): clients find none: \(reason)", remedy: tryUpstream)
        case .unknownDomain:
            DoctorFinding(
                .problem,
                "servers of \(name): the name server says that there is no such domain",
                remedy: tryUpstream
            )
        case .failed(let reason):
            DoctorFinding(.problem, "servers of \(name): \(reason)", remedy: tryUpstream)
        }
    }
}
