import XMPP

/// Writes a transcript as text, record by record (docs/transcript-format.md).
///
/// The pieces put together are the whole text, so a transcript can be written as it happens.
public struct TextWriter: Sendable {
    /// Adds the seconds since the connection was accepted to each header line.
    public var showsTiming: Bool
    /// Ends each finding with its code in brackets.
    public var showsCodes: Bool
    /// Bytes of a packet that are shown (rule 7).
    public var maxPacketBytes: Int
    private var isFirst = true
    private var layout = XMLLayout()

    /// Makes a writer for the text of one connection.
    public init(showsTiming: Bool = false, showsCodes: Bool = false, maxPacketBytes: Int = 64 * 1024) {
        self.showsTiming = showsTiming
        self.showsCodes = showsCodes
        self.maxPacketBytes = max(1, maxPacketBytes)
    }

    /// The whole of a transcript.
    public static func text(
        _ transcript: Transcript,
        showsTiming: Bool = false,
        showsCodes: Bool = false
    ) -> String {
        var writer = TextWriter(showsTiming: showsTiming, showsCodes: showsCodes)
        var bytes: [UInt8] = []
        writer.append(title: transcript.title, to: &bytes)
        for record in transcript.records { writer.append(record, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the lines before the first record. Lines without text are left out.
    public mutating func append(title: [String], to output: inout [UInt8]) {
        append(paragraph: title, to: &output)
    }

    /// Appends one record, and before it the empty line that sets it apart from what was written before.
    public mutating func append(_ record: Record, to output: inout [UInt8]) {
        switch record {
        case .packet(let packet):
            separate(&output)
            append(packet, to: &output)
        case .event(let event):
            separate(&output)
            output.append(line: event.text, between: "[", "]")
        case .summary(let summary):
            append(paragraph: summary.lines, to: &output)
        case .prose(let lines):
            append(paragraph: lines, to: &output)
        }
    }

    /// An empty line stands between records, none behind the last one.
    private mutating func separate(_ output: inout [UInt8]) {
        if !isFirst { output.append(.lineFeed) }
        isFirst = false
    }

    private mutating func append(paragraph: [String], to output: inout [UInt8]) {
        let lines = paragraph.filter { !$0.utf8.allSatisfy(isBlank) }
        guard let first = lines.first else { return }
        separate(&output)
        output.append(line: first, unless: { LineMeaning.isEvent($0.withoutOuterBlanks) })
        for line in lines.dropFirst() { output.append(line: line) }
    }

    private mutating func append(_ packet: PacketRecord, to output: inout [UInt8]) {
        appendHeaderLine(packet, to: &output)
        append(xmlOf: packet, to: &output)
        let explanation = packet.telling.text.withoutOuterBlanks
        if !explanation.isEmpty { output.append(line: explanation, unless: LineMeaning.isNoExplanation) }
        for finding in packet.telling.findings {
            output.append(contentsOf: finding.line(showsCode: showsCodes).utf8)
            output.append(.lineFeed)
        }
    }

    /// Appends the lines of a packet alone: its XML, and what stanzatap did to it.
    public mutating func append(xmlOf packet: PacketRecord, to output: inout [UInt8]) {
        appendXML(packet.xml, omitted: packet.omittedBytes, to: &output)
        if let replacement = packet.replacement {
            output.append(line: packet.direction.receiver.rawValue, between: "[The ", " got instead:]")
            appendXML(replacement, omitted: packet.replacementOmittedBytes, to: &output)
        }
        if packet.isSentByProxy { output.append(contentsOf: "[Sent by stanzatap]\n".utf8) }
    }

    private func appendHeaderLine(_ packet: PacketRecord, to output: inout [UInt8]) {
        output.append(contentsOf: packet.direction.rawValue.utf8)
        if let number = packet.number {
            output.append(.blank)
            output.append(decimal: number, digits: 3)
        }
        if showsTiming, let seconds = packet.secondsSinceStart {
            output.append(contentsOf: " +".utf8)
            output.append(seconds: seconds, places: .milliseconds)
            output.append(UInt8(ascii: "s"))
        }
        output.append(.lineFeed)
    }

    private mutating func appendXML(_ xml: [UInt8], omitted: Int, to output: inout [UInt8]) {
        let shown = xml.withUnsafeBufferPointer { bytes in
            let shown = bytes.count > maxPacketBytes ? bytes.wholeCharacters(before: maxPacketBytes) : bytes
            layout.append(shown, to: &output)
            return shown.count
        }
        if !xml.isEmpty { output.append(.lineFeed) }
        let left = OmittedLine(count: omitted.addingClamped(xml.count - shown))
        if left.count > 0 { output.append(line: left.text) }
    }
}

extension Int {
    /// A sum that cannot overflow, for counts that may come from a file.
    func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The first bytes, without the beginning of a UTF-8 character whose end would be missing.
    fileprivate func wholeCharacters(before end: Int) -> Self {
        var end = end
        for back in 1...3 where back <= end {
            let byte = self[end - back]
            if byte < 0x80 { break }
            if byte >= 0xC0 {
                if (byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2) > back { end -= back }
                break
            }
        }
        return Self(rebasing: self[..<end])
    }
}
