import XMLStream
import XMPP

/// Reads a transcript back: what `TextWriter` wrote, exactly; what people edited or web pages damaged, as far as it goes (rule 9).
public struct TextReader {
    private let lines: [String]
    private var index = 0
    private var reading = TextReading()
    /// Our own files hold what was on the wire; mending them would be wrong.
    private var mendsXML = true

    /// - Throws: `TranscriptError` if there is not a single packet in the text.
    public static func read(_ text: String) throws(TranscriptError) -> TextReading {
        var reader = TextReader(text)
        reader.readAll()
        guard !reader.reading.transcript.packets.isEmpty || reader.hasOwnTitle else {
            let problem = reader.reading.problems.first.map { " (\($0))" } ?? ""
            throw TranscriptError(
                "there is no packet in it: no header line such as \"C->S 001\" with XML below\(problem)"
            )
        }
        return reader.reading
    }

    /// True if two ids are the same but for letter case, which web pages break.
    public static func isSameID(_ one: String?, _ other: String?) -> Bool { one?.lowercased() == other?.lowercased() }

    private init(_ text: String) {
        // By bytes, for Swift takes CR LF for one character.
        lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
    }

    private var hasOwnTitle: Bool {
        let title = reading.transcript.title
        return title.count == 2 && title[0].hasPrefix("XMPP session with ") && title[1].contains(", stanzatap ")
    }

    private mutating func readAll() {
        readTitle()
        mendsXML = !hasOwnTitle
        while index < lines.count {
            let line = lines[index]
            if line.trimmed.isEmpty {
                index += 1
            } else if let header = PacketHeaderLine(line) {
                readPacket(header)
            } else if let event = bracketed(line) {
                reading.transcript.records.append(.event(EventRecord(kind: "", text: event)))
                index += 1
            } else {
                readProse()
            }
        }
    }

    /// Everything up to the first empty line or packet.
    private mutating func readTitle() {
        while index < lines.count, PacketHeaderLine(lines[index]) == nil, !lines[index].trimmed.isEmpty {
            if reading.transcript.title.isEmpty && bracketed(lines[index]) != nil { return }
            reading.transcript.title.append(lines[index])
            index += 1
        }
    }

    private mutating func readProse() {
        var paragraph: [String] = []
        while index < lines.count, PacketHeaderLine(lines[index]) == nil, !lines[index].trimmed.isEmpty {
            paragraph.append(lines[index])
            index += 1
        }
        reading.transcript.records.append(.prose(paragraph))
    }

    // MARK: Packets

    private mutating func readPacket(_ header: PacketHeaderLine) {
        let headerIndex = index
        if !header.isCanonical {
            let text =
                "the header line \(lines[index].trimmed.quoted(limit: 40)) is read as \(header.direction.rawValue)"
            reading.repairs.append(LineNote(line: index + 1, text: text))
        }
        index += 1
        guard let (xml, omitted) = readXML() else {
            let text = "no XML that can be read follows \(lines[headerIndex].trimmed.quoted(limit: 40))"
            reading.problems.append(LineNote(line: headerIndex + 1, text: text))
            reading.transcript.records.append(.prose(Array(lines[headerIndex..<index])))
            return
        }
        var packet = PacketRecord(number: header.number, direction: header.direction, xml: xml)
        packet.omittedBytes = omitted
        packet.secondsSinceStart = header.seconds
        readRemarks(&packet)
        reading.transcript.records.append(.packet(packet))
    }

    /// The XML from this line on, with the layout undone, and how many bytes the text says are left out.
    private mutating func readXML() -> ([UInt8], Int)? {
        let start = index
        var layout = LaidOutXML()
        while index < lines.count, PacketHeaderLine(lines[index]) == nil {
            if let omitted = omittedCount(lines[index]), !layout.bytes.isEmpty {
                index += 1
                return (layout.bytes, omitted)
            }
            if lines[index].trimmed.isEmpty { break }
            let isComplete = layout.add(lines[index])
            index += 1
            guard isComplete else { continue }
            // A packet that ends well may still be cut in the transcript.
            if index < lines.count, let omitted = omittedCount(lines[index]) {
                index += 1
                return (layout.bytes, omitted)
            }
            let (bytes, repairs) = mendsXML ? XMLRepair.mend(layout.bytes) : (layout.bytes, [])
            for repair in repairs { reading.repairs.append(LineNote(line: start + 1, text: repair)) }
            return isReadable(bytes) ? (bytes, 0) : nil
        }
        return nil
    }

    private mutating func readRemarks(_ packet: inout PacketRecord) {
        while index < lines.count, PacketHeaderLine(lines[index]) == nil, !lines[index].trimmed.isEmpty {
            let line = lines[index]
            if line.hasPrefix("[The "), line.hasSuffix(" got instead:]") {
                index += 1
                packet.replacement = readXML()?.0
                continue
            }
            if line == "[Sent by stanzatap]" {
                packet.isSentByProxy = true
            } else if let finding = finding(line) {
                packet.findings.append(finding)
            } else if packet.explanation.isEmpty, packet.findings.isEmpty, bracketed(line) == nil {
                packet.explanation = line
            } else {
                return
            }
            index += 1
        }
    }

    private func finding(_ line: String) -> Finding? {
        for severity in Finding.Severity.allCases where line.hasPrefix(severity.rawValue + ": ") {
            return Finding(severity, String(line.dropFirst(severity.rawValue.count + 2)))
        }
        return nil
    }

    private func bracketed(_ line: String) -> String? {
        line.hasPrefix("[") && line.hasSuffix("]") ? String(line.dropFirst().dropLast()) : nil
    }

    private func omittedCount(_ line: String) -> Int? {
        guard line.hasPrefix("["), let count = Int(line.dropFirst().prefix { $0.isNumber }) else { return nil }
        return line == omittedLine(count) ? count : nil
    }

    /// Well-formed in the middle of a stream? Prefixes may come from a header that is not here.
    private func isReadable(_ bytes: [UInt8]) -> Bool {
        if bytes.starts(with: Array("</".utf8)) { return true }
        let parser = StreamParser()
        parser.append(Array("<s xmlns='\(NS.client)' xmlns:stream='\(NS.streams)'>".utf8) + bytes)
        _ = parser.next()
        switch parser.next()?.kind {
        case .header?, .element?, .oversized?: return true
        case .whitespace?, .strayText?, .end?, .failure?, nil: return false
        }
    }
}
