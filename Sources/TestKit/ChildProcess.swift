import Foundation
import Synchronization

/// A program that runs beside a test; killed when the test lets go of it.
public final class ChildProcess: Sendable {
    private let process: Process
    private let input = Pipe()
    public let output = GatheredText()
    public let errors = GatheredText()

    public init(_ executable: String, _ arguments: [String], directory: String? = nil) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
        let (out, err) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = out
        process.standardError = err
        try process.run()
        output.gather(out.fileHandleForReading)
        errors.gather(err.fileHandleForReading)
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        closeInput()
    }

    public var isRunning: Bool { process.isRunning }

    /// Leaves unread what the program writes from now on, so that its pipes fill up.
    public func stopReading() {
        output.stopReading()
        errors.stopReading()
    }

    /// Waits for the end of a program whose output nobody reads; false if it still runs after so many seconds.
    public func waitForEnd(seconds: Double) -> Bool {
        let deadline = Date().addingTimeInterval(seconds)
        while process.isRunning {
            if Date() > deadline { return false }
            usleep(5000)
        }
        return true
    }

    public var identifier: Int32 { process.processIdentifier }

    public func send(signal: Int32) { kill(process.processIdentifier, signal) }

    public func closeInput() { try? input.fileHandleForWriting.close() }

    /// Waits for the end, at most `seconds`; the exit status, or nil if it still runs or was killed.
    public func wait(seconds: Double = 60) -> Int32? {
        let deadline = Date().addingTimeInterval(seconds)
        while process.isRunning {
            if Date() > deadline { return nil }
            usleep(5000)
        }
        output.waitForEnd(seconds: 5)
        errors.waitForEnd(seconds: 5)
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }
}

/// What a program writes, gathered on a thread of its own.
public final class GatheredText: Sendable {
    private let bytes = Mutex<Data>(Data())
    private let hasEnded = Atomic<Bool>(false)
    private let isUnread = Atomic<Bool>(false)
    private let descriptor = Atomic<Int32>(-1)

    /// What comes from now on, but for what is just being read, stays in the pipe.
    public func stopReading() { isUnread.store(true, ordering: .releasing) }

    func gather(_ handle: FileHandle) {
        let descriptor = handle.fileDescriptor
        self.descriptor.store(descriptor, ordering: .releasing)
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while !isUnread.load(ordering: .acquiring) {
                let count = read(descriptor, &buffer, buffer.count)
                if count <= 0 { break }
                bytes.withLock { $0.append(contentsOf: buffer.prefix(count)) }
            }
            hasEnded.store(true, ordering: .releasing)
            // The pipe stays open, or the program would be told that its reader is gone.
            if isUnread.load(ordering: .acquiring) { return }
            // Threads of Foundation keep what they were given; an open descriptor for each program that ran would remain.
            try? handle.close()
        }
    }

    /// Waits until so many bytes lie in the pipe, which nobody reads any more; false after `seconds`.
    public func waitUntilUnread(_ count: Int, seconds: Double = 30) -> Bool {
        let deadline = Date().addingTimeInterval(seconds)
        var waiting: Int32 = 0
        while Date() < deadline {
            let code = ioctl(descriptor.load(ordering: .acquiring), UInt(FIONREAD), &waiting)
            if code != 0 || Int(waiting) >= count { return code == 0 }
            usleep(5000)
        }
        return false
    }

    public var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Waits until the text satisfies `condition`; false after `seconds`.
    public func wait(seconds: Double = 30, until condition: (String) -> Bool) -> Bool {
        let deadline = Date().addingTimeInterval(seconds)
        while true {
            if condition(text) { return true }
            if Date() > deadline || hasEnded.load(ordering: .acquiring) { return condition(text) }
            usleep(5000)
        }
    }

    func waitForEnd(seconds: Double) {
        let deadline = Date().addingTimeInterval(seconds)
        while !hasEnded.load(ordering: .acquiring), Date() < deadline { usleep(2000) }
    }
}

/// What went wrong in starting something.
public struct TestKitError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
