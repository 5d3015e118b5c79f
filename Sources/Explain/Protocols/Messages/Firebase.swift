import Session
import XMLStream
import XMPP

extension ProtocolEntry {
    /// The dialect of Firebase Cloud Messaging, whose payload is JSON.
    static let firebase: ProtocolEntry = {
        var entry = ProtocolEntry("Google", "Firebase Cloud Messaging", ["google:mobile:data"])
        entry.part = addFirebase
        return entry
    }()
}

/// What the service and an app's server say to each other, by the fields of the JSON text.
private func addFirebase(_ element: Element, _ parts: inout MessageParts, _ scene: inout Scene) {
    guard element.name == "gcm" else {
        parts.others.append(element)
        return
    }
    let fields = JSONFields(element.text)
    let id = fields["message_id"].map { "the message \($0.shown(limit: 60))" } ?? "a message"
    let device = fields["from"] ?? fields["to"] ?? fields["registration_id"]
    let name = device.map { " of the device \($0.shown(limit: 40))" } ?? ""
    let who = parts.frame.subject
    let why = [fields["error"], fields["error_description"]].compactMap { $0?.nonEmpty?.shown(limit: 100) }
    switch fields["message_type"] {
    case "ack"?: parts.whole = "\(who) acknowledges \(id)\(name)."
    case "nack"?:
        let reason = why.isEmpty ? "" : ": \(why.joined(separator: ", "))"
        parts.whole = "\(who) does not take \(id)\(name)\(reason)."
    case "receipt"?:
        let status = fields["message_status"].map { ": \($0.shown(limit: 60))" } ?? ""
        parts.whole =
            "\(who) reports what became of \(fields["original_message_id"].map { "the message \($0.shown(limit: 60))" } ?? id)\(name)\(status)."
    case "control"?:
        let type = fields["control_type"]?.shown(limit: 60) ?? "not named"
        let means =
            type == "CONNECTION_DRAINING"
            ? ": this connection will be closed soon, and new messages belong on another one" : ""
        parts.whole = "\(who) sends a control message, \(type)\(means)."
    case let other?: parts.whole = "\(who) sends a message of the type \(other.quoted(limit: 40)), \(id)\(name)."
    case nil where fields.isObject:
        let to = fields["to"].map { " for the device \($0.shown(limit: 40))" } ?? ""
        let from = fields["from"].map { " from the device \($0.shown(limit: 40))" } ?? ""
        let app = fields["category"].map { " of the app \($0.shown(limit: 60))" } ?? ""
        parts.whole = "\(who) sends \(id)\(to)\(from)\(app)."
    case nil: parts.whole = "\(who) sends a message of Firebase Cloud Messaging whose content is no JSON object."
    }
}

/// The texts and numbers that stand directly in a JSON object (RFC 8259); what is nested is passed over.
struct JSONFields {
    private var values: [String: String] = [:]
    /// True if the text begins as an object.
    private(set) var isObject = false

    subscript(name: String) -> String? { values[name] }

    init(_ text: String) {
        var reader = Reader(bytes: Array(text.utf8.prefix(65_536)))
        guard reader.take("{") else { return }
        isObject = true
        while values.count < 100 {
            guard let name = reader.string(), reader.take(":") else { return }
            if let value = reader.value() { values[name] = value }
            guard reader.take(",") else { return }
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        mutating func skipBlanks() {
            while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
        }

        mutating func take(_ sign: Character) -> Bool {
            skipBlanks()
            guard place < bytes.count, bytes[place] == sign.asciiValue else { return false }
            place += 1
            return true
        }

        /// A text in quotes, its escapes resolved but for those of code points beyond ASCII, which stay as they are.
        mutating func string() -> String? {
            guard take("\"") else { return nil }
            var result: [UInt8] = []
            while place < bytes.count {
                let byte = bytes[place]
                place += 1
                if byte == UInt8(ascii: "\"") { return String(decoding: result, as: UTF8.self) }
                if byte == UInt8(ascii: "\\"), place < bytes.count {
                    switch bytes[place] {
                    case UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "r"): result.append(0x20)
                    case UInt8(ascii: "u"): result += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
                    default: result.append(bytes[place])
                    }
                    place += 1
                } else {
                    result.append(byte)
                }
            }
            return nil
        }

        /// A text, number or word; nil for an object or a list, which is passed over.
        mutating func value() -> String? {
            skipBlanks()
            guard place < bytes.count else { return nil }
            switch bytes[place] {
            case UInt8(ascii: "\""): return string()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                skipNested()
                return nil
            default:
                let start = place
                while place < bytes.count, !Self.ends.contains(bytes[place]) { place += 1 }
                return String(decoding: bytes[start..<place], as: UTF8.self).trimmed
            }
        }

        private static let ends = Set(",}]".utf8)

        private mutating func skipNested() {
            var depth = 0
            while place < bytes.count {
                switch bytes[place] {
                case UInt8(ascii: "\""):
                    if string() == nil { return }
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
                place += 1
                if depth == 0 { return }
            }
        }
    }
}
