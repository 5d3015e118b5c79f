import FoundationEssentials
import XMPP

extension CaptureEvent {
    /// The version of the JSON object; readers refuse a higher one.
    public static let formatVersion = 1

    /// The JSON object, one line, always beginning with `{"stanzatap":1,`.
    public var json: String { Wire(self).jsonOfComment }

    /// The largest number of a connection, and the largest count, that is taken from a file: what is added to it stays a number,
    /// and JSON holds it exactly.
    static let largestNumber = 1 << 53

    static let prefix = "{\"stanzatap\":\(formatVersion)"

    /// Reads a packet comment; nil if it is not an event of ours, or one that this version does not know.
    public init?(json: String) {
        guard json.hasPrefix("{\"stanzatap\":"),
            let wire = try? JSONDecoder().decode(Wire.self, from: Data(json.utf8)),
            (wire.stanzatap ?? 0) <= Self.formatVersion,
            let event = wire.event
        else { return nil }
        self = event
    }
}

/// The JSON object behind an event: every field optional, `kind` decides which ones count.
private struct Wire: Decodable {
    var stanzatap: Int?
    var kind = ""
    var connection: Int?
    var client: String?
    var listener: String?
    var program: String?
    var recorder: String?
    var host: String?
    var address: String?
    var how: String?
    var condition: String?
    var reason: String?
    var clientToServerBytes: Int?
    var serverToClientBytes: Int?
    var original: String?
    var side: String?
    var tls: TLSFacts?
    var certificate: TLSFacts.Certificate?
    var remedy: String?
    var decrypted: Bool?
    var kept: Int?
    var count: Int?

    enum CodingKeys: String, CodingKey {
        case stanzatap, connection, client, listener, program, recorder, host, address, how, condition, reason
        case original, side, tls, certificate, remedy, decrypted, kept, count
        case kind = "event"
        case clientToServerBytes = "bytes-from-client"
        case serverToClientBytes = "bytes-from-server"
    }

    init(_ event: CaptureEvent) { fill(event) }

    /// As long as it can be, so that the object fits into a comment: peers can make texts as long as they like.
    var jsonOfComment: String {
        for limit in [2000, 400, 40] {
            var fitting = self
            fitting.shorten(to: limit)
            let text = fitting.json
            if text.utf8.count <= Pcapng.longestComment { return text }
        }
        // Only an original, which is nothing when it is cut, can still be too long; that something was changed is told.
        var rest = self
        rest.shorten(to: 40)
        (rest.kind, rest.original) = ("noticed", nil)
        return rest.json
    }

    /// - Parameter limit: bytes of each text.
    private mutating func shorten(to limit: Int) {
        for path in [\Wire.host, \.how, \.reason, \.recorder, \.remedy, \.program, \.condition] {
            self[keyPath: path] = self[keyPath: path]?.cut(toBytes: limit)
        }
        certificate?.shorten(to: limit)
        tls?.shorten(to: limit)
    }

    private mutating func fill(_ event: CaptureEvent) {
        switch event {
        case .accepted(let number, let client, let listener, let program, let recorder):
            kind = "accepted"
            connection = number
            self.client = client.description
            self.listener = listener.description
            self.program = program
            self.recorder = recorder
        case .continued(let number, let client, let listener, let program, let recorder, let isDecrypted):
            fill(.accepted(number: number, client: client, listener: listener, program: program, recorder: recorder))
            kind = "continued"
            decrypted = isDecrypted
        case .replay(let side):
            kind = "replay"
            self.side = side.rawValue
        case .upstreamConnected(let host, let address, let how):
            kind = "upstream-connected"
            self.host = host
            self.address = address.description
            self.how = how
        case .upstreamFailed(let host, let condition, let reason):
            kind = "upstream-failed"
            self.host = host
            self.condition = condition
            self.reason = reason
        case .sentByProxy(let reason):
            (kind, self.reason) = ("sent-by-stanzatap", reason)
        case .changed(let original, let reason):
            kind = "changed"
            self.original = original
            self.reason = reason
        case .blotted(let side, let kept, let count):
            (kind, self.side, self.kept, self.count) = ("blotted", side.rawValue, kept, count)
        case .tls(let side, let facts):
            kind = "tls"
            self.side = side.rawValue
            tls = facts
        case .tlsFailed(let side, let reason, let certificate, let remedy):
            kind = "tls-failed"
            self.side = side.rawValue
            self.reason = reason
            self.certificate = certificate
            self.remedy = remedy
        case .decrypted(let connection):
            kind = "decrypted"
            self.connection = connection
        case .noticed(let what):
            (kind, reason) = ("noticed", what)
        case .differed(let what):
            (kind, reason) = ("differed", what)
        case .failed(let reason):
            (kind, self.reason) = ("failed", reason)
        case .ended(let up, let down):
            kind = "ended"
            clientToServerBytes = up
            serverToClientBytes = down
        }
    }

    /// Written field by field, for Foundation's encoder would cost a short session more than all else that is recorded of
    /// it. The fields stand in the order of their names.
    var json: String {
        var object = CaptureEvent.prefix
        func add(_ key: CodingKeys, _ value: String?) {
            guard let value else { return }
            object += ",\"\(key.rawValue)\":\(value)"
        }
        add(.address, address.map(jsonString))
        add(.clientToServerBytes, clientToServerBytes.map(String.init))
        add(.serverToClientBytes, serverToClientBytes.map(String.init))
        add(.certificate, certificate.map(jsonText))
        add(.client, client.map(jsonString))
        add(.condition, condition.map(jsonString))
        add(.connection, connection.map(String.init))
        add(.count, count.map(String.init))
        add(.decrypted, decrypted.map(String.init))
        add(.kind, jsonString(kind))
        add(.host, host.map(jsonString))
        add(.how, how.map(jsonString))
        add(.kept, kept.map(String.init))
        add(.listener, listener.map(jsonString))
        add(.original, original.map(jsonString))
        add(.program, program.map(jsonString))
        add(.reason, reason.map(jsonString))
        add(.recorder, recorder.map(jsonString))
        add(.remedy, remedy.map(jsonString))
        add(.side, side.map(jsonString))
        add(.tls, tls.map(jsonText))
        return object + "}"
    }

    var event: CaptureEvent? {
        switch kind {
        case "accepted", "continued":
            guard let connection = number(connection), let client = client.flatMap({ Endpoint($0) }),
                let listener = listener.flatMap({ Endpoint($0) })
            else { return nil }
            let program = program ?? "stanzatap"
            if kind == "accepted" {
                return .accepted(
                    number: connection,
                    client: client,
                    listener: listener,
                    program: program,
                    recorder: recorder
                )
            }
            return .continued(
                number: connection,
                client: client,
                listener: listener,
                program: program,
                recorder: recorder,
                isDecrypted: decrypted ?? false
            )
        case "replay":
            return side.flatMap { Side(rawValue: $0) }.map(CaptureEvent.replay)
        case "upstream-connected":
            guard let host, let address = address.flatMap({ Endpoint($0) }) else { return nil }
            return .upstreamConnected(host: host, address: address, how: how ?? "")
        case "upstream-failed":
            return .upstreamFailed(host: host ?? "", condition: condition ?? "", reason: reason ?? "")
        case "sent-by-stanzatap":
            return .sentByProxy(reason: reason ?? "")
        case "changed":
            return original.map { .changed(original: $0, reason: reason ?? "") }
        case "blotted":
            return side.flatMap { Side(rawValue: $0) }.map {
                .blotted($0, kept: count(kept), count: count(self.count))
            }
        case "tls":
            guard let side = side.flatMap({ Side(rawValue: $0) }), let tls else { return nil }
            return .tls(side, tls)
        case "tls-failed":
            guard let side = side.flatMap({ Side(rawValue: $0) }) else { return nil }
            return .tlsFailed(side, reason: reason ?? "", certificate: certificate, remedy: remedy ?? "")
        case "decrypted":
            return number(connection).map { .decrypted(connection: $0) }
        case "noticed":
            return .noticed(reason ?? "")
        case "differed":
            return .differed(reason ?? "")
        case "failed":
            return .failed(reason: reason ?? "")
        case "ended":
            return .ended(
                clientToServerBytes: count(clientToServerBytes),
                serverToClientBytes: count(serverToClientBytes)
            )
        default:
            return nil
        }
    }

    /// Connections are numbered from 1; anything can stand in somebody's file.
    private func number(_ value: Int?) -> Int? {
        value.flatMap { (1...CaptureEvent.largestNumber).contains($0) ? $0 : nil }
    }

    private func count(_ value: Int?) -> Int { min(max(0, value ?? 0), CaptureEvent.largestNumber) }
}

extension String {
    /// What fits into so many bytes, with a mark where something is missing. One character can have thousands of bytes, so it is
    /// cut between Unicode scalars.
    fileprivate func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var (kept, bytes) = (String.UnicodeScalarView(), 0)
        for scalar in unicodeScalars {
            bytes += UTF8.width(scalar)
            if bytes > limit { break }
            kept.append(scalar)
        }
        return String(kept) + "…"
    }
}

extension TLSFacts {
    fileprivate mutating func shorten(to limit: Int) {
        serverName = serverName?.cut(toBytes: limit)
        applicationProtocol = applicationProtocol?.cut(toBytes: limit)
        certificate?.shorten(to: limit)
        switch verification {
        case .trusted(let domain)?: verification = .trusted(domain: domain.cut(toBytes: limit))
        case .refused(let reason)?: verification = .refused(reason: reason.cut(toBytes: limit))
        case nil: break
        }
    }
}

extension TLSFacts.Certificate {
    /// Names of hosts that an event tells, of the hundreds that there may be, when all do not fit.
    private static let shownNames = 20

    fileprivate mutating func shorten(to limit: Int) {
        subject = subject.cut(toBytes: limit)
        issuer = issuer.cut(toBytes: limit)
        if names.reduce(0, { $0 + $1.utf8.count }) > 8 * limit { names = Array(names.prefix(Self.shownNames)) }
        names = names.map { $0.cut(toBytes: limit) }
    }
}

/// A JSON string; those of printable ASCII, which are nearly all, without Foundation.
private func jsonString(_ text: String) -> String {
    let isPlain = text.isPrintableASCII && !text.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    return isPlain ? "\"\(text)\"" : jsonText(text)
}

private func jsonText(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
}
