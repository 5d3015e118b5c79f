import Foundation
import Glibc

/// The name of a new recording.
enum OutputBase {
    /// The path of the new capture without its ending: named by the time, with a count where that is taken.
    ///
    /// - Parameter used: paths that were given out before and may be free again.
    static func make(in directory: String, except used: Set<String> = []) throws -> String {
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure("cannot make the folder \(directory): \(error.localizedDescription)")
        }
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 64)
        strftime(&text, text.count, "%Y-%m-%dT%H-%M-%S", &parts)
        let name =
            directory + "/" + String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let candidates = [name] + (2..<1000).map { "\(name)-\($0)" }
        let free = candidates.first {
            !used.contains($0) && access($0 + ".pcapng", F_OK) != 0 && access($0, F_OK) != 0
        }
        guard let free else {
            throw Failure("no name is free for a capture in \(directory)")
        }
        return free
    }
}
