import Capture
import Glibc
import NIOPosix

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

    /// The addresses of `host` with `port`, in the order in which to try them.
    func addresses(of host: String, port: UInt16) async -> LookupAnswer<[Endpoint]> {
        do {
            return try await pool.runIfActive { systemAddresses(of: host, port: port) }
        } catch {
            return .failed("stanzatap is being stopped")
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
    default: return .failed(String(cString: gai_strerror(code)))
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
