import Foundation
import Glibc
import Output
import TestKit
import Transcript
import XMPP

private let hostile =
    "<iq type='get' id='\"&lt;script>alert(1)&lt;/script>'><q xmlns='&lt;/pre>'>\u{202E}]]&gt;</q></iq>"

/// Records with everything that may stand in one, hostile content included.
func hostileRecords() -> [Record] {
    var first = PacketRecord(number: 1, direction: .clientToServer, xml: Array(hostile.utf8))
    first.telling.text = "It says \"</script><script>alert(1)</script>\" & more."
    first.telling.findings = [Finding(code: "password.plain", .warning, "the <b>password</b> crosses the network.")]
    first.secondsSinceStart = 0.5
    first.time = 1_700_000_000_500_000_000
    var second = PacketRecord(number: 2, direction: .serverToClient, xml: Array("<iq type='result' id='1'/>".utf8))
    second.answers = 1
    second.secondsSinceStart = 0.75
    second.telling.text = String(repeating: "A long explanation. ", count: 60)
    return [
        .packet(first), .event(EventRecord(kind: "closed", text: "The client closes <its> side")), .packet(second),
        .prose(["All's well."]),
    ]
}

/// What a sink writes of these records.
func written(_ title: ConnectionTitle, _ makeSink: (DescriptorWriter) -> any TranscriptSink) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let descriptor = open(folder.path + "/out", O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    let sink = makeSink(DescriptorWriter(descriptor, name: "out"))
    sink.began(title)
    for record in hostileRecords() { sink.add(record, connection: 1) }
    sink.finished(connection: 1)
    try sink.end()
    return try Array(Data(contentsOf: URL(fileURLWithPath: folder.path + "/out")))
}
