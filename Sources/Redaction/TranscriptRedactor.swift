import Transcript
import XMLStream
import XMPP

/// Puts pseudonyms in the places of the secrets in a transcript: in its packets, and in the sentences that quote them.
public struct TranscriptRedactor {
    private var packets = PacketRedactor()
    private var secrets = SecretTable()
    /// The headers by which the prefixes of each direction are understood.
    private var headers: [Direction: [UInt8]] = [:]

    private init(_ secrets: SecretTable) { self.secrets = secrets }

    /// The packets are read twice, so that a secret is found also where it stands before it is known as one.
    public static func redact(_ transcript: Transcript) -> (transcript: Transcript, count: RedactionCount) {
        var table = SecretTable()
        table.isSurvey = true
        var survey = TranscriptRedactor(table)
        for packet in transcript.packets { _ = survey.redacted(packet) }
        table = survey.secrets
        table.endSurvey()
        var redactor = TranscriptRedactor(table)
        let records = transcript.records.map { record -> Record in
            guard case .packet(let packet) = record else { return redactor.withoutQuotations(record) }
            return redactor.withoutQuotations(.packet(redactor.redacted(packet)))
        }
        let title = transcript.title.map { redactor.secrets.redacted($0, isOurs: false) }
        return (Transcript(title: title, records: records), RedactionCount(redactor.secrets))
    }

    private mutating func redacted(_ record: PacketRecord) -> PacketRecord {
        var record = record
        record.xml = redacted(record.xml, record.direction, isCut: record.omittedBytes > 0)
        record.replacement = record.replacement.map {
            redacted($0, record.direction, isCut: record.replacementOmittedBytes > 0)
        }
        return record
    }

    private mutating func redacted(_ xml: [UInt8], _ direction: Direction, isCut: Bool) -> [UInt8] {
        if StreamParser.isEnd(xml) { return withoutComments(xml) }
        let parser = StreamParser()
        parser.append(headers[direction] ?? Self.header)
        _ = parser.next()
        parser.append(xml)
        switch parser.next()?.kind {
        case .header(let root)?:
            headers[direction] = xml
            return packets.redacted(xml, root, fromClient: direction == .clientToServer, &secrets)
        case .element(let root)? where !isCut:
            return packets.redacted(xml, root, fromClient: direction == .clientToServer, &secrets)
        case .element?, .whitespace?, .strayText?, .end?, .oversized?, .failure?, nil:
            return blotted(xml)
        }
    }

    private mutating func withoutComments(_ xml: [UInt8]) -> [UInt8] {
        var output = xml
        for patch in PacketRedactor.comments(xml, &secrets) { output.replaceSubrange(patch.range, with: patch.bytes) }
        return output
    }

    private static let header = Array("<stream:stream xmlns='\(NS.client)' xmlns:stream='\(NS.streams)'>".utf8)

    /// Half a packet, or none: nothing but the name of its element stays.
    private mutating func blotted(_ xml: [UInt8]) -> [UInt8] {
        let name = xml.dropFirst().prefix { !$0.isXMLWhitespace && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
        let kept = "<" + String(decoding: name.prefix(64), as: UTF8.self) + "/>"
        secrets.masked(max(0, xml.count - kept.utf8.count))
        return Array(kept.utf8)
    }

    private mutating func withoutQuotations(_ record: Record) -> Record {
        switch record {
        case .packet(var packet):
            packet.telling.text = secrets.redacted(packet.telling.text, isOurs: true)
            packet.telling.findings = packet.telling.findings.map {
                Finding(code: $0.code, $0.severity, secrets.redacted($0.text, isOurs: true))
            }
            return .packet(packet)
        case .event(var event):
            event.text = secrets.redacted(
                DifferenceRedactor.redacted(BrokenText.withoutText(event.text), &secrets),
                isOurs: true
            )
            return .event(event)
        case .summary(let summary):
            // As if read from a text, which tells of stories in words only.
            return .prose(summary.lines.map { secrets.redacted(BrokenText.withoutText($0), isOurs: false) })
        case .prose(let lines):
            return .prose(lines.map { secrets.redacted(BrokenText.withoutText($0), isOurs: false) })
        }
    }
}
