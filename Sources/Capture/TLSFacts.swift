import Glibc
import XMPP

/// What is known of TLS with one side of a connection, once its handshake is complete.
public struct TLSFacts: Sendable, Equatable, Codable {
    /// A certificate in a few words.
    public struct Certificate: Sendable, Equatable, Codable {
        public var subject: String
        public var issuer: String
        /// Seconds since 1970.
        public var notBefore: Int64
        public var notAfter: Int64
        /// Of the DER, lower-case hexadecimal.
        public var sha256: String
        /// What it is for: domain names, addresses.
        public var names: [String]

        public init(
            subject: String,
            issuer: String,
            notBefore: Int64,
            notAfter: Int64,
            sha256: String,
            names: [String]
        ) {
            self.subject = subject
            self.issuer = issuer
            self.notBefore = notBefore
            self.notAfter = notAfter
            self.sha256 = sha256
            self.names = names
        }
    }

    /// What became of the check of a server's certificate.
    public enum Verification: Sendable, Equatable, Codable {
        /// It was checked for that domain.
        case trusted(domain: String)
        /// It was not accepted, or would not have been, had it been checked in earnest; a clause without a full stop.
        case refused(reason: String)
    }

    /// `TLS 1.3`.
    public var version = "TLS"
    /// By IANA's name.
    public var cipherSuite: String?
    /// ALPN, if one was agreed on.
    public var applicationProtocol: String?
    /// The name that the client of this leg asked for (SNI).
    public var serverName: String?
    /// The certificate that the server of this leg showed: the real server's, or ours to the client.
    public var certificate: Certificate?
    /// Only of the leg to the server.
    public var verification: Verification?
    /// True if it began with the first byte (XEP-0368), false after STARTTLS.
    public var isDirect = false
    /// Only of the leg to the client: true if mechanisms with channel binding are taken out of what it sees.
    public var hidesChannelBinding: Bool?

    public init() {}
}

extension TLSFacts {
    /// All of it in one clause: `TLS 1.3 with TLS_AES_128_GCM_SHA256, …`.
    public func told(with side: Side) -> String {
        let how = isDirect ? EventKind.directTLS(side).wording : "with the \(side) after STARTTLS"
        var parts = ["\(version) \(how)"]
        if let cipherSuite { parts.append(cipherSuite) }
        if let serverName { parts.append("SNI \(serverName)") }
        if let applicationProtocol { parts.append("ALPN \(applicationProtocol)") }
        if let certificate {
            parts.append(
                (side == .client ? "stanzatap showed the certificate " : "the certificate is ") + certificate.told
            )
        }
        switch verification {
        case .trusted(let domain)?: parts.append("verified for \(domain)")
        case .refused(let reason)?: parts.append("NOT verified: \(reason)")
        case nil: break
        }
        return parts.joined(separator: ", ")
    }
}

extension TLSFacts.Certificate {
    /// `of CN=a for a, b, by CN=c, from 2026-01-01 until 2027-01-01, SHA-256 ab:cd…`.
    public var told: String {
        let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
        let whom = names.isEmpty ? "" : " for \(shown)"
        return
            "of \(subject)\(whom), issued by \(issuer), valid from \(day(notBefore)) until \(day(notAfter)), SHA-256 \(sha256)"
    }

    /// The day in UTC.
    private func day(_ seconds: Int64) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        return "\(Int(parts.tm_year) + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
    }

    private func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
