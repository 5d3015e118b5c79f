import XMPP

/// Writes a transcript as text, record by record (docs/transcript-format.md).
///
/// The pieces put together are the whole text, so a transcript can be written as it happens.
public struct TextWriter: Sendable {
    /// Adds the seconds since the connection was accepted to each header line.
    public var showsTiming: Bool
    /// Bytes of a packet that are shown (rule 7).
    public var maxPacketBytes: Int
    private var isFirst = true

    public init(showsTiming: Bool = false, maxPacketBytes: Int = 64 * 1024) {
        self.showsTiming = showsTiming
        self.maxPacketBytes = max(1, maxPacketBytes)
    }

    /// The whole of a transcript.
    public static func text(_ transcript: Transcript, showsTiming: Bool = false) -> String {
        var writer = TextWriter(showsTiming: showsTiming)
        var bytes: [UInt8] = []
        writer.append(title: transcript.title, to: &bytes)
        for record in transcript.records { writer.append(record, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    public mutating func append(title: [String], to output: inout [UInt8]) {
        guard !title.isEmpty else { return }
        separate(&output)
        for line in title { append(line: line, to: &output) }
    }

    public mutating func append(_ record: Record, to output: inout [UInt8]) {
        separate(&output)
        switch record {
        case .packet(let packet): append(packet, to: &output)
        case .event(let event): append(line: "[\(event.text)]", to: &output)
        case .prose(let lines): for line in lines { append(line: line, to: &output) }
        }
    }

    /// An empty line stands between records, none behind the last one.
    private mutating func separate(_ output: inout [UInt8]) {
        if !isFirst { output.append(newline) }
        isFirst = false
    }

    private func append(_ packet: PacketRecord, to output: inout [UInt8]) {
        appendHeaderLine(packet, to: &output)
        appendXML(packet.xml, omitted: packet.omittedBytes, to: &output)
        if let replacement = packet.replacement {
            append(line: "[The \(packet.direction.receiver) got instead:]", to: &output)
            appendXML(replacement, omitted: 0, to: &output)
        }
        if packet.isSentByProxy { append(line: "[Sent by stanzatap]", to: &output) }
        if !packet.explanation.isEmpty { append(line: packet.explanation, to: &output) }
        for finding in packet.findings { append(line: "\(finding.severity.rawValue): \(finding.text)", to: &output) }
    }

    private func appendHeaderLine(_ packet: PacketRecord, to output: inout [UInt8]) {
        output.append(contentsOf: packet.direction.rawValue.utf8)
        if let number = packet.number {
            output.append(UInt8(ascii: " "))
            let digits = String(number)
            output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, 3 - digits.utf8.count)))
            output.append(contentsOf: digits.utf8)
        }
        if showsTiming, let seconds = packet.secondsSinceStart {
            output.append(contentsOf: " +\(Decimal.text(seconds, digits: 3))s".utf8)
        }
        output.append(newline)
    }

    private func appendXML(_ xml: [UInt8], omitted: Int, to output: inout [UInt8]) {
        var layout = XMLLayout()
        let shown = xml.count > maxPacketBytes ? xml.prefix(maxPacketBytes).droppingHalfCharacter : xml[...]
        layout.append(shown, to: &output)
        output.append(newline)
        let left = omitted + xml.count - shown.count
        if left > 0 { append(line: omittedLine(left), to: &output) }
    }

    /// One line, whatever stands in `text`.
    private func append(line text: String, to output: inout [UInt8]) {
        if text.isPrintableASCII {
            output.append(contentsOf: text.utf8)
        } else {
            output.append(contentsOf: text.shown(limit: .max).utf8)
        }
        output.append(newline)
    }
}

let newline = UInt8(ascii: "\n")

/// The line that ends a packet which is not shown whole.
func omittedLine(_ count: Int) -> String {
    "[\(count) \(count == 1 ? "byte is" : "bytes are") left out of the transcript; the capture holds them all.]"
}

extension ArraySlice<UInt8> {
    /// Without the first bytes of a UTF-8 character at the end whose last ones are missing.
    fileprivate var droppingHalfCharacter: ArraySlice<UInt8> {
        guard let lead = suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }), self[lead] >= 0xC0 else { return self }
        let length = self[lead] >= 0xF0 ? 4 : self[lead] >= 0xE0 ? 3 : 2
        return endIndex - lead < length ? self[..<lead] : self
    }
}
