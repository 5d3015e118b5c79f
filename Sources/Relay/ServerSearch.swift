import Capture
import Glibc
import NIOCore
import NIOPosix
import SystemErrors
import XMPP

/// One address at which the server may be.
struct Candidate: Sendable, Equatable {
    /// The name by which the server is looked for.
    let host: String
    let endpoint: Endpoint
    /// How the address was found, for people.
    let how: String
    /// What the SRV record promises; nil if there was none.
    var offered: ServiceKind?
}

/// Finds the server of one client as a client does (RFC 6120 section 3.2) and connects to it on the client's loop.
struct ServerSearch: Sendable {
    let environment: RelayEnvironment
    let loop: any EventLoop
    /// The services that are looked for.
    var services: [ServiceKind] = [.startTLS]
    /// True if the client is on this machine, so that it could reach the machine's own services by itself.
    var clientIsHere = false
    /// Makes the handler of the channel to a candidate; called on the loop.
    let makeHandler: @Sendable (Candidate) -> PeerHandler

    /// What is used of one answer: name servers can send thousands of records, and each may cost a time limit.
    private static let maximumRecords = 16

    /// Returns nil once connected; the handler has learnt of it by then.
    ///
    /// - Parameter domain: the `to` of the client's stream header, as it was sent; nil with a fixed server.
    func run(domain: String?) async -> Refusal? {
        if let upstream = environment.configuration.upstream {
            let refusal = await connect(host: upstream.host, port: upstream.port, how: Self.fixed)
            // The client's domain may well exist; it is our server that does not.
            return refusal.map { Refusal(condition: .remoteConnectionFailed, host: $0.host, reason: $0.reason) }
        }
        let sent = domain ?? ""
        let domain: ServerDomain
        do throws(DomainProblem) { domain = try ServerDomain(sent) } catch {
            return Refusal(condition: .hostUnknown, host: sent, reason: "the stream's 'to' is no domain name: \(error)")
        }
        guard environment.configuration.allows(domain) else {
            let reason = "the domain is none of those that --allow-domain names"
            return Refusal(condition: .policyViolation, host: sent, reason: reason)
        }
        switch domain {
        case .address(let address):
            return await connect(host: address.host, port: address.port, how: "address given in the stream header")
        case .name(let name):
            return await connect(toServicesOf: name)
        }
    }

    /// The one candidate, where the server is fixed by its address and nothing has to be looked up.
    static func known(_ configuration: RelayConfiguration) -> Candidate? {
        guard let upstream = configuration.upstream, let endpoint = Endpoint(host: upstream.host, port: upstream.port)
        else { return nil }
        return Candidate(host: upstream.host, endpoint: endpoint, how: fixed)
    }

    private static let fixed = "fixed by --upstream"

    /// Connects to the one candidate, on the loop and without a task, for that is the half of what a short connection costs.
    ///
    /// - Parameter completion: called on the loop; nil once connected.
    func run(known candidate: Candidate, _ completion: @escaping (Refusal?) -> Void) {
        func finish(_ reason: String?) {
            completion(
                reason.map { Refusal(condition: .remoteConnectionFailed, host: candidate.host, reason: $0) }
            )
        }
        if let reason = refusal(of: candidate) { return finish(reason) }
        do {
            try connecting(to: candidate).assumeIsolated().whenComplete { result in
                switch result {
                case .success: finish(nil)
                case .failure(let error): finish("\(candidate.endpoint) \(told(error))")
                }
            }
        } catch {
            finish("\(candidate.endpoint) \(told(error))")
        }
    }

    /// Connects once more, after the first connection was of no use.
    func run(again candidate: Candidate) async -> Refusal? {
        guard let reason = await connect(toOneOf: [candidate]) else { return nil }
        return Refusal(condition: .remoteConnectionFailed, host: candidate.host, reason: reason)
    }

    /// The records of all services together; without any, why not.
    private func records(of domain: Domain) async -> LookupAnswer<[ServiceRecord]> {
        var found: [ServiceRecord] = []
        var other = LookupAnswer<[ServiceRecord]>.noRecord
        for kind in services {
            switch await environment.nameService.services(kind, of: domain.ascii) {
            case .found(let records): found += records
            case let answer: other = answer
            }
        }
        return found.isEmpty ? other : .found(found)
    }

    private func connect(toServicesOf domain: Domain) async -> Refusal? {
        // Where nobody tells, servers have direct TLS on a port of its own (XEP-0368).
        let port: UInt16 = services == [.direct] ? 5223 : 5222
        switch await records(of: domain) {
        case .found(let services):
            return await connect(to: services, of: domain)
        case .noSuchName, .noRecord:
            return await connect(toHostOf: domain, port, how: "no SRV record, address of \(domain.ascii)")
        case .failed(let reason):
            // RFC 6120 section 3.2.1, step 9: without an answer the address is tried as well.
            let refusal = await connect(toHostOf: domain, port, how: "SRV not answered, address of \(domain.ascii)")
            guard let refusal, refusal.condition == .hostUnknown else { return refusal }
            return Refusal(condition: .remoteConnectionFailed, host: domain.unicode, reason: reason)
        }
    }

    private func connect(toHostOf domain: Domain, _ port: UInt16, how: String) async -> Refusal? {
        await connect(host: domain.ascii, port: port, for: domain.unicode, how: how)
    }

    /// Tries the hosts of the SRV records in their order (RFC 2782).
    private func connect(to services: [ServiceRecord], of domain: Domain) async -> Refusal? {
        let name = "\(self.services.map(\.label).joined(separator: " or "))._tcp.\(domain.ascii)"
        if services.allSatisfy({ $0.target == "." }) {
            let reason = "the SRV record \(name) says that \(domain.ascii) offers no XMPP service"
            return Refusal(condition: .hostUnknown, host: domain.unicode, reason: reason)
        }
        var generator = SystemRandomNumberGenerator()
        var reasons: [String] = []
        for service in services.inOrderOfTrial(using: &generator).prefix(Self.maximumRecords)
        where service.target != "." {
            let name = "\(service.kind.label)._tcp.\(domain.ascii)"
            let how = "SRV record \(name), priority \(service.priority), weight \(service.weight), \(service.target)"
            let refusal = await connect(
                host: service.target,
                port: service.port,
                for: domain.unicode,
                how: how,
                offered: service.kind
            )
            guard let refusal else { return nil }
            reasons.append(refusal.reason)
        }
        let reason = reasons.joined(separator: "; ")
        return Refusal(condition: .remoteConnectionFailed, host: domain.unicode, reason: reason)
    }

    /// Tries all addresses of `host`; `domain` is what it is looked for by, if not by its own name.
    private func connect(
        host: String,
        port: UInt16,
        for domain: String? = nil,
        how: String,
        offered: ServiceKind? = nil
    ) async -> Refusal? {
        let domain = domain ?? host
        switch await environment.nameService.addresses(of: host, port: port) {
        case .found(let endpoints):
            let candidates = endpoints.prefix(Self.maximumRecords).map {
                Candidate(host: domain, endpoint: $0, how: how, offered: offered)
            }
            guard let reason = await connect(toOneOf: candidates) else { return nil }
            return Refusal(condition: .remoteConnectionFailed, host: domain, reason: reason)
        case .noSuchName:
            return Refusal(condition: .hostUnknown, host: domain, reason: "the name \(host) does not exist")
        case .noRecord:
            return Refusal(condition: .hostUnknown, host: domain, reason: "the name \(host) has no address")
        case .failed(let reason):
            return Refusal(condition: .remoteConnectionFailed, host: domain, reason: reason)
        }
    }

    /// Returns nil once connected, or why each of the candidates failed.
    private func connect(toOneOf candidates: [Candidate]) async -> String? {
        var reasons: [String] = []
        for candidate in candidates {
            if Task.isCancelled { break }
            if let reason = refusal(of: candidate) {
                reasons.append(reason)
                continue
            }
            do {
                _ = try await connecting(to: candidate).get()
                return nil
            } catch {
                reasons.append("\(candidate.endpoint) \(told(error))")
            }
        }
        return reasons.joined(separator: ", ")
    }

    /// Why a candidate must not be connected to; nil if it may.
    private func refusal(of candidate: Candidate) -> String? {
        let own = OwnAddresses(listeners: environment.registry.ownAddresses)
        if own.contains(candidate.endpoint) {
            return "\(candidate.endpoint) is stanzatap, which would talk to itself"
        }
        let target = candidate.endpoint.unmapped
        guard environment.configuration.upstream == nil, !clientIsHere, target.isLoopback || target.isWildcard else {
            return nil
        }
        return "\(candidate.endpoint) is this machine itself, where clients of other machines are joined to what"
            + " --upstream names only"
    }

    private func connecting(to candidate: Candidate) throws -> EventLoopFuture<any Channel> {
        let makeHandler = self.makeHandler
        let (endpoint, limit) = (candidate.endpoint, environment.configuration.limits.connectionsToServer)
        let registry = environment.registry
        guard registry.takePlace(at: endpoint, limit: limit) else {
            environment.log.tell(
                "there are \(limit) connections to \(endpoint), and there may be no more (--max-connections)",
                kind: "connections beyond --max-connections"
            )
            throw TooManyConnections(limit: limit)
        }
        do {
            let connecting = try bootstrap(to: candidate, makeHandler)
            connecting.whenComplete { result in
                switch result {
                case .success(let channel):
                    channel.closeFuture.whenComplete { _ in registry.giveBackPlace(at: endpoint) }
                case .failure: registry.giveBackPlace(at: endpoint)
                }
            }
            return connecting
        } catch {
            registry.giveBackPlace(at: endpoint)
            throw error
        }
    }

    private func bootstrap(
        to candidate: Candidate,
        _ makeHandler: @escaping @Sendable (Candidate) -> PeerHandler
    ) throws -> EventLoopFuture<any Channel> {
        return try ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(environment.configuration.limits.connect))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try ChannelTuning.apply(to: channel)
                    try channel.pipeline.syncOperations.addHandler(makeHandler(candidate))
                }
            }
            .connect(to: candidate.endpoint.socketAddress())
    }
}

/// Why a connection could not be made, in a few words.
private func told(_ error: any Error) -> String {
    switch error {
    case let error as IOError: return "failed: \(connectionReason(error.errnoCode))"
    case ChannelError.connectTimeout(let limit): return "did not answer within \(limit.nanoseconds / 1_000_000_000) s"
    case let error as TooManyConnections: return "has \(error.limit) connections of stanzatap's, and may have no more"
    default: return "failed: \(LibraryWords.told(error))"
    }
}

/// A server has as many connections as `RelayLimits` allow: most likely it is a recorder that leads back to this one.
private struct TooManyConnections: Error {
    let limit: Int
}
