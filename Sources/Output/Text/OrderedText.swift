import Transcript

/// Writes one transcript after the other to a descriptor, in the order of the connections' beginnings (rule 11).
///
/// The first open connection is written at once; what others say meanwhile is kept until it is their turn, in a file if it
/// is much.
public final class OrderedText: TranscriptSink {
    private let style: TextStyle
    private let options: TextOptions
    private var output: GatheredOutput
    private var order: [Int] = []
    private var texts: [Int: TextWriter] = [:]
    private var kept: [Int: [UInt8]] = [:]
    private let spool = TextSpool()
    /// Connections whose text is too long to be kept in memory, to be seen to at the next flush.
    private var full: Set<Int> = []
    private var ended: Set<Int> = []
    private var isFirst = true

    public init(_ writer: DescriptorWriter, style: TextStyle, options: TextOptions = TextOptions()) {
        self.style = style
        self.options = options
        output = GatheredOutput(writer)
    }

    public func began(_ title: ConnectionTitle) {
        var text = options.makeWriter()
        var bytes: [UInt8] = isFirst ? [] : [UInt8(ascii: "\n")]
        isFirst = false
        text.append(title: title.lines, to: &bytes)
        style.append(bytes, to: &kept[title.connection, default: []])
        texts[title.connection] = text
        order.append(title.connection)
    }

    public func add(_ record: Record, connection: Int) {
        defer { if kept[connection]?.count ?? 0 > TextSpool.pieceBytes { full.insert(connection) } }
        if style.isPlain {
            texts[connection]?.append(record, to: &kept[connection, default: []])
            return
        }
        var bytes: [UInt8] = []
        texts[connection]?.append(record, to: &bytes)
        style.append(bytes, to: &kept[connection, default: []])
    }

    public func finished(connection: Int) { ended.insert(connection) }

    public func flush() throws(OutputError) {
        while let first = order.first {
            try spool.take(first) { (bytes) throws(OutputError) in try output.write(bytes) }
            if let bytes = kept.removeValue(forKey: first) { try output.write(bytes) }
            guard ended.remove(first) != nil else { return try makeRoom() }
            order.removeFirst()
            texts[first] = nil
        }
    }

    private func makeRoom() throws(OutputError) {
        for connection in full where connection != order.first {
            if let bytes = kept.removeValue(forKey: connection) { try spool.append(bytes, connection: connection) }
        }
        full = []
    }
}
