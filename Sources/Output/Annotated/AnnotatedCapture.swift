import Capture
import Transcript
import XMPP

/// Writes each packet of all connections into a pcapng file that Wireshark shows as XMPP, with our sentence as comment.
public final class AnnotatedCapture: TranscriptSink {
    private let showsCodes: Bool
    private var gathered: GatheredOutput
    private var ends: [Int: (client: Endpoint?, server: Endpoint?)] = [:]
    /// Records that have no time of their own get that of the record before.
    private var lastTime: UInt64 = 0

    /// - Parameter program: what makes the file, for example `stanzatap 0.1.0`.
    public init(_ writer: DescriptorWriter, options: TextOptions = TextOptions(), program: String) {
        showsCodes = options.showsCodes
        gathered = GatheredOutput(writer)
        gathered.bytes = UpperPDU.fileHeader(program: program)
    }

    public func began(_ title: ConnectionTitle) {
        ends[title.connection] = (title.client.flatMap { Endpoint($0) }, title.server.flatMap { Endpoint($0) })
        lastTime = title.time ?? lastTime
        append(Array(title.lines.joined(separator: "\n").utf8), "data", title.lines.first ?? "", nil, title.connection)
    }

    public func add(_ record: Record, connection: Int) {
        switch record {
        case .packet(let packet): add(packet, connection)
        case .event(let event):
            lastTime = event.time ?? lastTime
            append(text: event.text, connection)
        case .summary(let summary): append(text: summary.text, connection)
        case .prose(let lines): append(text: lines.joined(separator: "\n"), connection)
        }
    }

    private func append(text: String, _ connection: Int) {
        append(Array(text.utf8), "data", text, nil, connection)
    }

    private func add(_ packet: PacketRecord, _ connection: Int) {
        lastTime = packet.time ?? lastTime
        let bytes = packet.replacement ?? packet.xml
        var lines = [packet.telling.text] + packet.telling.findings.map { $0.line(showsCode: showsCodes) }
        if packet.replacement != nil {
            lines.append("stanzatap changed this packet; it is shown as its receiver got it.")
        }
        if packet.isSentByProxy { lines.append("Sent by stanzatap.") }
        // The count of a transcript is whatever somebody wrote there.
        let (sum, isTooMuch) = packet.omittedBytes.addingReportingOverflow(max(0, bytes.count - UpperPDU.byteLimit))
        let cut = isTooMuch ? Int.max : sum
        if cut > 0 { lines.append("\(cut) bytes of this packet are left out.") }
        let comment = lines.filter { !$0.isEmpty }.joined(separator: "\n")
        append(bytes, "xmpp", comment, packet.direction, connection)
    }

    private func append(
        _ bytes: [UInt8],
        _ dissector: String,
        _ comment: String,
        _ direction: Direction?,
        _ connection: Int
    ) {
        let ends = self.ends[connection] ?? (nil, nil)
        let isFromServer = direction == .serverToClient
        gathered.bytes += UpperPDU.packet(
            bytes.prefix(UpperPDU.byteLimit),
            dissector: dissector,
            source: isFromServer ? ends.server : ends.client,
            destination: isFromServer ? ends.client : ends.server,
            comment: comment,
            time: lastTime
        )
    }

    public func finished(connection: Int) { ends[connection] = nil }

    public func flush() throws(OutputError) { try gathered.flush() }
}
