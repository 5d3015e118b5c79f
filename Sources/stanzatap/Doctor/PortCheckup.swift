import Capture
import Glibc
import Relay
import SystemErrors
import XMPP

/// Whether clients can be taken at an address.
enum PortCheckup {
    static func finding(_ address: ListenAddress) -> DoctorFinding {
        let endpoint = address.endpoint
        let code = bindingError(endpoint)
        switch code {
        case 0: return DoctorFinding(.ok, "port: \(endpoint) is free")
        case EADDRINUSE: return taken(endpoint)
        case EADDRNOTAVAIL, EAFNOSUPPORT:
            let what = "port: this machine has no address \(endpoint.host)"
            return address.isOptional
                ? DoctorFinding(.note, what + ", so clients connect by IPv4 only")
                : DoctorFinding(.problem, what, remedy: "ip address               lists those that it has")
        case EACCES:
            return DoctorFinding(
                .problem,
                "port: this user may not take port \(endpoint.port), as no port below 1024",
                remedy: "stanzatap record --listen \(endpoint.with(port: 15_222))"
            )
        default: return DoctorFinding(.problem, "port: \(endpoint) cannot be listened on: \(connectionReason(code))")
        }
    }

    private static func taken(_ endpoint: Endpoint) -> DoctorFinding {
        let elsewhere = "stanzatap record --listen \(endpoint.with(port: 15_222))"
        guard let holder = PortHolder.find(endpoint.port) else {
            return DoctorFinding(
                .problem,
                "port: \(endpoint) is held by a program that this user may not look at",
                remedy: "sudo ss -ltnp sport = :\(endpoint.port)   tells which; or record elsewhere: \(elsewhere)"
            )
        }
        let remedy =
            holder.name == "stanzatap"
            ? "it records there already; or record elsewhere too: \(elsewhere)"
            : "kill \(holder.process)  ends it, if it is yours to end; or record elsewhere: \(elsewhere)"
        return DoctorFinding(
            .problem,
            "port: \(endpoint) is held by \(holder.name) (process \(holder.process))",
            remedy: remedy
        )
    }

    /// Takes the address and gives it back; 0, or why it could not be taken.
    private static func bindingError(_ endpoint: Endpoint) -> Int32 {
        let family = endpoint.isIPv6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var yes: Int32 = 1
        // As the recorder does, so that connections that ended a moment ago are no obstacle.
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let result = endpoint.isIPv6 ? bindSix(descriptor, endpoint) : bindFour(descriptor, endpoint)
        return result == 0 ? 0 : errno
    }

    private static func bindFour(_ descriptor: Int32, _ endpoint: Endpoint) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = endpoint.port.bigEndian
        inet_pton(AF_INET, endpoint.host, &address.sin_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func bindSix(_ descriptor: Int32, _ endpoint: Endpoint) -> Int32 {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = endpoint.port.bigEndian
        inet_pton(AF_INET6, endpoint.host, &address.sin6_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
            }
        }
    }
}

/// The program that listens on a TCP port of this machine, as far as /proc tells this user.
struct PortHolder: Equatable {
    let process: Int
    /// Fit for a terminal.
    let name: String

    static func find(_ port: UInt16) -> PortHolder? {
        let sockets = Set(
            ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listeners(in: textOfFile($0) ?? "", on: port) }
                .map { "socket:[\($0)]" }
        )
        guard !sockets.isEmpty else { return nil }
        for process in (namesInFolder("/proc") ?? []).compactMap({ Int($0) }).sorted() where holds(process, sockets) {
            let name = (textOfFile("/proc/\(process)/comm") ?? "?").prefix { $0 != "\n" }
            return PortHolder(process: process, name: String(name).shown(limit: 60))
        }
        return nil
    }

    private static func holds(_ process: Int, _ sockets: Set<String>) -> Bool {
        let folder = "/proc/\(process)/fd"
        return (namesInFolder(folder) ?? []).contains { linkTarget("\(folder)/\($0)").map(sockets.contains) ?? false }
    }

    /// The numbers of the sockets that listen on the port: lines of /proc/net/tcp, whose second word is the own address, whose
    /// fourth is the state (0A: it listens), and whose tenth is the number.
    static func listeners(in table: String, on port: UInt16) -> [Int] {
        table.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 9, words[3] == "0A", let colon = words[1].lastIndex(of: ":"),
                UInt16(words[1][words[1].index(after: colon)...], radix: 16) == port
            else { return nil }
            return Int(words[9])
        }
    }
}

// MARK: /proc

/// A small file whole; nil if it cannot be read.
func textOfFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    // Files of /proc have no size that could be asked for before.
    while case let count = read(descriptor, &piece, piece.count), count > 0 { bytes += piece[..<count] }
    return String(decoding: bytes, as: UTF8.self)
}

/// What a symbolic link says; nil if it cannot be read.
func linkTarget(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &bytes, bytes.count)
    return count < 0 ? nil : String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
