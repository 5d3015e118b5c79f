import XMPP

/// Reads a transcript back: what `TextWriter` wrote, exactly; what people edited or web pages damaged, as far as it goes (rule 9).
public struct TextReader {
    private let lines: [TextLine]
    private var index = 0
    private var reading = TextReading()
    private var xml: XMLReader

    /// - Throws: `TranscriptError` if there is not a single packet in the text. A text that begins with a title of
    ///   stanzatap's own is a transcript all the same: of a connection on which nothing was said.
    public static func read(_ text: String) throws(TranscriptError) -> TextReading {
        var reader = TextReader(text)
        reader.readAll()
        guard !reader.reading.transcript.packets.isEmpty || reader.hasOwnTitle else {
            let problem = reader.reading.problems.first.map { " (\($0))" } ?? ""
            throw TranscriptError(
                "there is no packet in it: no header line such as \"C->S 001\" with XML below\(problem)"
            )
        }
        reader.reading.isOwn = reader.hasOwnTitle
        return reader.reading
    }

    /// True if two ids are the same but for letter case, which web pages break.
    public static func isSameID(_ one: String?, _ other: String?) -> Bool { one?.lowercased() == other?.lowercased() }

    private init(_ text: String) {
        lines = TextLine.lines(of: text)
        xml = XMLReader(lines: lines)
    }

    private var hasOwnTitle: Bool { TitleLines.areOwn(reading.transcript.title) }

    private mutating func readAll() {
        while index < lines.count, lines[index].isEmpty { index += 1 }
        readTitle()
        xml.isOwnText = hasOwnTitle
        while index < lines.count {
            let line = lines[index]
            if line.isEmpty {
                index += 1
            } else if let header = PacketHeaderLine(line) {
                readPacket(header)
            } else if let event = joined(at: index).line.event {
                addEvent(event)
            } else {
                reading.transcript.records.append(.prose(hasOwnTitle ? readSentences() : readParagraph()))
            }
        }
    }

    /// Everything up to the first empty line, packet or event.
    private mutating func readTitle() {
        guard index < lines.count, lines[index].event == nil else { return }
        let start = index
        let title = readSentences()
        if TitleLines.areOwn(title) {
            reading.transcript.title = title
        } else {
            index = start
            reading.transcript.title = readParagraph()
        }
    }

    /// A paragraph of which lines may have been broken for a terminal.
    private mutating func readSentences() -> [String] {
        var paragraph: [String] = []
        while index < lines.count, isInBlock(lines[index]) {
            let (line, next) = joined(at: index)
            paragraph.append(line.text)
            index = next
        }
        return paragraph
    }

    /// A line with those that go on with it, where it was broken for a terminal; and the index behind them.
    private func joined(at start: Int) -> (line: TextLine, next: Int) {
        var next = start + 1
        guard lines[start].bytes.first.map({ !isBlank($0) && $0 != .lessThan }) == true else {
            return (lines[start], next)
        }
        var bytes: [UInt8] = []
        while next < lines.count, let rest = lines[next].rest {
            if bytes.isEmpty { bytes += lines[start].bytes }
            bytes.append(.blank)
            bytes += rest
            next += 1
        }
        return (bytes.isEmpty ? lines[start] : TextLine(bytes[...]), next)
    }

    private mutating func readParagraph() -> [String] {
        var paragraph: [String] = []
        while index < lines.count, isInBlock(lines[index]) {
            paragraph.append(lines[index].text)
            index += 1
        }
        return paragraph
    }

    private func isInBlock(_ line: TextLine) -> Bool { !line.isEmpty && PacketHeaderLine(line) == nil }

    private mutating func addEvent(_ text: String) {
        reading.transcript.records.append(.event(EventRecord(line: text)))
        index = joined(at: index).next
    }

    // MARK: Packets

    private mutating func readPacket(_ header: PacketHeaderLine) {
        let start = index
        if !header.isCanonical {
            let spelling = lines[start].text.withoutOuterBlanks.quoted(limit: 40)
            note(repair: "the header line \(spelling) is read as \(header.direction.rawValue)", at: start)
        }
        index += 1
        guard let found = readXML() else {
            keepUnreadable(from: start)
            return
        }
        var packet = PacketRecord(number: header.number, direction: header.direction, xml: found.bytes)
        reading.packetLines.append(start + 1)
        packet.omittedBytes = found.omittedBytes
        packet.secondsSinceStart = header.seconds
        let position = reading.transcript.records.count
        readRemarks(&packet)
        reading.transcript.records.insert(.packet(packet), at: position)
    }

    /// The lines of a packet whose XML nobody can read stay as they are.
    private mutating func keepUnreadable(from start: Int) {
        let text = "no XML that can be read follows \(lines[start].text.withoutOuterBlanks.quoted(limit: 60))"
        reading.problems.append(LineNote(line: start + 1, text: text))
        index = start + 1
        reading.transcript.records.append(.prose([lines[start].text] + readParagraph()))
    }

    private mutating func readXML() -> XMLReader.Found? {
        guard let found = xml.read(from: index) else { return nil }
        index = found.next
        reading.repairs += found.repairs
        return found
    }

    /// What stands between a packet's XML and the next empty line. An event among it is put behind the packet.
    private mutating func readRemarks(_ packet: inout PacketRecord) {
        while index < lines.count, isInBlock(lines[index]) {
            let (line, next) = joined(at: index)
            if let event = line.event {
                readBracketLine(event, &packet)
            } else if let finding = Finding(line: line.text) {
                packet.telling.findings.append(finding)
                index = next
            } else if packet.telling.text.isEmpty, line.trimmed.first != .lessThan {
                packet.telling.text = String(decoding: line.trimmed, as: UTF8.self)
                index = next
            } else {
                return
            }
        }
    }

    private mutating func readBracketLine(_ event: String, _ packet: inout PacketRecord) {
        if event == "Sent by stanzatap" {
            packet.isSentByProxy = true
            index += 1
        } else if event == "The client got instead:" || event == "The server got instead:" {
            let start = index
            index += 1
            guard let found = readXML() else {
                keepUnreadable(from: start)
                return
            }
            packet.replacement = found.bytes
            packet.replacementOmittedBytes = found.omittedBytes
        } else {
            addEvent(event)
        }
    }

    private mutating func note(repair text: String, at index: Int) {
        reading.repairs.append(LineNote(line: index + 1, text: text))
    }
}
