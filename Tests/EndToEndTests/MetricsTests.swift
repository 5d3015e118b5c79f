import Foundation
import TestKit
import Testing

@Suite("metrics", .enabled(if: hasPeers, "real servers and clients are not installed: run tools/setup --tests"))
struct MetricsTests {
    /// The lines that a request is answered with.
    private func ask(_ port: Int, _ request: String = "GET /metrics") throws -> [String] {
        let peer = try RawPeer(port: port)
        peer.send("\(request) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        peer.readToEnd()
        return peer.text.replacing("\r\n", with: "\n").split(separator: "\n").map(String.init)
    }

    @Test("the figures of a recording are those of what happened")
    func figures() throws {
        let server = try Server("prosody")
        let recorder = try Recorder(server, options: ["--metrics", "127.0.0.1:0"])
        #expect(recorder.process.errors.wait { $0.contains("/metrics") })
        let line = recorder.process.errors.text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/metrics/)
        let port = try #require(line.flatMap { Int($0.1) })
        #expect(try ask(port).contains("stanzatap_connections_total 0"))
        let client = try runClient(
            "libstrophe",
            port: recorder.port,
            user: "romeo",
            encryption: .none,
            actions: ["register"]
        )
        #expect(client.status == 0, "\(client.output)\(client.errors)")
        #expect(recorder.wait { $0.contains("Registration of") })
        let told = try ask(port)
        let transcript = recorder.transcript()
        for direction in ["C->S", "S->C"] {
            let packets = transcript.split(separator: "\n").filter { $0.hasPrefix("\(direction) ") }.count
            #expect(told.contains("stanzatap_packets_total{direction=\"\(direction)\"} \(packets)"), "\(told)")
        }
        let warnings = transcript.split(separator: "\n").filter { $0.hasPrefix("Warning: ") }.count
        #expect(warnings > 0 && told.contains("stanzatap_findings_total{severity=\"warning\"} \(warnings)"))
        #expect(told.contains("stanzatap_connections_total 1"))
        #expect(told.contains("stanzatap_recorder_errors_total 0"))
        #expect(told.contains("stanzatap_events_total{kind=\"closed\"} 2"))
        #expect(
            told.contains { $0.hasPrefix("stanzatap_received_bytes_total{from=\"client\"} ") && !$0.hasSuffix(" 0") }
        )
        #expect(told.contains { $0.hasPrefix("process_resident_memory_bytes ") && !$0.hasSuffix(" 0") })
        #expect(try ask(port, "GET /")[0].hasPrefix("HTTP/1.1 404"))
        #expect(try ask(port, "POST /metrics")[0].hasPrefix("HTTP/1.1 405"))
        #expect(recorder.stop() == 0)
    }
}
