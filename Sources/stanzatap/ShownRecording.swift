import Capture
import Glibc

/// Which captures `stanzatap show` reads when it is given several, or a folder.
enum ShownRecording {
    /// Nil for one capture.
    ///
    /// - Throws: `Failure` with status 2 if the captures are of several recordings, or if a folder is given with other files.
    static func of(_ paths: [String]) throws -> CaptureSeries? {
        if let folder = paths.first(where: isFolder) {
            guard paths.count == 1 else {
                throw Failure("\(folder) is a folder: show it alone, or name its captures", status: 2)
            }
            return try latest(in: folder)
        }
        guard paths.count > 1 else { return nil }
        let recordings = try failing { try CaptureSeries.recordings(of: paths) }
        guard recordings.count == 1 else {
            let several = recordings.map(told).joined(separator: "; ")
            throw Failure(
                "these are captures of \(recordings.count) recordings, show one at a time: \(several)",
                status: 2
            )
        }
        return recordings.first
    }

    static func isFolder(_ path: String) -> Bool {
        guard let folder = opendir(path) else { return false }
        closedir(folder)
        return true
    }

    private static func latest(in folder: String) throws -> CaptureSeries {
        let (recordings, unreadable) = try failing { try CaptureSeries.recordings(in: folder) }
        for error in unreadable { report("\(error)") }
        guard let latest = recordings.last else {
            throw Failure("\(folder) holds no capture that stanzatap recorded")
        }
        if recordings.count > 1 {
            report("\(folder) holds \(recordings.count) recordings; shown is the latest one, \(told(latest))")
            for other in recordings.dropLast() { report("not shown: \(told(other))") }
        }
        return latest
    }

    private static func told(_ series: CaptureSeries) -> String {
        let more = series.paths.count - 1
        return "\(series.paths[0])" + (more > 0 ? " and \(more) more" : "")
    }
}
