/// Reads the first message of one direction of a TLS connection: a ClientHello, a ServerHello, or an alert in their place.
///
/// NIOSSL does not tell which cipher suite was agreed on, nor the name that a client asked for; both stand in clear text in
/// these messages. The reader only looks on: it never changes or judges what passes.
public struct HelloReader: Sendable {
    public enum Result: Sendable, Equatable {
        case incomplete
        case client(ClientHello)
        case server(ServerHello)
        /// The side gave up before it said anything else.
        case alert(Alert)
        /// The bytes are no TLS handshake.
        case notTLS
    }

    /// A ClientHello with post-quantum keys takes about 2 KiB; what is longer than this is no honest one.
    public static let byteLimit = 16 * 1024

    private var records: [UInt8] = []
    private var result = Result.incomplete

    public init() {}

    /// Takes the next bytes of the direction. Once the result is not `incomplete`, further bytes change nothing.
    public mutating func read(_ bytes: some Sequence<UInt8>) -> Result {
        guard result == .incomplete else { return result }
        records.append(contentsOf: bytes)
        result = evaluate()
        if result != .incomplete { records = [] }
        return result
    }

    private func evaluate() -> Result {
        var message: [UInt8] = []
        var rest = ByteCursor(records[...])
        while let type = rest.uint8() {
            guard type == TLSRecord.handshake || type == TLSRecord.alert else { return .notTLS }
            guard let major = rest.uint8() else { return .incomplete }
            guard major == 3 else { return .notTLS }
            guard rest.uint8() != nil, let length = rest.uint16() else { return .incomplete }
            let isAlert = type == TLSRecord.alert
            guard isAlert ? length == 2 : length > 0 else { return .notTLS }
            if isAlert {
                guard let alert = rest.take(2) else { return .incomplete }
                return .alert(Alert(code: alert[alert.startIndex + 1]))
            }
            let fragment = rest.takeAtMost(Int(length))
            message.append(contentsOf: fragment)
            if let hello = hello(in: message) { return hello }
            if fragment.count < Int(length) { break }
        }
        return records.count > Self.byteLimit ? .notTLS : .incomplete
    }

    /// Nil until the message is complete.
    private func hello(in message: [UInt8]) -> Result? {
        var cursor = ByteCursor(message[...])
        guard let type = cursor.uint8() else { return nil }
        guard type == 1 || type == 2 else { return .notTLS }
        guard let length = cursor.uint24() else { return nil }
        if length > Self.byteLimit { return .notTLS }
        guard let body = cursor.take(length) else { return nil }
        if type == 1 { return ClientHello(body).map { .client($0) } ?? .notTLS }
        return ServerHello(body).map { .server($0) } ?? .notTLS
    }
}

extension ClientHello {
    /// Nil if the message is malformed.
    fileprivate init?(_ body: ArraySlice<UInt8>) {
        var cursor = ByteCursor(body)
        guard let legacyVersion = cursor.uint16(), cursor.take(32) != nil, cursor.vector8() != nil,
            let suites = cursor.vector16(), cursor.vector8() != nil
        else { return nil }
        self.init()
        cipherSuiteCount = suites.count / 2
        guard var extensions = cursor.vector16().map({ ByteCursor($0) }) else {
            versions = [TLSVersion(rawValue: legacyVersion)]
            return
        }
        while let type = extensions.uint16(), let data = extensions.vector16() { read(type, ByteCursor(data)) }
        if versions.isEmpty { versions = [TLSVersion(rawValue: legacyVersion)] }
    }

    private mutating func read(_ type: UInt16, _ data: ByteCursor) {
        var data = data
        switch type {
        case ExtensionType.serverName:
            guard var names = data.vector16().map({ ByteCursor($0) }) else { return }
            while let kind = names.uint8(), let name = names.vector16() {
                if kind == 0, serverName == nil { serverName = String(decoding: name, as: UTF8.self) }
            }
        case ExtensionType.applicationProtocols:
            applicationProtocols = data.protocolNames()
        case ExtensionType.supportedVersions:
            guard var list = data.vector8().map({ ByteCursor($0) }) else { return }
            while let version = list.uint16() {
                if version >> 8 == 3 { versions.append(TLSVersion(rawValue: version)) }
            }
        default:
            break
        }
    }
}

extension ServerHello {
    fileprivate init?(_ body: ArraySlice<UInt8>) {
        var cursor = ByteCursor(body)
        guard let legacyVersion = cursor.uint16(), cursor.take(32) != nil, cursor.vector8() != nil,
            let suite = cursor.uint16(), cursor.uint8() != nil
        else { return nil }
        self.init(version: TLSVersion(rawValue: legacyVersion), cipherSuite: CipherSuite(rawValue: suite))
        guard var extensions = cursor.vector16().map({ ByteCursor($0) }) else { return }
        while let type = extensions.uint16(), let data = extensions.vector16() {
            var data = ByteCursor(data)
            switch type {
            case ExtensionType.supportedVersions:
                if let chosen = data.uint16() { version = TLSVersion(rawValue: chosen) }
            case ExtensionType.applicationProtocols:
                applicationProtocol = data.protocolNames().first
            default:
                break
            }
        }
    }
}

/// Numbers of extensions (RFC 8446 section 4.2).
private enum ExtensionType {
    static let serverName: UInt16 = 0
    static let applicationProtocols: UInt16 = 16
    static let supportedVersions: UInt16 = 43
}

/// Reads numbers and vectors (RFC 8446 section 3) from the front of bytes; nil where too few are left.
private struct ByteCursor {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func uint8() -> UInt8? { rest.popFirst() }

    mutating func uint16() -> UInt16? { take(2).map { $0.reduce(0) { $0 << 8 | UInt16($1) } } }

    mutating func uint24() -> Int? { take(3).map { $0.reduce(0) { $0 << 8 | Int($1) } } }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        return takeAtMost(count)
    }

    mutating func takeAtMost(_ count: Int) -> ArraySlice<UInt8> {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func vector8() -> ArraySlice<UInt8>? { uint8().flatMap { take(Int($0)) } }

    mutating func vector16() -> ArraySlice<UInt8>? { uint16().flatMap { take(Int($0)) } }

    mutating func protocolNames() -> [String] {
        guard var list = vector16().map({ ByteCursor($0) }) else { return [] }
        var names: [String] = []
        while let name = list.vector8() { names.append(String(decoding: name, as: UTF8.self)) }
        return names
    }
}
