import XMLStream
import XMPP

/// Writes transcripts as JSON Lines: one object a line for each connection, packet, event and summary.
///
/// The fields are described in docs/jsonl-format.md. What is unknown is left out.
public struct JSONLinesWriter: Sendable {
    public init() {}

    /// The line with which a connection begins.
    public func append(
        connection: Int,
        domain: String?,
        client: String,
        server: String?,
        time: UInt64?,
        program: String,
        to output: inout [UInt8]
    ) {
        var object = JSONObject(kind: "connection", connection: connection, into: &output)
        object.add("time", time.map { UTCTime(nanoseconds: $0).rfc3339 })
        object.add("client", client)
        object.add("server", server)
        object.add("domain", domain)
        object.add("program", program)
        object.end(into: &output)
    }

    public func append(_ record: Record, connection: Int, to output: inout [UInt8]) {
        switch record {
        case .packet(let packet):
            append(packet, connection: connection, to: &output)
        case .event(let event):
            var object = JSONObject(kind: "event", connection: connection, into: &output)
            object.add("time", event.time.map { UTCTime(nanoseconds: $0).rfc3339 })
            object.add("offset", event.secondsSinceStart)
            object.add("event", event.kind.isEmpty ? nil : event.kind)
            object.add("text", event.text)
            object.end(into: &output)
        case .prose(let lines):
            var object = JSONObject(kind: "summary", connection: connection, into: &output)
            object.add("text", lines.joined(separator: "\n"))
            object.end(into: &output)
        }
    }

    private func append(_ packet: PacketRecord, connection: Int, to output: inout [UInt8]) {
        var object = JSONObject(kind: "packet", connection: connection, into: &output)
        object.add("number", packet.number)
        object.add("direction", packet.direction.rawValue)
        object.add("time", packet.time.map { UTCTime(nanoseconds: $0).rfc3339 })
        object.add("offset", packet.secondsSinceStart)
        object.add("bytes", packet.xml.count + packet.omittedBytes)
        object.add("xml", bytes: packet.xml)
        if packet.omittedBytes > 0 { object.add("omitted", packet.omittedBytes) }
        if let replacement = packet.replacement { object.add("replacement", bytes: replacement) }
        if packet.isSentByProxy { object.add("sentBy", "stanzatap") }
        if let root = packet.root {
            object.add("name", root.name)
            object.add("namespace", root.namespace)
            object.add("type", root.type)
            object.add("id", root.id)
            object.add("from", root.from)
            object.add("to", root.to)
        }
        object.add("answers", packet.answers)
        object.add("delay", packet.answerDelay)
        object.add("explanation", packet.explanation.isEmpty ? nil : packet.explanation)
        object.add(findings: packet.findings)
        object.end(into: &output)
    }
}

/// One JSON object in the making.
private struct JSONObject {
    private var bytes: [UInt8]

    init(kind: String, connection: Int, into output: inout [UInt8]) {
        // The output's own storage is used and given back, so that nothing is copied.
        bytes = output
        output = []
        bytes.append(contentsOf: "{\"kind\":\"".utf8)
        bytes.append(contentsOf: kind.utf8)
        bytes.append(contentsOf: "\",\"connection\":".utf8)
        bytes.append(contentsOf: String(connection).utf8)
    }

    mutating func end(into output: inout [UInt8]) {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(newline)
        output = bytes
        bytes = []
    }

    mutating func add(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        var text = value
        text.withUTF8 { bytes.append(jsonString: $0) }
    }

    mutating func add(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        key(name)
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Seconds, with microseconds.
    mutating func add(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        key(name)
        bytes.append(contentsOf: Decimal.text(value, digits: 6).utf8)
    }

    mutating func add(_ name: StaticString, bytes value: [UInt8]) {
        key(name)
        value.withUnsafeBufferPointer { bytes.append(jsonString: $0) }
    }

    mutating func add(findings: [Finding]) {
        guard !findings.isEmpty else { return }
        key("findings")
        bytes.append(UInt8(ascii: "["))
        for (index, finding) in findings.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: "{\"severity\":\"\(finding.severity.rawValue.lowercased())\",\"text\":".utf8)
            var text = finding.text
            text.withUTF8 { bytes.append(jsonString: $0) }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func key(_ name: StaticString) {
        bytes.append(contentsOf: ",\"".utf8)
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: "\":".utf8)
    }
}

extension [UInt8] {
    /// A JSON string (RFC 8259 section 7); bytes that are not UTF-8 become U+FFFD.
    fileprivate mutating func append(jsonString text: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        var run = 0
        for index in text.indices {
            let byte = text[index]
            if byte >= 0x80 {
                // Rare in XMPP's own names: the careful way for the whole rest.
                append(contentsOf: text[run..<index])
                appendCarefully(String(decoding: text[index...], as: UTF8.self))
                append(UInt8(ascii: "\""))
                return
            }
            guard let escape = jsonEscape(byte) else { continue }
            append(contentsOf: text[run..<index])
            append(contentsOf: escape.utf8)
            run = index + 1
        }
        append(contentsOf: text[run...])
        append(UInt8(ascii: "\""))
    }

    private mutating func appendCarefully(_ text: String) {
        for byte in text.utf8 {
            if let escape = jsonEscape(byte) { append(contentsOf: escape.utf8) } else { append(byte) }
        }
    }
}

private func jsonEscape(_ byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "\""): return "\\\""
    case UInt8(ascii: "\\"): return "\\\\"
    case 0x0A: return "\\n"
    case 0x0D: return "\\r"
    case 0x09: return "\\t"
    case 0..<0x20, 0x7F: return "\\u00" + Decimal.padded(String(byte, radix: 16), 2)
    default: return nil
    }
}
