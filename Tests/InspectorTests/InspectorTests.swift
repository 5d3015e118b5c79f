import Capture
import TestKit
import Testing
import Transcript
import XMPP

@testable import Inspector

/// Notes what it is told; its flushes fail if it is to.
private final class NotingSink: TranscriptSink {
    var told: [String] = []
    var titles: [ConnectionTitle] = []
    let failure: OutputError?

    init(failure: OutputError? = nil) { self.failure = failure }

    func began(_ title: ConnectionTitle) {
        told.append("began \(title.connection)")
        titles.append(title)
    }

    func add(_ record: Record, connection: Int) {
        switch record {
        case .packet(let packet): told.append("packet \(packet.number ?? 0) of \(connection)")
        case .event(let event): told.append("\(event.kind) \(connection)")
        case .summary: told.append("summary \(connection)")
        case .prose: told.append("prose \(connection)")
        }
    }

    func finished(connection: Int) { told.append("finished \(connection)") }

    func flush() throws(OutputError) {
        told.append("flush")
        if let failure { throw failure }
    }
}

struct InspectorTests {
    private let folder: TemporaryFolder
    private let path: String
    /// In which the second connection goes on.
    private let next: String

    /// Two connections, each with a stream header of the client's; the first one ended.
    init() throws {
        folder = try TemporaryFolder()
        (path, next) = (folder.path + "/c.pcapng", folder.path + "/d.pcapng")
        let rotation = CaptureFile.Rotation { [next] in next }
        let file = try CaptureFile(path: path, program: "stanzatap test", recorder: "one", rotation: rotation)
        let listener = try #require(Endpoint("127.0.0.1:5222"))
        var recorders: [ConnectionRecorder] = []
        for number in 1...2 {
            let client = try #require(Endpoint("127.0.0.1:\(40000 + number)"))
            var recorder = try ConnectionRecorder(
                file: file,
                number: number,
                client: client,
                listener: listener,
                program: "stanzatap test"
            )
            try recorder.happened(.upstreamConnected(host: "a", address: listener, how: "fixed"))
            try Array("<stream:stream to='a' xmlns='jabber:client' xmlns:stream='\(NS.streams)'>".utf8)
                .withUnsafeBytes { try recorder.received($0, .clientToServer) }
            recorders.append(recorder)
        }
        try recorders[0].ended()
        #expect(file.rotate() == nil)
        try recorders[1].ended()
    }

    private func inspector(_ sinks: [any TranscriptSink], _ selection: Selection = Selection()) throws -> Inspector {
        Inspector(reader: try CaptureReader(path: path), sinks: sinks, selection: selection)
    }

    @Test(
        "only what is selected is told and counted",
        arguments: [
            (nil, ["began 1", "began 2"], 2), (1, ["began 1"], 1), (2, ["began 2"], 1), (3, [], 0),
        ] as [(Int?, [String], Int)]
    )
    func selection(_ connection: Int?, _ began: [String], _ count: Int) throws {
        let sink = NotingSink()
        let inspector = try inspector([sink], Selection(connections: connection.map { [$0] } ?? []))
        while try inspector.step() > 0 {}
        _ = try inspector.finish()
        #expect(sink.told.filter { $0.hasPrefix("began") } == began)
        #expect(inspector.connections == count)
        #expect(sink.told.last == "flush")
    }

    @Test("a title tells who recorded it, and the capture in which the connection begins")
    func origin() throws {
        let paths = [path, next]
        func origins(_ reader: any RecordSource) throws -> [String] {
            let sink = NotingSink()
            let inspector = Inspector(reader: reader, sinks: [sink])
            while try inspector.step() > 0 {}
            _ = try inspector.finish()
            return sink.titles.map { "\($0.connection) \($0.recorder ?? "-") \($0.file ?? "-")" }
        }
        let both = try CaptureSeriesReader(#require(CaptureSeries.recordings(of: paths).last))
        #expect(try origins(both) == ["1 one c.pcapng", "2 one c.pcapng"])
        #expect(try origins(CaptureReader(path: next)) == ["2 one d.pcapng"])
    }

    @Test("a connection of which it is not told how its server was reached does not wait for its end to be told")
    func withoutUpstream() throws {
        let path = folder.path + "/e.pcapng"
        let file = try CaptureFile(path: path, program: "stanzatap test")
        let (client, listener) = try (#require(Endpoint("127.0.0.1:40000")), #require(Endpoint("127.0.0.1:5222")))
        var recorder = try ConnectionRecorder(
            file: file,
            number: 1,
            client: client,
            listener: listener,
            program: "test"
        )
        func say(_ text: String) throws {
            try Array(text.utf8).withUnsafeBytes { try recorder.received($0, .clientToServer) }
        }
        try say("<stream:stream to='a' xmlns='jabber:client' xmlns:stream='\(NS.streams)'>")
        for number in 0..<1000 { try say("<message id='\(number)'/>") }
        let sink = NotingSink()
        let inspector = Inspector(reader: try CaptureReader(path: path), sinks: [sink])
        while try inspector.step() > 0 {}
        #expect(sink.told.count { $0.hasPrefix("packet ") } == 1001)
    }

    @Test("a sink that fails keeps no other from writing; the first failure is told, and the next batch is tried")
    func flushing() throws {
        let (first, second) = (OutputError("the first"), OutputError("the second"))
        let sinks = [NotingSink(), NotingSink(failure: first), NotingSink(failure: second), NotingSink()]
        let inspector = try inspector(sinks)
        #expect(throws: first) { _ = try inspector.step() }
        #expect(sinks.allSatisfy { $0.told.last == "flush" })
        #expect(throws: first) { _ = try inspector.step() }
        #expect(throws: first) { _ = try inspector.finish() }
        #expect(sinks.allSatisfy { $0.told == sinks[0].told })
        #expect(sinks[0].told.suffix(3) == ["summary 2", "finished 2", "flush"])
    }
}
