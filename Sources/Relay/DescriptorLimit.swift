import Glibc

/// How many file descriptors this process may have open.
public enum DescriptorLimit {
    /// For everything that is no connection: captures that are not read yet, transcripts, name look-ups, the terminal.
    private static let reserved = 96 + MetricsServer.connectionLimit
    private static let perConnection = 2

    /// Raises the limit as far as the system lets us; for the start of a program, since it concerns the whole process.
    public static func raise() {
        guard var limit = current else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }

    /// How many connections there is room for, at least 1.
    static var connections: Int {
        let descriptors = current.map { Int(clamping: $0.rlim_cur) } ?? Int.max
        return max(1, (descriptors - reserved) / perConnection)
    }

    /// How many connections there will be room for once the limit is raised, at least 1; and that limit.
    public static var whenRaised: (connections: Int, descriptors: Int) {
        let descriptors = current.map { Int(clamping: $0.rlim_max) } ?? Int.max
        return (max(1, (descriptors - reserved) / perConnection), descriptors)
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    private static var current: rlimit? {
        var limit = rlimit()
        return getrlimit(resource, &limit) == 0 ? limit : nil
    }
}
