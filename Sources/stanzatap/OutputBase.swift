import Certificates
import Glibc

/// The name of a new recording.
struct OutputBase {
    /// The path of the capture without its ending.
    let path: String
    /// The time that it is named by, since 1970.
    private let milliseconds: Int

    /// Names are tried so far ahead of the time.
    private static let tries = 10_000

    /// A name by the time to the millisecond: all of one length, so that every program that sorts them finds the order in
    /// which they were made.
    ///
    /// - Parameter last: the name that was given out before, if any; the new one sorts behind it, also where that file is gone
    ///   or the clock was set back.
    static func make(in directory: String, after last: OutputBase? = nil) throws -> OutputBase {
        try failing { try makeDirectory(directory) }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = now.tv_sec * 1000 + now.tv_nsec / 1_000_000
        let start = max(milliseconds, last.map { $0.milliseconds + 1 } ?? 0)
        for moment in start..<start + tries {
            let path = "\(directory)/\(name(moment))"
            if access(path + ".pcapng", F_OK) != 0 && access(path, F_OK) != 0 {
                return OutputBase(path: path, milliseconds: moment)
            }
        }
        throw Failure("no name is free for a capture in \(directory)")
    }

    /// - Parameter milliseconds: since 1970.
    private static func name(_ milliseconds: Int) -> String {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let digits = String(rest)
        return format(seconds) + "." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    private static func format(_ seconds: Int) -> String {
        var (moment, parts) = (time_t(seconds), tm())
        gmtime_r(&moment, &parts)
        var text = [CChar](repeating: 0, count: 64)
        strftime(&text, text.count, "%Y-%m-%dT%H-%M-%S", &parts)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
