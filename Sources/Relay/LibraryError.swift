import Glibc
import NIOCore
import NIOSSL
import SystemErrors
import TLSHandshake

/// What an error of the TLS library means. The only place that knows its names (BoringSSL's, as NIOSSL hands them on).
enum LibraryError: Equatable {
    /// The other side gave up and said why.
    case alert(Alert)
    case noTLS
    case noCommonVersion
    case noCommonParameters
    case renegotiation
    /// We asked for the other side's certificate, and it has none.
    case noCertificate
    /// We did not accept the other side's certificate.
    case refused
    case unreadableExtension
    /// Bytes that the present state of TLS cannot mean.
    case damaged
    case ended
    case reset
    /// One that has no words of ours.
    case other(String)

    init(_ error: (any Error)?) {
        guard let error else {
            self = .ended
            return
        }
        if let error = error as? IOError {
            self = [ECONNRESET, EPIPE].contains(error.errnoCode) ? .reset : .other(systemReason(error.errnoCode))
            return
        }
        self = Self.named(Self.name(of: error))
    }

    /// The library's own name, without the places in its source.
    private static func name(of error: any Error) -> String {
        let text = "\(error)"
        guard let start = text.firstRange(of: "OPENSSL_internal:") else { return text }
        return String(text[start.upperBound...].prefix { $0 != "]" && $0 != " " })
    }

    private static func named(_ name: String) -> LibraryError {
        if let alert = alert(name) { return .alert(alert) }
        let kind = kinds.first { $0.parts.contains(where: name.contains) }?.kind
        return kind ?? .other(name)
    }

    /// `TLSV1_ALERT_UNKNOWN_CA` and its like.
    private static func alert(_ name: String) -> Alert? {
        guard let start = ["SSLV3_ALERT_", "TLSV1_ALERT_", "TLSV1_"].first(where: name.hasPrefix) else { return nil }
        let words = name.dropFirst(start.count).lowercased().replacing("_", with: " ")
        let known = words == "user cancelled" ? "user canceled" : words
        return (UInt8.min...UInt8.max).lazy.map(Alert.init).first { $0.name == known }
    }

    /// By parts of names, the special ones first.
    private static let kinds: [(parts: [String], kind: LibraryError)] = [
        (["EOF during handshake", "eofDuring", "uncleanShutdown"], .ended),
        (["CERTIFICATE_VERIFY_FAILED", "nableToValidateCertificate"], .refused),
        (["RENEGOTIATION"], .renegotiation),
        (["PEER_DID_NOT_RETURN_A_CERTIFICATE"], .noCertificate),
        (["PARSING_EXTENSION", "PARSE_TLSEXT", "CLIENTHELLO_TLSEXT", "SERVERHELLO_TLSEXT"], .unreadableExtension),
        (["WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST"], .noTLS),
        (
            ["UNSUPPORTED_PROTOCOL", "WRONG_SSL_VERSION", "UNKNOWN_SSL_VERSION", "NO_SUPPORTED_VERSIONS"],
            .noCommonVersion
        ),
        (
            [
                "NO_SHARED_CIPHER", "NO_CIPHERS", "NO_SHARED_GROUP", "NO_COMMON_SIGNATURE", "NO_APPLICATION_PROTOCOL",
                "WRONG_CURVE", "UNKNOWN_CIPHER", "WRONG_CIPHER", "UNSUPPORTED_ELLIPTIC", "MISSING_KEY_SHARE",
                "HANDSHAKE_FAILURE_ON_CLIENT_HELLO", "INAPPROPRIATE_FALLBACK",
            ], .noCommonParameters
        ),
        (
            [
                "BAD_", "DECRYPT", "DIGEST", "OUTER_RECORD", "UNEXPECTED", "DECODE", "LENGTH", "TOO_LARGE", "TOO_LONG",
                "EXCESS", "WRONG_", "PARSE", "INVALID", "UNKNOWN_ALERT", "EARLY", "TOO_MANY", "MISSING_", "DUPLICATE_",
                "MISMATCH", "DOWNGRADE",
            ], .damaged
        ),
    ]
}
