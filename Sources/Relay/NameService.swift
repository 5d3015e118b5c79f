import CResolv
import Capture
import Glibc
import NIOPosix
import SystemErrors
import XMPP

/// What became of a question to the name service.
enum LookupAnswer<Value: Sendable & Equatable>: Sendable, Equatable {
    case found(Value)
    /// The name does not exist (NXDOMAIN).
    case noSuchName
    /// The name exists, but has no such record.
    case noRecord
    /// No answer, or none that can be used; a clause without a full stop.
    case failed(String)
}

/// Asks for names on threads of its own, since every way to ask blocks.
struct NameService: Sendable {
    let pool: NIOThreadPool
    let resolver: ResolverAddress?

    /// The SRV records of a domain for one service, in no particular order.
    func services(_ kind: ServiceKind, of domain: String) async -> LookupAnswer<[ServiceRecord]> {
        await onPool {
            let answer = ask("\(kind.label)._tcp.\(domain)", .service, resolver).records(\.services)
            guard case .found(var records) = answer else { return answer }
            for index in records.indices { records[index].kind = kind }
            return .found(records)
        }
    }

    /// The addresses of `host` with `port`, in the order in which to try them.
    func addresses(of host: String, port: UInt16) async -> LookupAnswer<[Endpoint]> {
        if let literal = Endpoint(host: host, port: port) { return .found([literal]) }
        let host = host.isPlainDomain ? host : (try? Domain(host))?.ascii ?? host
        return await onPool {
            guard let resolver else { return systemAddresses(of: host, port: port) }
            return askedAddresses(of: host, port: port, resolver)
        }
    }

    private func onPool<Value>(_ body: @escaping @Sendable () -> LookupAnswer<Value>) async -> LookupAnswer<Value> {
        (try? await pool.runIfActive(body)) ?? .failed("stanzatap is being stopped")
    }
}

/// Asks a name server for IPv6 and IPv4 addresses; one that does not answer the first question is not asked again.
private func askedAddresses(of host: String, port: UInt16, _ resolver: ResolverAddress) -> LookupAnswer<[Endpoint]> {
    let ipv6 = ask(host, .ipv6, resolver).records(\.addresses)
    if case .failed(let reason) = ipv6 { return .failed(reason) }
    let ipv4 = ask(host, .ipv4, resolver).records(\.addresses)
    switch (ipv6, ipv4) {
    case (.found(let first), .found(let second)): return .found(endpoints(first + second, port))
    case (.found(let only), _), (_, .found(let only)): return .found(endpoints(only, port))
    case (_, .failed(let reason)), (.failed(let reason), _): return .failed(reason)
    case (.noRecord, _), (_, .noRecord): return .noRecord
    case (.noSuchName, .noSuchName): return .noSuchName
    }
}

private func endpoints(_ addresses: [[UInt8]], _ port: UInt16) -> [Endpoint] {
    addresses.compactMap { Endpoint(address: $0, port: port) }
}

/// Asks the name server for one record set; nil asks those of /etc/resolv.conf.
private func ask(_ name: String, _ type: DNSRecordType, _ resolver: ResolverAddress?) -> LookupAnswer<DNSAnswer> {
    var bytes = [UInt8](repeating: 0, count: Int(UInt16.max))
    let server = resolver?.endpoint
    let length = stanzatap_resolve(
        name,
        Int32(type.rawValue),
        server?.host,
        server?.port ?? 0,
        &bytes,
        Int32(bytes.count)
    )
    switch length {
    case -1: return .noSuchName
    case -2: return .noRecord
    case ..<0: return .failed("the name server does not answer for \(name)")
    default: break
    }
    guard let answer = try? DNSAnswer(Array(bytes.prefix(Int(length)))) else {
        return .failed("the answer of the name server for \(name) cannot be read")
    }
    return .found(answer)
}

extension LookupAnswer<DNSAnswer> {
    fileprivate func records<Record>(_ path: KeyPath<DNSAnswer, [Record]>) -> LookupAnswer<[Record]> {
        switch self {
        case .found(let answer): answer[keyPath: path].isEmpty ? .noRecord : .found(answer[keyPath: path])
        case .noSuchName: .noSuchName
        case .noRecord: .noRecord
        case .failed(let reason): .failed(reason)
        }
    }
}

/// Asks the system, which looks into /etc/hosts too.
private func systemAddresses(of host: String, port: UInt16) -> LookupAnswer<[Endpoint]> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &first)
    defer { if let first { freeaddrinfo(first) } }
    switch code {
    case 0: break
    case EAI_NONAME: return .noSuchName
    case noData: return .noRecord
    default: return .failed("the system's name service does not answer for \(host) (\(lookupReason(code)))")
    }
    var endpoints: [Endpoint] = []
    var next = first
    while let entry = next?.pointee {
        if let endpoint = Endpoint(entry, port: port) { endpoints.append(endpoint) }
        next = entry.ai_next
    }
    return endpoints.isEmpty ? .noRecord : .found(endpoints)
}

/// EAI_NODATA, which netdb.h shows only to those who ask for GNU extensions.
private let noData: Int32 = -5

/// Why getaddrinfo has no answer.
private func lookupReason(_ code: Int32) -> String {
    switch code {
    case EAI_AGAIN: "no name server could be asked; is there a network?"
    case EAI_FAIL: "the name server reported a failure"
    case EAI_MEMORY: "there is no memory left"
    case EAI_SYSTEM: systemReason(errno)
    default: "its error \(code)"
    }
}

extension Endpoint {
    fileprivate init?(_ entry: addrinfo, port: UInt16) {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(
            entry.ai_addr,
            entry.ai_addrlen,
            &host,
            socklen_t(host.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        guard code == 0 else { return nil }
        let text = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.init(host: text, port: port)
    }
}
