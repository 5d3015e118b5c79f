import NIOCore
import TLSHandshake
import XMLStream

/// What a client's first bytes say about the server that it wants.
enum HeaderVerdict: Equatable {
    case incomplete
    /// The `to` of the stream header (RFC 6120 section 4.7.2).
    case domain(String)
    case missingDomain
    /// No XMPP stream that could be answered, told in a clause without a full stop.
    case notXMPP(reason: String)
}

/// Reads a client's bytes up to the end of its stream header.
struct StreamHeaderReader {
    private let parser = StreamParser()
    private let byteLimit: Int
    private var count = 0
    /// Of a client that begins with TLS, which is passed on untouched.
    private var hello: HelloReader?

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Takes the next bytes; to be called until the verdict is no longer `incomplete`.
    mutating func read(_ bytes: ByteBuffer) -> HeaderVerdict {
        if count == 0, bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) == TLSRecord.handshake {
            hello = HelloReader()
        }
        count += bytes.readableBytes
        if hello != nil { return readHello(bytes) }
        bytes.withUnsafeReadableBytes { parser.append($0) }
        while let event = parser.next() {
            switch event.kind {
            case .header(let header):
                guard let domain = header["to"], !domain.isEmpty else { return .missingDomain }
                return .domain(domain)
            case .failure(let error):
                return .notXMPP(reason: "the client sent no XMPP stream: \(error.reason)")
            case .element, .whitespace, .strayText, .end, .oversized:
                continue
            }
        }
        guard count <= byteLimit else {
            return .notXMPP(reason: "the client sent \(byteLimit) bytes without a complete stream header")
        }
        return .incomplete
    }

    private mutating func readHello(_ bytes: ByteBuffer) -> HeaderVerdict {
        switch hello?.read(bytes.readableBytesView) {
        case .client(let hello)?:
            guard let name = hello.serverName else {
                return .notXMPP(
                    reason: "the client began with TLS and named no server (no SNI); name the server with --upstream"
                )
            }
            return .domain(name)
        case .server?, .alert?, .notTLS?, nil:
            return .notXMPP(reason: "the client began with TLS, but sent no ClientHello")
        case .incomplete?:
            return .incomplete
        }
    }
}
