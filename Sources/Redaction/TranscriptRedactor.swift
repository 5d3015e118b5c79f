import Transcript
import XMLStream
import XMPP

/// Puts pseudonyms in the places of the secrets in a transcript: in its packets, and in the sentences that quote them.
public struct TranscriptRedactor {
    private var packets = PacketRedactor()
    private var secrets = SecretTable()
    /// The headers by which the prefixes of each direction are understood.
    private var headers: [Direction: [UInt8]] = [:]

    public static func redact(_ transcript: Transcript) -> (transcript: Transcript, count: RedactionCount) {
        var redactor = TranscriptRedactor()
        var records = transcript.records.map { record -> Record in
            guard case .packet(let packet) = record else { return record }
            return .packet(redactor.redacted(packet))
        }
        // Afterwards, for only then all secrets are known.
        records = records.map { redactor.withoutQuotations($0) }
        let title = transcript.title.map { redactor.secrets.redacted($0) }
        let (secrets, masked) = (redactor.secrets, redactor.secrets.masked)
        return (
            Transcript(title: title, records: records),
            RedactionCount(values: secrets.replaced, secrets: secrets.count, maskedBytes: masked)
        )
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
        case .header?:
            headers[direction] = xml
            return withoutComments(xml)
        case .element(let root)? where !isCut:
            var output = xml
            for patch in packets.patches(xml, root, fromClient: direction == .clientToServer, &secrets) {
                output.replaceSubrange(patch.range, with: patch.bytes)
            }
            return output
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
        secrets.masked += max(0, xml.count - kept.utf8.count)
        return Array(kept.utf8)
    }

    private mutating func withoutQuotations(_ record: Record) -> Record {
        switch record {
        case .packet(var packet):
            packet.telling.text = secrets.redacted(packet.telling.text)
            packet.telling.findings = packet.telling.findings.map {
                Finding(code: $0.code, $0.severity, secrets.redacted($0.text))
            }
            return .packet(packet)
        case .event(var event):
            event.text = secrets.redacted(event.text)
            return .event(event)
        case .summary(let summary):
            // As if read from a text, which tells of stories in words only.
            return .prose(summary.lines.map { secrets.redacted($0) })
        case .prose(let lines):
            return .prose(lines.map { secrets.redacted($0) })
        }
    }
}
