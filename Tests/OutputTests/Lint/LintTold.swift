import Foundation
import Glibc
import Inspector
import TestKit
import Transcript
import XMPP

@testable import Output

let missingID = FindingCode.warning("iq.id.missing", "RFC 6120 section 8.1.3", "It has no id. Give it one.")
let reusedID = FindingCode.note("iq.id.reused", "", "Two have one id.")

func request(_ number: Int?, _ findings: [Finding], xml: String = "<iq type='get'><q xmlns='urn:x'/></iq>") -> Record {
    var packet = PacketRecord(number: number, direction: .clientToServer, xml: Array(xml.utf8))
    packet.telling.findings = findings
    return .packet(packet)
}

/// What lint writes of these records, each list a recording of one connection.
func linted(
    _ recordings: [[Record]],
    as format: LintFormat = .text,
    packetLines: [Int]? = nil,
    selection: LintSelection = LintSelection(),
    baseline: LintBaseline = LintBaseline()
) throws -> (text: String, counts: LintRun.Counts) {
    let folder = try TemporaryFolder()
    let descriptor = open(folder.path + "/out", O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    let writer = format.writer(DescriptorWriter(descriptor, name: "out"), isColored: false, program: "stanzatap 1.2.3")
    let run = LintRun(selection, codes: [missingID, reusedID], baseline: baseline, writer: writer)
    for (index, records) in recordings.enumerated() {
        let sink = run.sink(file: "r\(index + 1).pcapng", packetLines: packetLines)
        for record in records { sink.add(record, connection: 1) }
        try sink.flush()
        try run.endFile()
    }
    try run.end()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/out"))
    return (String(decoding: bytes, as: UTF8.self), run.counts)
}
