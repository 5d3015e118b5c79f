import Glibc
import Transcript

/// Writes `index.jsonl` while a recording goes on, beside the transcripts, batch by batch as they are.
public final class LiveIndex: TranscriptSink {
    private var directory: String
    private var gatherers: [Int: ConnectionGatherer] = [:]
    /// Connections whose rows have to be written: thousands may be open of which nothing new is known.
    private var news: Set<Int> = []
    /// Connections that are over, until their last row is written.
    private var finished: Set<Int> = []
    private let captureBytes: (String) -> Int?
    /// True if nothing was written in this folder.
    private var isEmpty = true

    /// - Parameters:
    ///   - directory: the folder of the transcripts, which is made when the first connection comes.
    ///   - captureBytes: how long the capture is whose transcripts are in a folder, asked when all of it was told; nil if
    ///     nobody knows.
    public init(directory: String, captureBytes: @escaping (String) -> Int?) {
        self.directory = directory
        self.captureBytes = captureBytes
    }

    public func began(_ title: ConnectionTitle) {
        gatherers[title.connection] = ConnectionGatherer(title)
        news.insert(title.connection)
    }

    public func add(_ record: Record, connection: Int) {
        guard let gatherer = gatherers[connection] else { return }
        gatherer.add(record)
        if gatherer.isNews { news.insert(connection) }
    }

    public func finished(connection: Int) {
        gatherers[connection]?.finish()
        news.insert(connection)
        finished.insert(connection)
    }

    public func flush() throws(OutputError) {
        guard !news.isEmpty else { return }
        let rows = news.sorted().compactMap { gatherers[$0]?.row }
        for connection in news { gatherers[connection]?.isNews = false }
        for connection in finished { gatherers[connection] = nil }
        (news, finished) = ([], [])
        isEmpty = false
        try append(ConnectionIndex.lines(rows))
    }

    /// The recording goes on in another capture: the index of this one is whole, and what goes on is told in the next one's.
    public func goOn(in directory: String) throws(OutputError) {
        defer {
            self.directory = directory
            isEmpty = true
            for gatherer in gatherers.values { gatherer.goOn() }
            news.formUnion(gatherers.keys)
        }
        try end()
    }

    public func end() throws(OutputError) {
        news.formUnion(gatherers.keys)
        try flush()
        if !isEmpty, let bytes = captureBytes(directory) { try append(ConnectionIndex.lines([], captureBytes: bytes)) }
    }

    private func append(_ bytes: [UInt8]) throws(OutputError) {
        mkdir(directory, 0o700)
        let path = directory + "/" + ConnectionIndex.name
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw .system("cannot make \(path)", errno) }
        defer { close(descriptor) }
        try DescriptorWriter(descriptor, name: path).write(bytes)
    }
}
