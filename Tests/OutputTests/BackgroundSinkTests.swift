import Testing
import Transcript
import XMPP

@testable import Output

/// Writes down what it is told; throws at the flushes of those numbers.
private final class Notes: TranscriptSink {
    private let failing: Set<Int>
    private(set) var lines: [String] = []
    private var flushes = 0

    init(failing: Set<Int> = []) { self.failing = failing }

    func began(_ title: ConnectionTitle) { lines.append("began \(title.connection)") }

    func add(_ record: Record, connection: Int) {
        guard case .prose(let text) = record else { return }
        lines.append("\(connection): \(text.joined())")
    }

    func finished(connection: Int) { lines.append("finished \(connection)") }

    func flush() throws(OutputError) {
        flushes += 1
        lines.append("flush")
        if failing.contains(flushes) { throw OutputError("flush \(flushes) fails") }
    }

    func end() throws(OutputError) { lines.append("end") }
}

@Suite("a sink that writes in the background")
struct BackgroundSinkTests {
    @Test("the other sink sees the same calls in the same order")
    func order() throws {
        let notes = Notes()
        let sink = BackgroundSink(notes)
        var expected: [String] = []
        sink.began(ConnectionTitle(connection: 1, lines: ["a"]))
        expected.append("began 1")
        for batch in 0..<100 {
            for number in 0..<batch {
                sink.add(.prose(["\(batch).\(number)"]), connection: number)
                expected.append("\(number): \(batch).\(number)")
            }
            try sink.flush()
            expected.append("flush")
        }
        sink.finished(connection: 1)
        try sink.end()
        #expect(notes.lines == expected + ["finished 1", "flush", "end"])
    }

    @Test("what goes wrong is thrown once, by a later call, and what follows is written", arguments: [1, 2, 3])
    func failure(at number: Int) throws {
        let notes = Notes(failing: [number])
        let sink = BackgroundSink(notes)
        var errors: [String] = []
        for _ in 0..<2 {
            do { try sink.flush() } catch { errors.append(error.description) }
        }
        do { try sink.end() } catch { errors.append(error.description) }
        #expect(errors == ["flush \(number) fails"])
        #expect(notes.lines.filter { $0 == "flush" }.count == 3)
    }
}
