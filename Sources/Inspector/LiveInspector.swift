import Capture
import Dispatch
import Glibc
import Synchronization
import Threads
import Transcript

/// Runs an inspector on a thread of its own beside the relay, at low priority, until the recording is over and read.
public final class LiveInspector: Sendable {
    /// Records are dealt with in batches: one wake-up for many of them, and still well below 50 ms of delay.
    private static let batchMilliseconds = 10
    /// Seconds.
    private static let timeBetweenLooks = 1.0

    private let file: CaptureFile
    private let makeInspector: @Sendable () throws -> any LiveWork
    private let report: @Sendable (String) -> Void
    private let isStopping = Atomic<Bool>(false)
    private let mustHurry = Atomic<Bool>(false)
    private let readOffset = Atomic<Int>(0)
    /// When everything recorded had been told, by the clock that counts from the machine's start.
    private let caughtUp = Atomic<UInt64>(DispatchTime.now().uptimeNanoseconds)
    private let done = DispatchSemaphore(value: 0)
    /// When what was reported, without the numbers in it.
    private let reported = Mutex<[String: ContinuousClock.Instant]>([:])

    /// - Parameters:
    ///   - makeInspector: called on the inspector's thread, which alone uses what it makes.
    ///   - report: told in a line what goes wrong with transcripts; the recording itself goes on.
    public init(
        file: CaptureFile,
        report: @escaping @Sendable (String) -> Void,
        makeInspector: @escaping @Sendable () throws -> any LiveWork
    ) {
        self.file = file
        self.report = report
        self.makeInspector = makeInspector
    }

    public func start() {
        let handover = Handover()
        // A thread that once took idle time only may not go back to more, so what is left at the end is another one's.
        launch("inspector", orElse: handover.isReady) {
            self.follow(handover)
            handover.isReady.signal()
        }
        launch("caretaker", orElse: done) {
            self.lookAfterFile(until: handover.isReady)
            self.finish(handover)
            self.done.signal()
        }
    }

    /// - Parameter end: what is signalled where the machine has no thread left, so that nobody waits for this one.
    private func launch(_ name: String, orElse end: DispatchSemaphore, _ body: @escaping @Sendable () -> Void) {
        // libxml2 and the explanations need little, but deep elements are taken down recursively.
        if startThread(named: name, stackBytes: 16 * 1024 * 1024, body) { return }
        report("the system gives no thread for the \(name); what is recorded can be told later by 'stanzatap show'")
        end.signal()
    }

    /// How many recorded bytes are not inspected yet.
    public var lag: Int { max(0, file.committed - readOffset.load(ordering: .relaxed)) }

    /// For how many seconds there has been something recorded that is not inspected yet; 0 if there is none.
    public var lagSeconds: Double {
        if lag == 0 { return 0 }
        let now = DispatchTime.now().uptimeNanoseconds
        return Double(now - min(now, caughtUp.load(ordering: .relaxed))) / 1e9
    }

    /// Tells it that the recording is over: it reads the rest and ends.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        file.wake()
    }

    /// Makes it leave the rest unread.
    public func hurry() {
        mustHurry.store(true, ordering: .releasing)
        file.wake()
    }

    /// Waits for the end, at most `seconds`; false if it is not there yet.
    public func waitUntilDone(seconds: Double) -> Bool { done.wait(timeout: .now() + seconds) == .success }

    /// Until the recording is over.
    private func follow(_ handover: Handover) {
        takeIdleTimeOnly()
        do {
            let inspector = try makeInspector()
            handover.inspector = inspector
            while !isStopping.load(ordering: .acquiring), !mustHurry.load(ordering: .acquiring) {
                let count = step(inspector)
                if lag == 0 { caughtUp.store(DispatchTime.now().uptimeNanoseconds, ordering: .relaxed) }
                if count == 0 {
                    inspector.restUnused()
                    waitForMore(beyond: inspector.offset)
                }
            }
        } catch {
            report("the transcripts end here: \(error)")
        }
    }

    /// Reads the rest, and no longer puts everybody else first: the user waits for it.
    private func finish(_ handover: Handover) {
        if let inspector = handover.inspector {
            while !mustHurry.load(ordering: .acquiring), step(inspector) > 0 {}
            do {
                _ = try inspector.finish()
            } catch {
                report("the transcripts end here: \(error)")
            }
        }
        file.synchronize()
    }

    /// What goes wrong again and again, such as transcripts in a folder that is read-only, is told once a minute.
    private func reportOnce(_ line: String) {
        let now = ContinuousClock.now
        // A hundred transcripts that cannot be written differ in their numbers.
        let kind = line.filter { !$0.isNumber }
        let isNew = reported.withLock { reported in
            if let last = reported[kind], now - last < .seconds(60) { return false }
            reported[kind] = now
            return true
        }
        if isNew { report(line) }
    }

    /// Until the semaphore is signalled: forces what was recorded to the disk, against power cuts, and sees whether it can go on.
    private func lookAfterFile(until end: DispatchSemaphore) {
        var synchronized = 0
        while end.wait(timeout: .now() + Self.timeBetweenLooks) == .timedOut {
            let committed = file.committed
            if committed > synchronized { file.synchronize() }
            synchronized = committed
            if let failure = file.takeRotationFailure() {
                reportOnce("the capture cannot go on in another file, so it goes on in this one: \(failure)")
            }
            replaceRemovedFile()
        }
    }

    /// Somebody may have removed the capture: then the recording goes on in another file, or ends where there can be none.
    private func replaceRemovedFile() {
        guard file.isRemoved else { return }
        let path = file.path
        if let failure = file.rotate() {
            file.fail(CaptureError("the capture \(path) was removed, and there can be no other: \(failure)"))
        } else {
            report("\(path) was removed while it was written; the recording goes on in \(file.path)")
        }
    }

    /// Relaying comes first: Linux gives each thread a policy of its own, and one of this policy yields to any other at once.
    private func takeIdleTimeOnly() {
        // SCHED_IDLE, which Swift's Glibc module does not know.
        let idle: Int32 = 5
        var parameters = sched_param()
        sched_setscheduler(0, idle, &parameters)
    }

    private func waitForMore(beyond offset: Int) {
        file.waitForGrowth(beyond: offset, milliseconds: 1000)
        if file.committed > offset && !isStopping.load(ordering: .acquiring) {
            usleep(UInt32(Self.batchMilliseconds * 1000))
        }
    }

    /// A batch; what goes wrong in writing it is reported, and the next one is tried.
    private func step(_ inspector: any LiveWork) -> Int {
        defer { readOffset.store(inspector.offset, ordering: .relaxed) }
        do {
            return try inspector.step()
        } catch {
            reportOnce("\(error)")
            return error is OutputError ? 1 : 0
        }
    }
}

/// What one thread leaves to the next. Unchecked, for the semaphore orders what they do: the next one touches it only when it
/// was signalled, and the first one no more after that.
private final class Handover: @unchecked Sendable {
    var inspector: (any LiveWork)?
    let isReady = DispatchSemaphore(value: 0)
}
