import Capture
import Certificates
import NIOCore
import NIOSSL
import Synchronization
import XMPP

/// The TLS settings of a relay, made once and shared: a context takes milliseconds to make.
final class TLSContexts: Sendable {
    /// What a client is shown.
    struct Shown: Sendable {
        let context: NIOSSLContext
        /// The leaf, DER.
        let certificate: [UInt8]
    }

    private struct Cache {
        var shown: [[String]: Shown] = [:]
        /// The least recently made first.
        var order: [[String]] = []
        /// Domains that clients named, the latest first, for those that do not.
        var domains: [String] = []
        /// By server: the domains of its certificate, for clients that name none.
        var served: [Endpoint: [String]] = [:]
    }

    let interception: Interception
    private let toServerAfterSTARTTLS: NIOSSLContext
    private let toServerDirect: NIOSSLContext
    private let cache = Mutex(Cache())

    /// Certificates that are kept; a domain costs about 30 KiB.
    private static let cacheLimit = 256
    private static let domainLimit = 4
    /// ALPN of XEP-0368.
    static let applicationProtocol = "xmpp-client"

    init(_ interception: Interception) throws(RelayError) {
        self.interception = interception
        do {
            toServerAfterSTARTTLS = try Self.clientContext(interception, protocols: [])
            toServerDirect = try Self.clientContext(interception, protocols: [Self.applicationProtocol])
        } catch {
            throw .tls("the certificate for the server cannot be used: \(LibraryWords.told(error))")
        }
        if let pair = interception.keyPair {
            do { _ = try Self.serverContext(interception, pair) } catch {
                throw .tls("the certificate for clients cannot be used: \(LibraryWords.told(error))")
            }
        }
    }

    func toServer(isDirect: Bool) -> NIOSSLContext { isDirect ? toServerDirect : toServerAfterSTARTTLS }

    /// The context for a client that wants any of `names`, made at the first time.
    func toClient(for names: [String]) throws -> Shown {
        let key = interception.keyPair == nil ? names.compactMap { (try? ServerDomain($0))?.normalForm } : []
        if let shown = cache.withLock({ $0.shown[key] }) { return shown }
        let pair = try interception.keyPair ?? interception.authority.leaf(for: names, isOfRecorder: true)
        let shown = Shown(
            context: try Self.serverContext(interception, pair),
            certificate: pair.certificates.first ?? []
        )
        cache.withLock { cache in
            if cache.shown.updateValue(shown, forKey: key) == nil { cache.order.append(key) }
            if cache.order.count > Self.cacheLimit { cache.shown[cache.order.removeFirst()] = nil }
        }
        return shown
    }

    // MARK: Domains

    /// A client named this domain in a stream header.
    func remember(domain: String) {
        // What no certificate can be for is of no use.
        guard let domain = (try? ServerDomain(domain))?.normalForm else { return }
        cache.withLock { cache in
            guard cache.domains.first != domain else { return }
            cache.domains.removeAll { $0 == domain }
            cache.domains.insert(domain, at: 0)
            if cache.domains.count > Self.domainLimit { cache.domains.removeLast() }
        }
    }

    /// The domains that a client may want that does not tell.
    var likelyDomains: [String] {
        let seen = cache.withLock { $0.domains }
        return interception.domain.map { domain in [domain] + seen.filter { !Domain.areSame($0, domain) } } ?? seen
    }

    /// The domains in the certificate of the server at `endpoint`, which is asked once.
    func domains(servedAt endpoint: Endpoint, _ probe: CertificateProbe) async -> [String] {
        if let known = cache.withLock({ $0.served[endpoint] }) { return known }
        let domains = await probe.domains(at: endpoint)
        cache.withLock { $0.served[endpoint] = domains }
        return domains
    }

    // MARK: Making contexts

    private static func clientContext(_ interception: Interception, protocols: [String]) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = protocols
        // Certificates and names are checked by a callback of ours, which can tell what is wrong.
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        if let pair = interception.clientKeyPair {
            configuration.certificateChain = try chain(pair)
            configuration.privateKey = try key(pair)
        }
        return try context(&configuration, interception)
    }

    private static func serverContext(_ interception: Interception, _ pair: KeyPair) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain(pair),
            privateKey: try key(pair)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = [applicationProtocol]
        return try context(&configuration, interception)
    }

    private static func context(
        _ configuration: inout TLSConfiguration,
        _ interception: Interception
    ) throws -> NIOSSLContext {
        configuration.shutdownTimeout = .seconds(1)
        if let keyLog = interception.keyLog {
            configuration.keyLogCallback = { keyLog(Array($0.readableBytesView)) }
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private static func chain(_ pair: KeyPair) throws -> [NIOSSLCertificateSource] {
        try pair.certificates.map { .certificate(try NIOSSLCertificate(bytes: $0, format: .der)) }
    }

    private static func key(_ pair: KeyPair) throws -> NIOSSLPrivateKeySource {
        .privateKey(try NIOSSLPrivateKey(bytes: Array(pair.keyPEM.utf8), format: .pem))
    }
}
