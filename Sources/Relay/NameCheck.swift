import Capture
import NIOPosix
import XMPP

/// Whether the name service answers, and what it knows of a domain; for somebody who looks for the fault in a set-up.
public struct NameCheck: Sendable {
    /// What is known of the servers of a domain.
    public enum Servers: Sendable, Equatable {
        /// By SRV records: `_xmpp-client._tcp` and its host and port, in the order of trial; only hosts that have an address.
        case services([String])
        /// There is no SRV record, so clients use these addresses of the domain itself.
        case addresses([Endpoint])
        /// The domain exists, but clients find no server; a clause.
        case none(String)
        /// The domain does not exist.
        case unknownDomain
        /// No answer; a clause.
        case failed(String)
    }

    private let service: NameService

    /// - Parameter resolver: the name server to ask instead of the system's.
    public static func run<Answer: Sendable>(
        resolver: ResolverAddress?,
        _ body: @Sendable (NameCheck) async -> Answer
    ) async -> Answer {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let answer = await body(NameCheck(service: NameService(pool: pool, resolver: resolver)))
        try? await pool.shutdownGracefully()
        return answer
    }

    /// True if a name server answers a question for `name`, whatever it answers.
    public func answers(for name: String) async -> Bool {
        if case .failed = await service.services(.startTLS, of: name) { return false }
        return true
    }

    /// The servers of a domain, found as a client finds them (RFC 6120 section 3.2, XEP-0368).
    public func servers(of domain: Domain) async -> Servers {
        var records: [ServiceRecord] = []
        for kind in [ServiceKind.startTLS, .direct] {
            switch await service.services(kind, of: domain.ascii) {
            case .found(let found): records += found
            case .noSuchName, .noRecord: break
            case .failed(let reason): return .failed(reason)
            }
        }
        return records.isEmpty ? await addresses(of: domain) : await targets(of: records)
    }

    private func addresses(of domain: Domain) async -> Servers {
        switch await service.addresses(of: domain.ascii, port: 5222) {
        case .found(let endpoints): .addresses(endpoints)
        case .noSuchName: .unknownDomain
        case .noRecord: .none("it has neither SRV records nor an address")
        case .failed(let reason): .failed(reason)
        }
    }

    private func targets(of records: [ServiceRecord]) async -> Servers {
        if records.allSatisfy({ $0.target == "." }) {
            return .none("its SRV records say that it offers no XMPP service")
        }
        var generator = SystemRandomNumberGenerator()
        var told: [String] = []
        for record in records.inOrderOfTrial(using: &generator).prefix(8) where record.target != "." {
            guard case .found = await service.addresses(of: record.target, port: record.port) else { continue }
            told.append("\(record.kind.label)._tcp at \(record.target.shown(limit: 100)):\(record.port)")
        }
        return told.isEmpty ? .none("no host that its SRV records name has an address") : .services(told)
    }
}
