import Capture
import Glibc
import NIOCore
import NIOSSL
import TLSHandshake
import XMPP

extension TLSFailure {
    /// What went wrong in a handshake with `side`, as far as what came, the library's error and our own check tell.
    init(
        _ side: Side,
        received: HelloReader.Result?,
        hello: ClientHello?,
        error: (any Error)?,
        verification: TLSFacts.Verification?,
        domain: String
    ) {
        switch (side, received, verification) {
        case (.server, _, .refused(let reason)?):
            self.init(
                reason: "the server's certificate was not accepted for \(domain): \(reason)",
                remedy: "To go on in spite of it, run stanzatap with --upstream-insecure; to trust its issuer, with"
                    + " --upstream-ca FILE."
            )
        case (_, .alert(let alert)?, _):
            self.init(reason: "the \(side) answered with the alert \"\(alert.name)\"")
        case (.server, .notTLS?, _):
            self.init(isUnavailable: true, reason: "the server does not speak TLS here")
        case (.client, .notTLS?, _), (.client, .server?, _):
            self.init(reason: "the client sent something other than a ClientHello")
        case (.client, _, _) where (hello?.highestVersion?.rawValue ?? .max) < 0x0303:
            let version = hello?.highestVersion?.name ?? ""
            self.init(reason: "the client can do no more than \(version), and stanzatap no less than TLS 1.2")
        case (_, _, _):
            if let error = error as? IOError, error.errnoCode == ECONNRESET {
                self.init(
                    isUnavailable: side == .server,
                    reason: "the \(side) reset the connection during the handshake"
                )
            } else {
                self.init(side, Self.told(error), hello)
            }
        }
    }

    /// From the name of the library's error.
    private init(_ side: Side, _ text: String, _ hello: ClientHello?) {
        let isAboutTrust = ["UNKNOWN_CA", "CERTIFICATE_UNKNOWN", "BAD_CERTIFICATE", "CERTIFICATE_EXPIRED"]
        if side == .client, text.contains("PARSING_EXTENSION") {
            let name = hello?.serverName.flatMap { Self.isName($0) ? nil : $0.quoted(limit: 60) }
            self.init(
                reason: name.map { "what the client asks for in its ClientHello (SNI), \($0), is no name of a server" }
                    ?? "an extension in the client's ClientHello cannot be read"
            )
        } else if side == .client, isAboutTrust.contains(where: text.contains) {
            self.init(
                reason: "the client does not accept the certificate that stanzatap showed (\(text))",
                remedy: "Make the client trust stanzatap's CA: 'stanzatap ca trust-help' tells how."
            )
        } else if text.contains("EOF during handshake") {
            self.init(
                isUnavailable: side == .server,
                reason: "the \(side) closed the connection during the handshake",
                remedy: side == .client
                    ? "Clients do so when they do not trust the certificate; 'stanzatap ca trust-help' tells how." : ""
            )
        } else {
            self.init(reason: "the handshake with the \(side) failed: \(text)")
        }
    }

    /// What BoringSSL takes for one (RFC 6066 section 3).
    private static func isName(_ text: String) -> Bool { (1...255).contains(text.utf8.count) && !text.utf8.contains(0) }

    /// The library's own name for the error, without the places in its source.
    static func told(_ error: (any Error)?) -> String {
        guard let error else { return "unknown error" }
        let text = "\(error)"
        guard let start = text.firstRange(of: "OPENSSL_internal:") else { return text }
        return String(text[start.upperBound...].prefix { $0 != "]" && $0 != " " })
    }
}
