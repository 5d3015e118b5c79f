import Foundation
import TestKit
import Testing

@Suite("a clock that jumps", .enabled(if: hasPeers, "libfaketime is not installed: run tools/setup --tests"))
struct ClockTests {
    @Test("nothing waits for it, and what was told live is told again")
    func jumps() throws {
        let folder = try TemporaryFolder()
        let clock = folder.path + "/clock"
        try "+0\n".write(toFile: clock, atomically: true, encoding: .utf8)
        let listener = try RawListener()
        // Twice: the first process with the library sets up what it shares with those that follow, and ends in doing so.
        let faked = [
            "/usr/bin/env", "LD_PRELOAD=/usr/$LIB/faketime/libfaketimeMT.so.1", "FAKETIME_TIMESTAMP_FILE=\(clock)",
            "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "/usr/bin/env",
        ]
        let recorder = try Recorder(upstream: listener.port, options: ["--rotate", "1h"], prefix: faked)
        let client = try RawPeer(port: recorder.port)
        let server = listener.accept()
        client.send("<stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
        for offset in ["+2h", "-3d", "+30y", "+0"] {
            try "\(offset)\n".write(toFile: clock, atomically: true, encoding: .utf8)
            client.send("<message to='b'><body>now \(offset)</body></message>")
            #expect(server.read(until: "now \(offset)</body></message>"))
            #expect(recorder.process.output.wait { $0.contains("A message to b: \"now \(offset)\".") })
        }
        client.closeOutput()
        server.readToEnd()
        #expect(recorder.stop() == 0)
        let told = try recorder.show()
        #expect(told.status == 0 && told.output == recorder.process.output.text)
        // The clock did jump; a year of libfaketime's has 365 days.
        let future = Date().addingTimeInterval(30 * 365 * 86_400).formatted(.iso8601.year())
        #expect(try recorder.show(["--format", "jsonl"]).output.contains("\"\(future)-"))
        // An hour has not gone by, whatever the clock says.
        #expect(recorder.process.errors.text.components(separatedBy: "stanzatap: recording to ").count == 2)
    }
}
