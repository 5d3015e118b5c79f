import XMLStream
import XMPP

/// Reads XML without header lines, as the console of a client shows it and people paste it: packet after packet, of both
/// directions. Who sent which is taken from the words between them (`<!-- In -->`, `SENT:`), else from what the packet says.
public struct BareXMLReader {
    private var reading = TextReading()
    /// Who asked with which id; an answer goes the other way.
    private var askers: [String: Direction] = [:]
    private var guesses = 0
    /// Where the packet begins that is being read.
    private var line = 1
    private var lastDirection = Direction.serverToClient

    /// Nil if the text holds no packet that can be read.
    public static func read(_ text: String) -> TextReading? {
        var reader = BareXMLReader()
        reader.readAll(Array(text.utf8))
        guard !reader.reading.transcript.records.isEmpty else { return nil }
        if reader.guesses > 0 {
            let packets = reader.guesses == 1 ? "1 packet does" : "\(reader.guesses) packets do"
            let note = "\(packets) not tell who sent it; that is taken from what it says"
            reader.reading.repairs.append(LineNote(line: 1, text: note))
        }
        return reader.reading
    }

    private mutating func readAll(_ bytes: [UInt8]) {
        let header = Array("<stream:stream xmlns='\(NS.client)' xmlns:stream='\(NS.streams)'>".utf8)
        let parser = StreamParser()
        parser.append(header + bytes.drop { $0 != .lessThan })
        _ = parser.next()
        let shift = header.count - bytes.prefix { $0 != .lessThan }.count
        var place = (line: 1, offset: 0)
        var words: [UInt8] = Array(bytes.prefix { $0 != .lessThan })
        while let event = parser.next() {
            let xml = Self.withoutMisplaced(event.bytes)
            let offset = max(place.offset, min(bytes.count, event.range.upperBound - xml.count - shift))
            place = (place.line + bytes[place.offset..<offset].count { $0 == .lineFeed }, offset)
            line = place.line
            switch event.kind {
            case .header(let element), .element(let element):
                words += event.bytes.dropLast(xml.count)
                add(xml, element, words)
                words = []
            case .end:
                add(xml, nil, words)
                words = []
            case .whitespace: break
            case .strayText: words += event.bytes
            case .oversized, .failure:
                let line = 1 + bytes.prefix(max(0, event.range.lowerBound - shift)).count { $0 == .lineFeed }
                reading.problems.append(LineNote(line: line, text: "what stands from here on is no XML of a stream"))
                return
            }
        }
        if parser.unreadCount > 0 {
            let line = 1 + bytes.dropLast(parser.unreadCount).count { $0 == .lineFeed }
            reading.problems.append(LineNote(line: line, text: "half a packet"))
        }
    }

    /// The parser counts comments before a packet as part of it; an XML declaration is one.
    private static func withoutMisplaced(_ bytes: [UInt8]) -> [UInt8] {
        var rest = bytes[...]
        while rest.starts(with: "<!--".utf8), let end = rest.firstRange(of: "-->".utf8)?.upperBound {
            rest = rest[end...].drop { $0.isXMLWhitespace }
        }
        return Array(rest)
    }

    private mutating func add(_ xml: [UInt8], _ element: Element?, _ words: [UInt8]) {
        let told = Self.direction(in: words)
        if told == nil { guesses += 1 }
        let direction = told ?? element.map { guess($0) } ?? lastDirection.opposite
        if let element, element.name == "iq", let id = element["id"], ["get", "set"].contains(element["type"]) {
            askers[id] = direction
        }
        lastDirection = direction
        let number = reading.transcript.records.count + 1
        reading.packetLines.append(line)
        reading.transcript.records.append(.packet(PacketRecord(number: number, direction: direction, xml: xml)))
    }

    // MARK: Who sent it

    /// What the last word between two packets that means a direction says.
    private static func direction(in words: [UInt8]) -> Direction? {
        let words = String(decoding: words, as: UTF8.self).lowercased().split { !$0.isLetter }
        for word in words.reversed() {
            switch word {
            case "out", "sent", "send", "outgoing", "sending": return .clientToServer
            case "in", "recv", "received", "receive", "incoming": return .serverToClient
            default: continue
            }
        }
        return nil
    }

    private func guess(_ element: Element) -> Direction {
        switch (element.namespace, element.name) {
        case (NS.streams, "stream"):
            return element["id"] != nil || (element["to"] == nil && element["from"] != nil)
                ? .serverToClient : .clientToServer
        case (NS.client, "iq"): return iqDirection(element)
        case (NS.client, _): return element["from"] != nil ? .serverToClient : .clientToServer
        case (_, let name): return Self.requests.contains(name) ? .clientToServer : .serverToClient
        }
    }

    private func iqDirection(_ iq: Element) -> Direction {
        if !["get", "set"].contains(iq["type"]), let asker = iq["id"].flatMap({ askers[$0] }) { return asker.opposite }
        if let from = iq["from"] {
            // A full address that asks without saying whom is the client's own; what a server hands on says both.
            let isOwn = iq["to"] == nil && from.utf8.contains(.slash) && ["get", "set"].contains(iq["type"])
            return isOwn ? .clientToServer : .serverToClient
        }
        return ["get", "set"].contains(iq["type"]) || iq["to"] != nil ? .clientToServer : .serverToClient
    }

    /// Nonzas that only clients send (RFC 6120 sections 5 and 6, XEP-0138, XEP-0198, XEP-0352, XEP-0388).
    private static let requests: Set<String> = [
        "starttls", "auth", "response", "abort", "authenticate", "next", "compress", "enable", "resume", "r", "active",
        "inactive",
    ]
}
