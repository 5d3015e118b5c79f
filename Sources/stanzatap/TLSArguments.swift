import ArgumentParser
import Capture
import Certificates
import FoundationEssentials
import Relay
import XMPP

/// The options of `record` about TLS.
struct TLSArguments: ParsableArguments {
    enum Mode: String, ExpressibleByArgument, CaseIterable { case intercept, pass, strip }

    enum ChannelBinding: String, ExpressibleByArgument, CaseIterable { case strip, keep }

    @Option(
        help: ArgumentHelp(
            "intercept: decrypt TLS with both sides. pass: relay it untouched. strip: hide STARTTLS from the client, speak TLS to the server only.",
            valueName: "mode"
        )
    )
    var tls: Mode = .intercept

    @Option(
        help: ArgumentHelp(
            "TLS to the server: auto, starttls, direct or none. auto does as the client does, and finds out what the server has where that is not enough.",
            valueName: "kind"
        )
    )
    var upstreamTLS: UpstreamTLS = .auto

    @Option(
        name: .customLong("upstream-ca"),
        help: ArgumentHelp(
            "PEM file of the certificates that may have signed the server's, instead of the system's.",
            valueName: "file"
        ),
        completion: .file()
    )
    var upstreamCA: String?

    @Flag(help: "Go on with a server whose certificate cannot be verified; the transcript says so.")
    var upstreamInsecure = false

    @Option(
        help: ArgumentHelp("Certificate chain to show to clients, PEM; needs --key.", valueName: "file"),
        completion: .file()
    )
    var cert: String?

    @Option(help: ArgumentHelp("The key of --cert, PEM.", valueName: "file"), completion: .file())
    var key: String?

    @Option(
        help: ArgumentHelp(
            "Certificate for the server, PEM, to log in by SASL EXTERNAL; needs --client-key.",
            valueName: "file"
        ),
        completion: .file()
    )
    var clientCert: String?

    @Option(help: ArgumentHelp("The key of --client-cert, PEM.", valueName: "file"), completion: .file())
    var clientKey: String?

    @Option(
        help: ArgumentHelp(
            "strip: take mechanisms with channel binding, which cannot work through a proxy, out of what the client sees. keep: leave them in.",
            valueName: "mode"
        )
    )
    var channelBinding: ChannelBinding = .strip

    @Option(
        help: ArgumentHelp(
            "Write the secrets of both TLS connections, as SSLKEYLOGFILE does, for Wireshark with a capture of tcpdump. (default: $SSLKEYLOGFILE)",
            valueName: "file"
        ),
        completion: .file()
    )
    var keylog: String?

    @Option(
        help: ArgumentHelp(
            "The domain of --upstream, for the certificate of clients that begin with TLS and do not name it.",
            valueName: "name"
        )
    )
    var domain: String?

    @OptionGroup var folder: CA.DataFolder

    func validate() throws {
        if let domain, Endpoint(host: domain, port: 0) == nil {
            do throws(DomainProblem) { _ = try Domain(domain) } catch {
                throw ValidationError("--domain '\(domain.shown(limit: 100))' is no domain: \(error)")
            }
        }
        if (cert == nil) != (key == nil) { throw ValidationError("--cert and --key are needed together") }
        if (clientCert == nil) != (clientKey == nil) {
            throw ValidationError("--client-cert and --client-key are needed together")
        }
        if upstreamInsecure && upstreamCA != nil {
            throw ValidationError("--upstream-insecure accepts any certificate; leave out one of it and --upstream-ca")
        }
    }

    /// Nil if TLS is to pass untouched.
    func interception() throws -> Interception? {
        if tls == .pass { return nil }
        for file in [upstreamCA, cert, key, clientCert, clientKey] { try Suggestion.requireFile(file) }
        let authority = try folder.authority()
        if authority.wasMade { report("make your client trust it: 'stanzatap ca trust-help' tells how") }
        do {
            var interception = Interception(authority: authority, trust: try trust())
            interception.keyPair = try keyPair()
            if let clientCert, let clientKey {
                interception.clientKeyPair = try loadKeyPair(certificateFile: clientCert, keyFile: clientKey)
            }
            interception.isInsecure = upstreamInsecure
            interception.upstream = upstreamTLS
            interception.strips = tls == .strip
            interception.keepsChannelBinding = channelBinding == .keep
            interception.domain = domain
            if let path = keylogPath {
                interception.keyLog = try KeyLog(path: path).write
            }
            return interception
        } catch let problem as CertificateProblem {
            throw Failure("\(problem)")
        }
    }

    /// Where the key log goes, if there is to be one.
    var keylogPath: String? { keylog ?? ProcessInfo.processInfo.environment["SSLKEYLOGFILE"] }

    /// What `--cert` and `--key` name; nil without them.
    func keyPair() throws -> KeyPair? {
        guard let cert, let key else { return nil }
        do throws(CertificateProblem) {
            return try loadKeyPair(certificateFile: cert, keyFile: key)
        } catch {
            throw Failure("\(error)")
        }
    }

    private func trust() throws(CertificateProblem) -> TrustStore {
        if let upstreamCA { return try TrustStore(pemFile: upstreamCA) }
        return try TrustStore.system()
    }
}

extension UpstreamTLS: ExpressibleByArgument {}
