import XMPP

/// One JSON object in the making, on a line of its own. Fields without a value are left out.
struct JSONObject {
    private var bytes: [UInt8]

    init(kind: StaticString, connection: Int, into output: inout [UInt8]) {
        // The output's own storage is used and given back, so that nothing is copied.
        bytes = output
        output = []
        append("{\"kind\":\"")
        append(kind)
        append("\",\"connection\":")
        bytes.append(decimal: connection)
    }

    mutating func end(into output: inout [UInt8]) {
        append("}\n")
        output = bytes
        bytes = []
    }

    mutating func add(_ name: StaticString, _ value: String?) {
        guard var value else { return }
        key(name)
        value.withUTF8 { bytes.append(jsonString: $0) }
    }

    mutating func add(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        key(name)
        bytes.append(decimal: value)
    }

    mutating func add(_ name: StaticString, seconds: Double?) {
        guard let seconds else { return }
        key(name)
        bytes.append(seconds: seconds, places: .microseconds)
    }

    /// - Parameter moment: nanoseconds since 1970.
    mutating func add(_ name: StaticString, moment: UInt64?) {
        guard let moment else { return }
        key(name)
        append("\"")
        UTCTime(nanoseconds: moment).appendRFC3339(to: &bytes)
        append("\"")
    }

    mutating func add(_ name: StaticString, bytes value: [UInt8]) {
        key(name)
        value.withUnsafeBufferPointer { bytes.append(jsonString: $0) }
    }

    mutating func add(_ name: StaticString, _ findings: [Finding]) {
        guard !findings.isEmpty else { return }
        key(name)
        append("[")
        for (index, finding) in findings.enumerated() {
            append(index > 0 ? ",{\"severity\":\"" : "{\"severity\":\"")
            switch finding.severity {
            case .warning: append("warning")
            case .note: append("note")
            }
            append("\",\"text\":")
            var text = finding.text
            text.withUTF8 { bytes.append(jsonString: $0) }
            append("}")
        }
        append("]")
    }

    private mutating func key(_ name: StaticString) {
        append(",\"")
        append(name)
        append("\":")
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
