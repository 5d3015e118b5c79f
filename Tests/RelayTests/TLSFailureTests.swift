import TLSHandshake
import Testing
import XMPP

@testable import Relay

/// An error as NIOSSL hands on those of BoringSSL.
private struct LibraryProblem: Error, CustomStringConvertible {
    let name: String

    var description: String {
        "handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268435703 error:100000f7:SSL routines:"
            + "OPENSSL_internal:\(name) at /a/b/tls_record.cc:231]))"
    }
}

struct TLSFailureTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let side: Side
        let reason: String
        var helps = ""
        var testDescription: String { name }

        init(_ name: String, _ side: Side, _ reason: String, _ helps: String = "") {
            (self.name, self.side, self.reason, self.helps) = (name, side, reason, helps)
        }
    }

    private static let distrust = "the client does not accept the certificate that stanzatap showed (alert "
    private static let trust = "'stanzatap ca trust-help' tells how."

    static let rows: [Row] = [
        Row("TLSV1_ALERT_UNKNOWN_CA", .client, distrust + "\"unknown ca\": it does not trust who signed it)", trust),
        Row("SSLV3_ALERT_BAD_CERTIFICATE", .client, distrust + "\"bad certificate\")", trust),
        Row("SSLV3_ALERT_CERTIFICATE_UNKNOWN", .client, distrust + "\"certificate unknown\")", trust),
        Row(
            "SSLV3_ALERT_CERTIFICATE_EXPIRED",
            .client,
            distrust + "\"certificate expired\": it takes it for expired, or its clock is wrong)",
            trust
        ),
        Row(
            "SSLV3_ALERT_CERTIFICATE_REVOKED",
            .client,
            distrust + "\"certificate revoked\": it takes it for revoked)",
            trust
        ),
        Row(
            "SSLV3_ALERT_HANDSHAKE_FAILURE",
            .server,
            "the server answered with the alert \"handshake failure\": it and stanzatap have no way of TLS in common that it accepts"
        ),
        Row(
            "TLSV1_ALERT_PROTOCOL_VERSION",
            .client,
            "the client answered with the alert \"protocol version\": it knows no version of TLS that stanzatap knows (1.2 and 1.3)"
        ),
        Row(
            "TLSV1_ALERT_CERTIFICATE_REQUIRED",
            .server,
            "the server answered with the alert \"certificate required\": it wants a certificate",
            "--client-cert FILE"
        ),
        Row(
            "TLSV1_ALERT_USER_CANCELLED",
            .client,
            "the client answered with the alert \"user canceled\": it was called off"
        ),
        Row("NO_SHARED_CIPHER", .client, "the client and stanzatap have no cipher or other part of TLS in common"),
        Row(
            "UNSUPPORTED_PROTOCOL",
            .client,
            "the client and stanzatap have no version of TLS in common; stanzatap has 1.2 and 1.3"
        ),
        Row("WRONG_VERSION_NUMBER", .server, "the server does not speak TLS here"),
        Row("HTTP_REQUEST", .client, "the client does not speak TLS here"),
        Row("BAD_PACKET_LENGTH", .client, "what the client sent cannot be TLS at this place"),
        Row("DECRYPTION_FAILED_OR_BAD_RECORD_MAC", .server, "what the server sent cannot be TLS at this place"),
        Row("INVALID_OUTER_RECORD_TYPE", .client, "what the client sent cannot be TLS at this place"),
        Row("NO_RENEGOTIATION", .client, "the client wants to negotiate TLS anew, which stanzatap does not do"),
        Row(
            "SOMETHING_NEW",
            .client,
            "it failed in a way for which stanzatap has no words (the TLS library calls it SOMETHING_NEW)"
        ),
    ]

    @Test("each error of the library has a sentence of ours", arguments: rows)
    func sentences(_ row: Row) {
        let failure = TLSFailure(row.side, LibraryError(LibraryProblem(name: row.name)))
        #expect(failure.reason == row.reason)
        #expect(row.helps.isEmpty ? failure.remedy.isEmpty : failure.remedy.contains(row.helps), "\(failure.remedy)")
    }

    @Test("a client that closes is said to distrust us only once it has seen a certificate", arguments: [false, true])
    func closing(hasSeenOne: Bool) {
        let failure = TLSFailure(.client, .ended, hasSeenOne ? ClientHello() : nil)
        #expect(failure.reason == "the client closed the connection during the handshake")
        #expect(failure.remedy.contains(Self.trust) == hasSeenOne)
    }

    @Test("a name that nobody may ask for is told")
    func name() {
        var hello = ClientHello()
        hello.serverName = ""
        let failure = TLSFailure(.client, .unreadableExtension, hello)
        #expect(failure.reason.hasPrefix("what the client asks for in its ClientHello (SNI), \"\", is no name"))
    }
}
