import Capture
import Certificates
import NIOCore
import NIOSSL
import Relay
import XMPP

/// TLS with the server of a replay: one handshake, its check of the certificate, and what is known of it afterwards.
final class ServerTLS {
    private let target: ReplayTarget
    private let isDirect: Bool
    private(set) var facts = TLSFacts()
    /// True once the handshake is done.
    private(set) var isComplete = false
    /// Why the certificate was not accepted, in a clause.
    private(set) var refusal: String?
    /// Stands before the TLS handler.
    let watcher = AlertWatcher()

    init(target: ReplayTarget, isDirect: Bool) {
        self.target = target
        self.isDirect = isDirect
        facts.isDirect = isDirect
    }

    func handler(loop: any EventLoop) throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = isDirect ? ["xmpp-client"] : []
        // Certificates and names are checked by a callback of ours, which can tell what is wrong.
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        configuration.shutdownTimeout = .seconds(1)
        let context = try NIOSSLContext(configuration: configuration)
        let name = Endpoint(host: target.domain, port: 0) == nil ? (try? Domain(target.domain))?.ascii : nil
        facts.serverName = name
        let bound = NIOLoopBound(self, eventLoop: loop)
        return try NIOSSLClientHandler(context: context, serverHostname: name) { chain, promise in
            bound.value.verify(chain, loop, promise)
        }
    }

    private func verify(
        _ chain: [NIOSSLCertificate],
        _ loop: any EventLoop,
        _ promise: EventLoopPromise<NIOSSLVerificationResult>
    ) {
        let bytes = chain.map { (try? $0.toDERBytes()) ?? [] }
        facts.certificate = bytes.first.flatMap { TLSFacts.Certificate(der: $0) }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let target = self.target
        Task {
            let verification = await target.trust.verify(chain: bytes, domain: target.domain)
            loop.execute {
                switch verification {
                case .trusted:
                    bound.value.facts.verification = .trusted(domain: target.domain)
                    promise.succeed(.certificateVerified)
                case .refused(let reason):
                    bound.value.facts.verification = .refused(reason: reason)
                    bound.value.refusal = target.isInsecure ? nil : reason
                    promise.succeed(target.isInsecure ? .certificateVerified : .failed)
                }
            }
        }
    }

    func completed(_ version: TLSVersion?, applicationProtocol: String?) {
        isComplete = true
        watcher.completed()
        facts.version = version.map(Self.name) ?? "TLS"
        facts.applicationProtocol = applicationProtocol
    }

    static func name(_ version: TLSVersion) -> String {
        switch version {
        case .tlsv1: "TLS 1.0"
        case .tlsv11: "TLS 1.1"
        case .tlsv12: "TLS 1.2"
        case .tlsv13: "TLS 1.3"
        }
    }

    /// What a failed handshake means: a clause, and what would help, a sentence or nothing.
    func told(_ error: (any Error)?) -> (reason: String, remedy: String) {
        if let silent = error as? SilentServer {
            return ("the server did not answer within \(silent.seconds) s", "")
        }
        guard let refusal else { return watcher.told(.server, error) }
        return (
            "the server's certificate was not accepted for \(target.domain.shown(limit: 100)): \(refusal)",
            "To trust its issuer, use --upstream-ca FILE; to go on in spite of it, --upstream-insecure."
        )
    }
}

@available(*, unavailable)
extension ServerTLS: Sendable {}

/// The server took no part in the handshake, or not to its end.
struct SilentServer: Error {
    let seconds: Int64
}
