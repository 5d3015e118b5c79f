import Capture
import Certificates
import NIOCore
import NIOPosix
import NIOSSL
import SystemErrors
import XMPP

/// What an error of the network's libraries means, in words for people; those of our own say it themselves.
public enum LibraryWords {
    /// A clause without a full stop.
    public static func told(_ error: any Error) -> String {
        switch error {
        case let error as IOError: connectionReason(error.errnoCode)
        case let error as NIOConnectionError: told(error)
        case let error as ChannelError: told(error)
        case let error as SocketAddressError: told(error)
        case is BoringSSLError, is NIOSSLError: TLSFailure(.server, LibraryError(error)).reason
        case is RelayError, is CaptureError, is CertificateProblem, is AddressTextError: "\(error)"
        default: "it failed in a way for which stanzatap has no words (\(type(of: error)))"
        }
    }

    private static func told(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first { return told(first.error) }
        return error.dnsAError != nil || error.dnsAAAAError != nil
            ? "the name \(error.host.shown(limit: 100)) is not known" : "there is no address to connect to"
    }

    private static func told(_ error: ChannelError) -> String {
        switch error {
        case .connectTimeout(let limit): "it did not answer within \(limit.nanoseconds / 1_000_000_000) s"
        case .ioOnClosedChannel, .alreadyClosed, .outputClosed, .inputClosed, .eof: "the connection was closed"
        default: "the connection was not ready for it"
        }
    }

    private static func told(_ error: SocketAddressError) -> String {
        switch error {
        case .unknown(let host, _): "the name \(host.shown(limit: 100)) is not known"
        case .unsupported, .unixDomainSocketPathTooLong, .failedToParseIPString:
            "that is no address to connect to or to listen on"
        }
    }
}
