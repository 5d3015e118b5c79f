import Capture
import Inspector
import Redaction

/// `record --redact`: what lies in the nameless spool is copied without its secrets, and the copy is told.
final class RedactedInspection: LiveWork {
    private let redactor: CaptureRedactor
    private let inspector: Inspector
    private let spool: CaptureFile
    private let copy: CaptureFile
    /// Bytes of the spool that are dealt with in the copy.
    private var copied = 0
    /// Why the copy ended before its time: what waited in the redactor then is lost, so that its end would look like a good one.
    private var failure: CaptureError?

    init(spool: CaptureFile, copy: CaptureFile, makeInspector: () throws -> Inspector) throws {
        self.spool = spool
        self.copy = copy
        redactor = CaptureRedactor(reader: try CaptureReader(path: spool.path), output: copy)
        // The copy is a capture from its first block on.
        _ = try redactor.step()
        inspector = try makeInspector()
    }

    var offset: Int { redactor.offset }

    func step() throws -> Int {
        do throws(CaptureError) {
            let count = try redactor.step()
            copied = redactor.offset
            return try count + told()
        } catch {
            // Nothing may pass that is not recorded, and the copy is the recording.
            spool.fail(error)
            failure = error
            throw error
        }
    }

    private func told() throws(CaptureError) -> Int {
        do {
            return try inspector.step()
        } catch let error as CaptureError {
            throw error
        } catch {
            report("\(error)")
            return 1
        }
    }

    func restUnused() { inspector.restUnused() }

    func finish() throws -> Int {
        defer {
            report(redactor.count.told)
            if let more = redactor.count.toldOfLiveCopy { report(more) }
        }
        do {
            if let failure { throw failure }
            let rest = try redactor.finish()
            while try told() > 0 {}
            _ = try inspector.finish()
            return rest
        } catch {
            // What is in the copy is told all the same.
            while (try? inspector.step()) ?? 0 > 0 {}
            _ = try? inspector.finish()
            report(
                "\(copy.path) lacks the end of the recording, about \(max(0, spool.committed - copied)) bytes: peers have received"
                    + " what is in them, and with --redact it is nowhere else"
            )
            throw error
        }
    }
}
