import Session
import TLSHandshake
import XMLStream
import XMPP

/// What an event tells in a transcript: a machine's name and a line for people, without its brackets.
public struct EventLine: Sendable, Equatable {
    public let kind: String
    public let text: String
    public let time: UInt64?

    init(_ kind: String, _ text: String, _ time: UInt64?) {
        self.kind = kind
        self.text = text
        self.time = time
    }
}

/// A capital for an article; an address begins as it is written.
private func startOfSentence(_ text: String) -> String {
    text.hasPrefix("the ") || text.hasPrefix("a ") ? text.prefix(1).uppercased() + text.dropFirst() : text
}

extension SessionEvent {
    /// The event as a line; nil for a packet.
    ///
    /// - Parameter naming: what the two parties are called in the middle of a sentence, such as `the component` or
    ///   `mail.example`.
    public func line(naming: (Side) -> String = { "the \($0.rawValue)" }) -> EventLine? {
        switch self {
        case .packet:
            return nil
        case .keepAlive(let direction, let count, let time):
            let what = count == 1 ? "one byte of white space" : "\(count) bytes of white space"
            return EventLine("keep-alive", "\(start(naming, direction)) keeps the connection alive: \(what)", time)
        case .strayText(let direction, let bytes, let time):
            return EventLine("stray-text", stray(bytes, from: start(naming, direction)), time)
        case .opaque(let reason, let time):
            return EventLine("opaque", reason.beginning(client: startOfSentence(naming(.client))), time)
        case .compressed(let time):
            let text = "Compression begins: what follows is compressed by zlib, and told here unpacked"
            return EventLine("compression", text, time)
        case .hello(let direction, let result, let time):
            return EventLine("tls-hello", told(result, start(naming, direction)), time)
        case .bytesBeforeHandshake(let direction, let excerpt, let count, let time):
            return EventLine("bytes-before-handshake", early(excerpt, count, from: naming(direction.sender)), time)
        case .unreadable(let direction, let breakage, let time):
            return EventLine("unreadable", breakage.line(direction, from: naming(direction.sender)), time)
        case .lost(let direction, let count, let time):
            let sender = naming(direction.sender)
            let what =
                count.map { "\(bytes($0)) from \(sender) \($0 == 1 ? "is" : "are") missing in the capture" }
                ?? "What \(sender) said before is not in the capture"
            return EventLine("lost", what + "; explaining goes on at the next packet", time)
        case .skipped(let direction, let count, let time):
            let what = "\(bytes(count)) from \(naming(direction.sender))"
            return EventLine("skipped", "\(what) belong to a packet whose beginning is missing", time)
        case .passedThrough(let direction, let reason, let count):
            let what = "\(bytes(count)) \(reason.adjective)from \(naming(direction.sender))"
            return EventLine("passed-through", "\(what) passed through unread", nil)
        case .cut(let direction, let excerpt, let count, let time):
            let text =
                "Of a packet from \(naming(direction.sender)) only the first \(bytes(count)) are in the capture"
                + BrokenText.beginning + quotation(excerpt)
            return EventLine("cut", text, time)
        case .unfinished(let direction, let excerpt, let count):
            let text =
                "Half a packet was left when \(naming(direction.sender)) stopped: \(bytes(count))\(BrokenText.beginning)"
                + quotation(excerpt)
            return EventLine("unfinished", text, nil)
        }
    }

    private func start(_ naming: (Side) -> String, _ direction: Direction) -> String {
        startOfSentence(naming(direction.sender))
    }

    private func stray(_ bytes: [UInt8], from sender: String) -> String {
        if let record = TLSRecord.told(bytes) {
            return "\(sender) sends \(record), where packets of the stream are awaited; what follows is not read"
        }
        let what = BrokenText.isText(bytes) ? "text" : "bytes"
        return "\(sender) sends \(what) between packets\(BrokenText.stray)\(quotation(bytes, limit: 200))"
    }

    private func early(_ excerpt: [UInt8], _ count: Int, from sender: String) -> String {
        let what = TLSRecord.told(excerpt).map { "\($0) (\(bytes(count)))" } ?? bytes(count)
        return "\(startOfSentence(what)) from \(sender) came before the handshake, where none may be "
            + "(RFC 6120 section 5.4.3.3)"
    }

    private func told(_ result: HelloReader.Result, _ sender: String) -> String {
        switch result {
        case .client(let hello):
            let versions = hello.versions.map(\.name).listed("or")
            let name = hello.serverName.map(told(serverName:)) ?? "names no server (no SNI)"
            let protocols = hello.applicationProtocols.map { $0.quoted(limit: 40) }.listed("or")
            let alpn = protocols.isEmpty ? "no ALPN" : "ALPN \(protocols)"
            return "\(sender) offers \(versions), \(name), \(alpn)"
        case .server(let hello):
            let alpn = hello.applicationProtocol.map { ", ALPN \($0.quoted(limit: 40))" } ?? ""
            return "\(sender) chooses \(hello.version.name), \(hello.cipherSuite.name)\(alpn)"
        case .alert(let alert):
            return "\(sender) gives up TLS: \(alert.name)"
        case .incomplete, .notTLS:
            return "\(sender) sends no TLS"
        }
    }

    private func told(serverName: String) -> String {
        let fault = formFault(ofServerName: serverName).map { "; \($0), RFC 6066 section 3" } ?? ""
        return "asks for \(serverName.quoted(limit: 100)) (SNI\(fault))"
    }

    private func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
}

extension Opaque {
    fileprivate func beginning(client: String) -> String {
        switch self {
        case .startTLS: "TLS begins after STARTTLS: what follows is encrypted and passed through unread"
        case .directTLS: "\(client) begins with TLS: everything is encrypted and passed through unread"
        case .laterTLS: "TLS begins: what follows is encrypted and passed through unread"
        case .earlierTLS:
            "The connection is encrypted by TLS, which began before the recording; it is passed through unread"
        case .compression: "Compression begins: what follows is compressed and passed through unread"
        }
    }
}

extension Opaque? {
    fileprivate var adjective: String {
        switch self {
        case .startTLS?, .directTLS?, .laterTLS?, .earlierTLS?: "of encrypted data "
        case .compression?: "of compressed data "
        case nil: ""
        }
    }
}
