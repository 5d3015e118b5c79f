import Foundation
import Output
import TestKit
import Testing
import Transcript
import XMPP

private struct Nowhere: ~Copyable {
    let writer = DescriptorWriter(open("/dev/null", O_WRONLY), name: "nothing")

    deinit { close(writer.descriptor) }
}

@Suite("limits of outputs")
struct LimitTests {
    private func packet(_ number: Int) -> PacketRecord {
        PacketRecord(number: number, direction: .clientToServer, xml: Array("<iq type='get' id='1'/>".utf8))
    }

    private func sink(_ format: OutputFormat, _ writer: DescriptorWriter) -> any TranscriptSink {
        let sink = format.sink(writer, style: .plain, options: TextOptions(), program: "test")
        sink.began(ConnectionTitle(connection: 1, lines: ["t"]))
        return sink
    }

    @Test("numbers that nobody counted to are written in every format", arguments: OutputFormat.allCases)
    func numbers(_ format: OutputFormat) throws {
        let nowhere = Nowhere()
        let sink = sink(format, nowhere.writer)
        for number in [Int.max, Int.min, 0] {
            var record = packet(number)
            (record.answers, record.omittedBytes) = (number, Int.max)
            (record.secondsSinceStart, record.time) = (.infinity, .max)
            sink.add(.packet(record), connection: 1)
            record.secondsSinceStart = -.infinity
            record.xml = [UInt8](repeating: 0x20, count: 300_000)
            sink.add(.packet(record), connection: 1)
        }
        try sink.flush()
        try sink.end()
    }

    @Test(
        "ladders have a stated number of rungs, and say what to do about more",
        arguments: [OutputFormat.html, .svg, .ladder]
    )
    func rungs(_ format: OutputFormat) throws {
        let nowhere = Nowhere()
        let sink = sink(format, nowhere.writer)
        for number in 1...LadderSink.rowLimit { sink.add(.packet(packet(number)), connection: 1) }
        try sink.flush()
        sink.add(.packet(packet(1)), connection: 1)
        #expect { try sink.flush() } throws: { "\($0)".contains("--connection N") }
    }

    @Test("a pipe that nobody reads holds nobody up once the program is to end", .timeLimit(.minutes(1)))
    func unread() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let patience = WritePatience(limit: .milliseconds(200))
        let writer = DescriptorWriter(ends[1], name: "the pipe", patience: patience)
        patience.end()
        let start = ContinuousClock.now
        #expect(throws: OutputError.self) { try writer.write([UInt8](repeating: 0, count: 1_000_000)) }
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
