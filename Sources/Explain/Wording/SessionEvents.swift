import Session
import TLSHandshake
import XMLStream
import XMPP

/// What an event tells in a transcript: a machine's name and a line for people, without its brackets.
public struct EventLine: Sendable, Equatable {
    public let kind: String
    public let text: String
    public let time: UInt64?
}

extension SessionEvent {
    /// The event as a line; nil for a packet.
    public var line: EventLine? {
        switch self {
        case .packet:
            return nil
        case .keepAlive(let direction, let count, let time):
            let what = count == 1 ? "one byte of white space" : "\(count) bytes of white space"
            return EventLine(
                kind: "keep-alive",
                text: "The \(direction.sender) keeps the connection alive: \(what)",
                time: time
            )
        case .strayText(let direction, let bytes, let time):
            let text = String(decoding: bytes.prefix(200), as: UTF8.self).quoted()
            return EventLine(
                kind: "stray-text",
                text: "The \(direction.sender) sends text between packets, where none may stand: \(text)",
                time: time
            )
        case .opaque(let reason, let time):
            return EventLine(kind: "opaque", text: reason.beginning, time: time)
        case .compressed(let time):
            let text = "Compression begins: what follows is compressed by zlib, and told here unpacked"
            return EventLine(kind: "compression", text: text, time: time)
        case .hello(let direction, let result, let time):
            return EventLine(kind: "tls-hello", text: told(result, direction), time: time)
        case .bytesBeforeHandshake(let direction, let count, let time):
            return EventLine(
                kind: "bytes-before-handshake",
                text:
                    "\(bytes(count)) from the \(direction.sender) came before the handshake, where none may be (RFC 6120 section 5.4.3.3)",
                time: time
            )
        case .unreadable(let direction, let error, let excerpt, let time):
            return EventLine(
                kind: "unreadable",
                text: "What the \(direction.sender) sends from here on is not explained: \(error.reason.shown()) "
                    + "(\(error.condition.rawValue))" + (excerpt.isEmpty ? "" : ". It begins with \(hex(excerpt))"),
                time: time
            )
        case .lost(let direction, let count, let time):
            let what =
                count.map { "\(bytes($0)) from the \(direction.sender) are missing in the capture" }
                ?? "What the \(direction.sender) said before is not in the capture"
            return EventLine(kind: "lost", text: what + "; explaining goes on at the next packet", time: time)
        case .skipped(let direction, let count, let time):
            return EventLine(
                kind: "skipped",
                text: "\(bytes(count)) from the \(direction.sender) belong to a packet whose beginning is missing",
                time: time
            )
        case .passedThrough(let direction, let reason, let count):
            return EventLine(
                kind: "passed-through",
                text: "\(bytes(count)) \(reason.adjective)from the \(direction.sender) passed through unread",
                time: nil
            )
        case .unfinished(let direction, let excerpt, let count):
            return EventLine(
                kind: "unfinished",
                text: "Half a packet was left when the \(direction.sender) stopped: \(bytes(count)), beginning with "
                    + String(decoding: excerpt, as: UTF8.self).quoted(),
                time: nil
            )
        }
    }

    private func told(_ result: HelloReader.Result, _ direction: Direction) -> String {
        let sender = direction.sender.rawValue
        switch result {
        case .client(let hello):
            let versions = hello.versions.map(\.name).listed("or")
            let name = hello.serverName.map { "asks for \($0.quoted(limit: 100)) (SNI)" } ?? "names no server (no SNI)"
            let protocols = hello.applicationProtocols.map { $0.quoted(limit: 40) }.listed("or")
            let alpn = protocols.isEmpty ? "no ALPN" : "ALPN \(protocols)"
            return "The \(sender) offers \(versions), \(name), \(alpn)"
        case .server(let hello):
            let alpn = hello.applicationProtocol.map { ", ALPN \($0.quoted(limit: 40))" } ?? ""
            return "The \(sender) chooses \(hello.version.name), \(hello.cipherSuite.name)\(alpn)"
        case .alert(let alert):
            return "The \(sender) gives up TLS: \(alert.name)"
        case .incomplete, .notTLS:
            return "The \(sender) sends no TLS"
        }
    }

    private func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }

    private func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return bytes.prefix(24).map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined(separator: " ")
            + (bytes.count > 24 ? " …" : "")
    }
}

extension Opaque {
    fileprivate var beginning: String {
        switch self {
        case .startTLS: "TLS begins after STARTTLS: what follows is encrypted and passed through unread"
        case .directTLS: "The client begins with TLS: everything is encrypted and passed through unread"
        case .compression: "Compression begins: what follows is compressed and passed through unread"
        }
    }
}

extension Opaque? {
    fileprivate var adjective: String {
        switch self {
        case .startTLS?, .directTLS?: "of encrypted data "
        case .compression?: "of compressed data "
        case nil: ""
        }
    }
}
