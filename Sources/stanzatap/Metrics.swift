import Capture
import FoundationEssentials
import Glibc
import Inspector
import Output
import Relay
import XMPP

/// What a recording is like at the moment, in the text format of Prometheus
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
struct Metrics: Sendable {
    let relay: Relay
    let file: CaptureFile
    let inspector: LiveInspector
    let counts: TranscriptCounts

    var text: String {
        let now = counts.now
        var output = MetricsText()
        output.add("connections_total", "counter", "Clients that connected.", relay.acceptedConnections)
        output.add("connections_open", "gauge", "Clients that are connected.", relay.openConnections)
        output.add(
            "received_bytes_total",
            "counter",
            "Bytes that peers sent, decrypted.",
            Side.allCases.map { ([("from", $0.rawValue)], Double(relay.counters.bytes(from: $0))) }
        )
        output.add("capture_bytes_total", "counter", "Bytes written to captures.", file.committed)
        output.add(
            "recorder_errors_total",
            "counter",
            "Failures to write the capture; after the first nothing is relayed.",
            file.failure == nil ? 0 : 1
        )
        output.add("inspector_lag_bytes", "gauge", "Bytes recorded and not yet explained.", inspector.lag)
        output.add(
            "inspector_lag_seconds",
            "gauge",
            "Since when there have been such bytes.",
            [([], inspector.lagSeconds)]
        )
        output.add(
            "packets_total",
            "counter",
            "Stanzas, nonzas, stream headers and ends that were explained.",
            Direction.allCases.map { ([("direction", $0.rawValue)], Double(now.packets[$0] ?? 0)) }
        )
        output.add(
            "findings_total",
            "counter",
            "Warnings and notes on packets.",
            [(Finding.Severity.warning, "warning"), (.note, "note")].map {
                ([("severity", $1)], Double(now.findings[$0] ?? 0))
            }
        )
        output.add(
            "events_total",
            "counter",
            "What happened besides packets, by its kind in JSON Lines.",
            now.events.sorted { $0.key < $1.key }.map { ([("kind", $0.key)], Double($0.value)) }
        )
        addProcess(&output)
        return output.text
    }

    private func addProcess(_ output: inout MetricsText) {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        let memory = (pages?.dropFirst().first.flatMap { Int($0) } ?? 0) * sysconf(Int32(_SC_PAGESIZE))
        output.add("process_resident_memory_bytes", "gauge", "Memory in use.", memory, prefix: "")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0
        output.add("process_open_fds", "gauge", "Open file descriptors.", files, prefix: "")
    }
}

/// The lines of the text format in the making.
private struct MetricsText {
    private(set) var text = ""

    mutating func add(_ name: String, _ type: String, _ help: String, _ value: Int, prefix: String = "stanzatap_") {
        add(name, type, help, [([], Double(value))], prefix: prefix)
    }

    mutating func add(
        _ name: String,
        _ type: String,
        _ help: String,
        _ samples: [([(name: String, value: String)], Double)],
        prefix: String = "stanzatap_"
    ) {
        text += "# HELP \(prefix)\(name) \(help)\n# TYPE \(prefix)\(name) \(type)\n"
        for (labels, value) in samples {
            let list = labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
            let number = value == value.rounded() ? String(Int(value)) : String(value)
            text += "\(prefix)\(name)\(list.isEmpty ? "" : "{\(list)}") \(number)\n"
        }
    }
}
