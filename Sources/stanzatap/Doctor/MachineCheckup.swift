import Glibc
import Relay
import SystemErrors

/// Whether the disk, the limits, the rights and the clock of this machine will do.
struct MachineCheckup {
    let recordings: RecordingFolder

    /// A busy client fills a megabyte in minutes, so this is for an hour at least; less is hardly a recording.
    private static let (fewBytes, enoughBytes) = (64 << 20, 1 << 30)
    /// Of clients at once.
    private static let manyConnections = 1000
    /// Of CAP_NET_RAW in the sets of capabilities (linux/capability.h).
    private static let netRaw: UInt64 = 1 << 13

    var findings: [DoctorFinding] { disk + [descriptors, sniffing, clock] }

    // MARK: Disk

    private var disk: [DoctorFinding] {
        let folder = recordings.path
        let place = nearestFolder(to: folder)
        guard RecordingFolder.isFolder(place) else {
            return [
                DoctorFinding(
                    .problem,
                    "recordings: \(place) is a file, not a folder",
                    remedy: "stanzatap record --out DIR   records to another folder"
                )
            ]
        }
        guard access(place, W_OK | X_OK) == 0 else {
            let reason = systemReason(errno)
            let made = place == folder ? "" : ", and the folder cannot be made"
            return [
                DoctorFinding(
                    .problem,
                    "recordings: \(place) cannot be written to\(made): \(reason)",
                    remedy: "stanzatap record --out DIR   records to another folder"
                )
            ]
        }
        var facts = statvfs()
        guard statvfs(place, &facts) == 0 else {
            return [DoctorFinding(.problem, "recordings: \(place): \(systemReason(errno))")]
        }
        let free = Int(clamping: UInt64(facts.f_bavail) * UInt64(facts.f_frsize))
        let isNew = place == folder ? "" : ", which the first recording makes"
        return [Self.room(free, hasFileNumbers: facts.f_files == 0 || facts.f_favail > 100, "\(folder)\(isNew)", place)]
    }

    static func room(_ free: Int, hasFileNumbers: Bool, _ folder: String, _ place: String) -> DoctorFinding {
        let remedy = "df -h \(quotedForShell(place))   tells of the disk; another one: stanzatap record --out DIR"
        guard hasFileNumbers else {
            return DoctorFinding(
                .problem,
                "recordings: on the disk of \(folder) there can be no more files",
                remedy: remedy
            )
        }
        let what = "recordings: \(amount(free)) are free on the disk of \(folder)"
        if free < fewBytes { return DoctorFinding(.problem, what, remedy: remedy) }
        if free < enoughBytes {
            return DoctorFinding(.note, what + "; a busy server fills that in hours", remedy: remedy)
        }
        return DoctorFinding(.ok, what)
    }

    private static func amount(_ bytes: Int) -> String {
        if bytes >= 10 << 30 { return "\(bytes >> 30) GiB" }
        return bytes >= 10 << 20 ? "\(bytes >> 20) MiB" : "\(bytes >> 10) KiB"
    }

    // MARK: Limits, rights, clock

    private var descriptors: DoctorFinding {
        let (connections, limit) = DescriptorLimit.whenRaised
        let what = "descriptors: \(limit) are allowed, room for \(connections) connections at once"
        guard connections < Self.manyConnections else { return DoctorFinding(.ok, what) }
        return DoctorFinding(
            connections < 10 ? .problem : .note,
            what,
            remedy: "ulimit -Hn 65536         as root, before stanzatap is started; in a systemd unit LimitNOFILE=65536"
        )
    }

    private var sniffing: DoctorFinding {
        if Self.allowsSniffing(textOfFile("/proc/self/status") ?? "") {
            return DoctorFinding(.ok, "sniffing: allowed ('stanzatap sniff' needs it, 'record' does not)")
        }
        let program = linkTarget("/proc/self/exe") ?? "PATH-OF-STANZATAP"
        return DoctorFinding(
            .note,
            "sniffing: this user may not listen on interfaces, so 'stanzatap sniff' cannot be used; 'record' can",
            remedy: "sudo setcap cap_net_raw+ep \(quotedForShell(program))   allows it to all users of this program"
        )
    }

    /// - Parameter status: as /proc tells it of a process.
    static func allowsSniffing(_ status: String) -> Bool {
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("CapEff:") }),
            let set = UInt64(line.dropFirst("CapEff:".count).drop { $0 == "\t" || $0 == " " }, radix: 16)
        else { return false }
        return set & netRaw != 0
    }

    /// From the first day of the year in which this was written.
    private static let earliest: Int64 = 1_767_225_600

    private var clock: DoctorFinding {
        let now = Int64(time(nil))
        let told = timeInUTC(now, "%Y-%m-%d %H:%M:%S") + " UTC"
        if now < Self.earliest {
            return DoctorFinding(
                .problem,
                "clock: it says \(told), which is past; certificates would count as not valid yet",
                remedy: "sudo timedatectl set-ntp true"
            )
        }
        return DoctorFinding(.ok, "clock: \(told)")
    }
}

/// What is at the path; or of the folders above it the nearest one that there is, in which it would be made.
func nearestFolder(to path: String) -> String {
    if access(path, F_OK) == 0 { return path }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : nearestFolder(to: String(path[..<slash]))
}
