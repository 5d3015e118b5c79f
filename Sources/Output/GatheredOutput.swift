import Transcript

/// What is gathered for one descriptor until the next flush.
///
/// Once writing failed, nothing more is tried: a reader that went away (`| head`) ends this output, not the recording.
struct GatheredOutput {
    var bytes: [UInt8] = []
    private let writer: DescriptorWriter
    private var isBroken = false

    init(_ writer: DescriptorWriter) { self.writer = writer }

    mutating func flush() throws(OutputError) {
        defer { bytes.removeAll(keepingCapacity: true) }
        try write(bytes)
    }

    /// Writes something else than what is gathered.
    mutating func write(_ bytes: [UInt8]) throws(OutputError) {
        guard !bytes.isEmpty, !isBroken else { return }
        do throws(OutputError) {
            try writer.write(bytes)
        } catch {
            isBroken = true
            throw error
        }
    }
}
