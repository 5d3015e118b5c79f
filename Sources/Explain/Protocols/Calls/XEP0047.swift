import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// Bytes within stanzas (XEP-0047).
    static let inBandBytestreams: ProtocolEntry = {
        var entry = ProtocolEntry("XEP-0047", "In-Band Bytestreams", ["http://jabber.org/protocol/ibb"])
        entry.codes = [.ibbSequence, .ibbBlockSize, .ibbData]
        entry.volatile = [.attribute("sid", of: nil, "http://jabber.org/protocol/ibb")]
        entry.teller = { BytestreamTeller() }
        return entry
    }()
}

/// Tells bytestreams within stanzas, and counts what was sent in each.
private struct BytestreamTeller: Teller {
    private struct Flow {
        var next: Int?
        var bytes = 0
    }

    /// By the sid, the direction, and the other side: each pair has its own numbers.
    private var flows: [String: Flow] = [:]
    /// Flows that are counted; beyond that all are forgotten.
    private static let limit = 128

    mutating func tell(_ element: Element, at place: Place, in packet: Packet, _ scene: inout Scene) -> Telling? {
        guard let exchange = Exchange(element, place, packet, scene) else { return nil }
        switch exchange.turn {
        case .set, .get, .message:
            switch element.name {
            case "open": return open(exchange, &scene)
            case "data": return data(exchange)
            case "close":
                let text = "\(exchange.who) closes the bytestream \(sid(element))\(sent(exchange))."
                // Its number may be given again.
                for isClients in [true, false] { flows[key(exchange, isClients)] = nil }
                return Telling(text)
            default: return nil
            }
        case .result: return received(exchange)
        case .refusal(let error): return refusal(error, exchange)
        case .presence: return nil
        }
    }

    private func sid(_ element: Element) -> String { element["sid"]?.nonEmpty?.shown(limit: 60) ?? "without an id" }

    private func key(_ exchange: Exchange) -> String {
        key(exchange, exchange.packet.direction == .clientToServer)
    }

    private func key(_ exchange: Exchange, _ isClients: Bool) -> String {
        let other = exchange.stanza[exchange.packet.direction == .clientToServer ? "to" : "from"] ?? ""
        return key(exchange.element, isClients, other)
    }

    private func key(_ element: Element, _ isClients: Bool, _ other: String) -> String {
        "\((element["sid"] ?? "").shown(limit: 200)) \(isClients) \(other.addressKey.shown(limit: 300))"
    }

    private mutating func open(_ exchange: Exchange, _ scene: inout Scene) -> Telling {
        if flows.count >= Self.limit { flows.removeAll() }
        for isClients in [true, false] { flows[key(exchange, isClients)] = Flow(next: 0) }
        let block = Say.bytes(exchange.element["block-size"]).map { " in blocks of at most \($0)" } ?? ""
        let by = exchange.element["stanza"] == "message" ? ", sent in messages" : ""
        return Telling(
            "\(exchange.who) opens the bytestream \(sid(exchange.element)) to \(exchange.whom), within XMPP itself\(block)\(by)\(scene.cite("XEP-0047")).",
            blockSizeFlaw(exchange.element)
        )
    }

    private func blockSizeFlaw(_ element: Element) -> [Finding] {
        if let size = element["block-size"], let bytes = Int(size), (1...65_535).contains(bytes) { return [] }
        let what = element["block-size"].map { "block-size= is \($0.quoted(limit: 20))" } ?? "there is no block-size="
        return [
            Finding(.ibbBlockSize, "\(what); it must be a whole number from 1 to 65,535 (XEP-0047 section 2.1).")
        ]
    }

    /// Whether the content is no Base64 at all: a sign that it does not have, or padding in the middle.
    private func isNoBase64(_ text: String) -> Bool {
        var isPadded = false
        for byte in text.utf8 where ![0x09, 0x0A, 0x0D, 0x20].contains(byte) {
            if byte == UInt8(ascii: "=") { isPadded = true } else if isPadded || !Self.isSign(byte) { return true }
        }
        return false
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    private mutating func data(_ exchange: Exchange) -> Telling {
        let size = Say.decodedSize(exchange.element.text)
        let key = key(exchange)
        let number = exchange.element["seq"].flatMap { Int($0) }
        var findings: [Finding] = []
        if isNoBase64(exchange.element.text) {
            findings.append(
                Finding(.ibbData, "the content is no Base64; the receiver must reject it (XEP-0047 section 2.2).")
            )
        }
        var total = ""
        if var flow = flows[key] {
            flow.bytes += size
            if let next = flow.next, let number, next != number, exchange.packet.view.otherDirectionIsReadable {
                findings.append(
                    Finding(
                        .ibbSequence,
                        "block \(number) comes where \(next) is due; the receiver must close the bytestream (XEP-0047 section 2.2)."
                    )
                )
            }
            // It begins again at 0 after 65535.
            flow.next = number.map { ($0 &+ 1) & 0xFFFF }
            flows[key] = flow
            if flow.bytes != size { total = ", \(Say.number(String(flow.bytes))) so far" }
        }
        let which = number.map { "block \($0)" } ?? "a block without a number"
        return Telling(
            "\(exchange.who) sends \(which) of the bytestream \(sid(exchange.element)): \(Say.bytes(String(size)) ?? "")\(total).",
            findings
        )
    }

    private func sent(_ exchange: Exchange) -> String {
        let mine = flows[key(exchange)]?.bytes ?? 0
        return mine == 0 ? "" : "; it has sent \(Say.bytes(String(mine)) ?? "") in it"
    }

    private func received(_ exchange: Exchange) -> Telling? {
        guard let asked = exchange.asked else { return nil }
        switch asked.name {
        case "open": return Telling("\(exchange.who) accepts the bytestream \(sid(asked)).")
        case "data":
            return Telling(
                "\(exchange.who) has received block \(asked["seq"]?.nonEmpty?.shown(limit: 10) ?? "without a number") of the bytestream \(sid(asked))."
            )
        case "close": return Telling("The bytestream \(sid(asked)) is closed.")
        default: return nil
        }
    }

    private mutating func refusal(_ error: StanzaError, _ exchange: Exchange) -> Telling? {
        guard let asked = exchange.asked else { return nil }
        let id = sid(asked)
        // What could not be delivered may be sent again (XEP-0047 section 2.2).
        if asked.name == "data" {
            let isClients = exchange.packet.direction == .serverToClient
            let other = exchange.stanza[isClients ? "from" : "to"] ?? ""
            flows[key(asked, isClients, other)]?.next = nil
        }
        switch (asked.name, error.known) {
        case ("open", .resourceConstraint?):
            return exchange.refused(
                "the bytestream \(id)",
                error,
                why: "the blocks are too large for it (\(error.name))"
            )
        case ("open", .serviceUnavailable?):
            return exchange.refused(
                "the bytestream \(id)",
                error,
                why: "in-band bytestreams are not to be had there (\(error.name))"
            )
        case ("open", .notAcceptable?):
            return exchange.refused("the bytestream \(id)", error, why: "it does not want it (\(error.name))")
        case (_, .itemNotFound?):
            return Telling(
                "\(exchange.who) knows no bytestream \(id) (\(error.name)).\(error.says)".collapsingStops,
                error.findings
            )
        case ("data", _):
            return exchange.refused(
                "block \(asked["seq"]?.nonEmpty?.shown(limit: 10) ?? "without a number") of the bytestream \(id)",
                error
            )
        default: return exchange.refused("the bytestream \(id)", error)
        }
    }
}

extension FindingCode {
    static let ibbBlockSize = warning(
        "ibb.block-size",
        "XEP-0047 section 2.1",
        "Who opens an in-band bytestream must say how long its blocks are at most, which is 65,535 bytes or less."
    )
    static let ibbData = warning(
        "ibb.data",
        "XEP-0047 section 2.2",
        "The bytes of a block are sent as Base64. Anything else cannot be turned into bytes again, and must be rejected."
    )
    static let ibbSequence = warning(
        "ibb.sequence",
        "XEP-0047 section 2.2",
        "The blocks of an in-band bytestream are numbered without a gap, from 0 on. One that is out of order means that bytes were lost or doubled; the receiver must close the bytestream."
    )
}
