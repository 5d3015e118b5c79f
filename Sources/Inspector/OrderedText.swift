import Transcript

/// Writes one transcript after the other to a descriptor, in the order of the connections' beginnings (rule 11).
///
/// The first open connection is written at once; what others say meanwhile is kept until it is their turn, in a file if it
/// is much.
public final class OrderedText: TranscriptSink {
    private let descriptor: Int32
    private let style: TextStyle
    private let options: TextOptions
    /// The only connection to be written; nil for all.
    private let only: Int?
    private var order: [Int] = []
    private var texts: [Int: ConnectionText] = [:]
    private var kept: [Int: [UInt8]] = [:]
    private let spool = TextSpool()
    /// Connections whose text is too long to be kept in memory, to be seen to at the next flush.
    private var full: Set<Int> = []
    private var ended: Set<Int> = []
    private var hasWritten = false
    private var isBroken = false
    /// How many transcripts were begun.
    public private(set) var count = 0

    public init(descriptor: Int32, style: TextStyle, options: TextOptions = TextOptions(), only: Int? = nil) {
        self.descriptor = descriptor
        self.style = style
        self.options = options
        self.only = only
    }

    public func began(_ title: ConnectionTitle) {
        guard only == nil || only == title.connection else { return }
        var text = ConnectionText(options)
        var bytes: [UInt8] = count == 0 ? [] : [UInt8(ascii: "\n")]
        text.begin(title, to: &bytes)
        style.append(bytes, to: &kept[title.connection, default: []])
        texts[title.connection] = text
        order.append(title.connection)
        count += 1
    }

    public func add(_ record: Record, connection: Int) {
        guard texts[connection] != nil else { return }
        defer { if kept[connection]?.count ?? 0 > TextSpool.pieceBytes { full.insert(connection) } }
        if case .plain = style {
            texts[connection]?.append(record, to: &kept[connection, default: []])
            return
        }
        var bytes: [UInt8] = []
        texts[connection]?.append(record, to: &bytes)
        style.append(bytes, to: &kept[connection, default: []])
    }

    public func finished(connection: Int) { ended.insert(connection) }

    public func flush() throws {
        while let first = order.first {
            try spool.take(first, write)
            if let bytes = kept[first], !bytes.isEmpty {
                kept[first] = nil
                try write(bytes)
            }
            guard ended.remove(first) != nil else { return try makeRoom() }
            order.removeFirst()
            texts[first] = nil
            kept[first] = nil
        }
    }

    private func makeRoom() throws {
        for connection in full where connection != order.first {
            if let bytes = kept.removeValue(forKey: connection) { try spool.append(bytes, connection: connection) }
        }
        full = []
    }

    private func write(_ bytes: [UInt8]) throws {
        guard !isBroken else { return }
        do {
            try FileOutput.write(bytes, to: descriptor, name: "the transcript")
        } catch {
            isBroken = true
            throw error
        }
    }
}
