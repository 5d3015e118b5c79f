import Capture
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
                reason: "the server's certificate was not accepted for \(domain.shown(limit: 100)): \(reason)",
                remedy: "To go on in spite of it, run stanzatap with --upstream-insecure; to trust its issuer, with"
                    + " --upstream-ca FILE."
            )
        case (_, .alert(let alert)?, _):
            self.init(side, .alert(alert), hello)
        case (.server, .notTLS?, _):
            self.init(side, .noTLS, hello)
        case (.client, .notTLS?, _), (.client, .server?, _):
            self.init(reason: "the client sent something other than a ClientHello")
        case (.client, _, _) where (hello?.highestVersion?.rawValue ?? .max) < 0x0303:
            let version = hello?.highestVersion?.name ?? ""
            self.init(reason: "the client can do no more than \(version), and stanzatap no less than TLS 1.2")
        case (_, _, _):
            self.init(side, LibraryError(error), hello)
        }
    }

    /// What an error of the library means when TLS with that side fails or breaks.
    init(_ side: Side, _ error: LibraryError, _ hello: ClientHello? = nil) {
        switch error {
        case .alert(let alert): self.init(side, alert)
        case .unreadableExtension where side == .client: self.init(reason: Self.unreadable(hello))
        case .ended, .reset: self.init(side, closing: error == .ended ? "closed" : "reset", hello)
        case .noTLS:
            self.init(isUnavailable: side == .server, reason: "the \(side) does not speak TLS here")
        case .noCommonVersion:
            self.init(reason: "the \(side) and stanzatap have no version of TLS in common; stanzatap has 1.2 and 1.3")
        case .noCommonParameters:
            self.init(reason: "the \(side) and stanzatap have no cipher or other part of TLS in common")
        case .renegotiation:
            self.init(reason: "the \(side) wants to negotiate TLS anew, which stanzatap does not do")
        case .noCertificate: self.init(reason: "the \(side) shows no certificate")
        case .refused: self.init(reason: "the \(side)'s certificate was not accepted")
        case .unreadableExtension: self.init(reason: "an extension in the \(side)'s hello cannot be read")
        case .damaged: self.init(reason: "what the \(side) sent cannot be TLS at this place")
        case .other(let name):
            self.init(reason: "it failed in a way for which stanzatap has no words (the TLS library calls it \(name))")
        }
    }

    private init(_ side: Side, closing: String, _ hello: ClientHello?) {
        self.init(
            isUnavailable: side == .server,
            reason: "the \(side) \(closing) the connection during the handshake",
            // Before its hello a client has seen no certificate.
            remedy: side == .client && hello != nil
                ? "Clients do so when they do not trust the certificate; \(Self.help)" : ""
        )
    }

    // MARK: Alerts

    private init(_ side: Side, _ alert: Alert) {
        if side == .client, let why = Self.distrust(alert) {
            self.init(
                reason: "the client does not accept the certificate that stanzatap showed"
                    + " (alert \"\(alert.name)\"\(why.isEmpty ? "" : ": \(why)"))",
                remedy: "Make the client trust stanzatap's CA: \(Self.help)"
            )
        } else {
            let meaning = Self.meaning(alert, side).map { ": \($0)" } ?? ""
            self.init(
                reason: "the \(side) answered with the alert \"\(alert.name)\"\(meaning)",
                remedy: side == .server && alert.code == Alert.certificateRequired
                    ? "Show it one with --client-cert FILE and --client-key FILE." : ""
            )
        }
    }

    private static let help = "'stanzatap ca trust-help' tells how."

    /// What a client finds wrong with a certificate, by its alert (RFC 8446 section 6.2); nil if it is about something else.
    private static func distrust(_ alert: Alert) -> String? {
        switch alert.name {
        case "unknown ca": "it does not trust who signed it"
        case "certificate expired": "it takes it for expired, or its clock is wrong"
        case "certificate revoked": "it takes it for revoked"
        case "bad certificate", "certificate unknown", "unsupported certificate": ""
        default: nil
        }
    }

    private static func meaning(_ alert: Alert, _ side: Side) -> String? {
        switch alert.name {
        case "handshake failure": "it and stanzatap have no way of TLS in common that it accepts"
        case "protocol version": "it knows no version of TLS that stanzatap knows (1.2 and 1.3)"
        case "insufficient security": "it wants stronger encryption"
        case "no application protocol": "it does not accept the protocol that was offered (ALPN)"
        case "unrecognized name": "it has no host of the name that was asked for (SNI)"
        case "certificate required": "it wants a certificate"
        case "user canceled": "it was called off"
        default: nil
        }
    }

    // MARK: Hellos

    private static func unreadable(_ hello: ClientHello?) -> String {
        let name = hello?.serverName.flatMap { isName($0) ? nil : $0.quoted(limit: 60) }
        return name.map { "what the client asks for in its ClientHello (SNI), \($0), is no name of a server" }
            ?? "an extension in the client's ClientHello cannot be read"
    }

    /// What BoringSSL takes for one (RFC 6066 section 3).
    private static func isName(_ text: String) -> Bool { (1...255).contains(text.utf8.count) && !text.utf8.contains(0) }
}

extension Alert {
    fileprivate static let certificateRequired: UInt8 = 116
}
