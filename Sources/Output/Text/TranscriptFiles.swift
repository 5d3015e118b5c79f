import Glibc
import Transcript

/// Writes one text file for each connection, `001.txt` and so on, into a folder that is made when the first one comes.
public final class TranscriptFiles: TranscriptSink {
    private var directory: String
    private let options: TextOptions
    private var texts: [Int: TextWriter] = [:]
    private var gathered: [Int: [UInt8]] = [:]
    /// Of the connections that go on, and the folder where they began or went on last.
    private var titles: [Int: (title: ConnectionTitle, folder: String)] = [:]
    /// The files that were made, by folder; nil if nobody will have them removed.
    private var made: [String: Set<Int>]?

    /// - Parameter removable: true if `remove` will be called.
    public init(directory: String, options: TextOptions = TextOptions(), removable: Bool = false) {
        self.directory = directory
        self.options = options
        made = removable ? [:] : nil
    }

    /// Removes what was written into a folder, and the folder itself if nothing else is in it.
    public func remove(folder: String) {
        for connection in made?.removeValue(forKey: folder) ?? [] { unlink(folder + "/" + name(of: connection)) }
        rmdir(folder)
    }

    public func began(_ title: ConnectionTitle) {
        var text = options.makeWriter()
        text.append(title: title.lines, to: &gathered[title.connection, default: []])
        texts[title.connection] = text
        titles[title.connection] = (title, directory)
    }

    /// From now on everything goes into another folder; connections that go on get a text of their own there.
    public func goOn(in directory: String) throws(OutputError) {
        defer { self.directory = directory }
        try flush()
    }

    public func add(_ record: Record, connection: Int) {
        if let (title, folder) = titles[connection], folder != directory { goOn(title, from: folder) }
        texts[connection]?.append(record, to: &gathered[connection, default: []])
    }

    public func finished(connection: Int) {
        texts[connection] = nil
        titles[connection] = nil
    }

    private func goOn(_ title: ConnectionTitle, from folder: String) {
        began(title)
        let before = String(folder.split(separator: "/").last ?? "") + "/" + name(of: title.connection)
        let event = EventRecord(kind: "goes-on", text: "What was said before is in \(before)")
        texts[title.connection]?.append(.event(event), to: &gathered[title.connection, default: []])
    }

    /// Writes to every file, whatever goes wrong at one; then throws what went wrong first.
    public func flush() throws(OutputError) {
        guard !gathered.isEmpty else { return }
        defer { gathered.removeAll(keepingCapacity: true) }
        mkdir(directory, 0o700)
        var failure: OutputError?
        for (connection, bytes) in gathered.sorted(by: { $0.key < $1.key }) {
            made?[directory, default: []].insert(connection)
            do throws(OutputError) {
                try append(bytes, path: directory + "/" + name(of: connection))
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// Makes the file, for its owner only, if it is not there; and closes it again, for descriptors are scarce.
    private func append(_ bytes: [UInt8], path: String) throws(OutputError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("cannot make the transcript \(path)", errno) }
        defer { close(descriptor) }
        try DescriptorWriter(descriptor, name: "the transcript \(path)").write(bytes)
    }

    private func name(of connection: Int) -> String {
        let digits = String(connection)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits + ".txt"
    }
}
