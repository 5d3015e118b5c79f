import Glibc
import SystemErrors

/// What a file says of itself.
struct FileFacts {
    let isRegular: Bool
    let size: Int
    let owner: uid_t
    let mode: Int

    init(path: String) throws(CertificateProblem) {
        // Of what a symbolic link leads to.
        var status = Glibc.stat()
        guard stat(path, &status) == 0 else { throw CertificateProblem("cannot read \(path): \(lastError())") }
        isRegular = status.st_mode & S_IFMT == S_IFREG
        size = Int(status.st_size)
        owner = status.st_uid
        mode = Int(status.st_mode & 0o7777)
    }
}

/// Reads a file whole.
func readFile(_ path: String, limit: Int = 1 << 20) throws(CertificateProblem) -> [UInt8] {
    // Asked before it is opened: to open a pipe would hold the program until somebody writes.
    let facts = try FileFacts(path: path)
    guard facts.isRegular else { throw CertificateProblem("cannot read \(path): it is not a file") }
    guard facts.size <= limit else {
        throw CertificateProblem("cannot read \(path): its \(facts.size) bytes are more than a file of its kind has")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw CertificateProblem("cannot read \(path): \(lastError())") }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: facts.size)
    var count = 0
    while count < bytes.count {
        let more = bytes[count...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        if more < 0, errno == EINTR { continue }
        guard more >= 0 else { throw CertificateProblem("cannot read \(path): \(lastError())") }
        if more == 0 { break }
        count += more
    }
    return Array(bytes.prefix(count))
}

/// Makes a file that appears under its name complete or not at all, and only if there is none of that name: of two
/// programs that start at once one wins, and the other must read what the winner wrote. True for the winner.
func publish(_ bytes: [UInt8], at path: String, mode: mode_t) throws(CertificateProblem) -> Bool {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max))"
    try write(bytes, to: temporary, mode: mode)
    defer { unlink(temporary) }
    if link(temporary, path) == 0 { return true }
    if errno == EEXIST { return false }
    // A file system without hard links: the race is lost or won by a hair, but the file is still whole.
    guard access(path, F_OK) != 0 else { return false }
    guard rename(temporary, path) == 0 else { throw CertificateProblem("cannot make \(path): \(lastError())") }
    return true
}

private func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(CertificateProblem) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw CertificateProblem("cannot make \(path): \(lastError())") }
    defer { close(descriptor) }
    var count = 0
    while count < bytes.count {
        let more = bytes[count...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if more < 0, errno == EINTR { continue }
        guard more > 0 else {
            let reason = lastError()
            unlink(path)
            throw CertificateProblem("cannot write \(path): \(reason)")
        }
        count += more
    }
    // The mode in open(2) is cut by the umask; a certificate that nobody may read would be of no use.
    guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
        let reason = lastError()
        unlink(path)
        throw CertificateProblem("cannot write \(path): \(reason)")
    }
}

/// Makes a folder for its owner alone, and the ones above it.
func makeDirectory(_ path: String) throws(CertificateProblem) {
    if isDirectory(path) { return }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeDirectory(String(path[..<slash])) }
    if mkdir(path, 0o700) == 0 { return }
    let reason = errno == EEXIST ? "it is a file" : lastError()
    // Another program may have made it meanwhile.
    if !isDirectory(path) { throw CertificateProblem("cannot make the folder \(path): \(reason)") }
}

private func isDirectory(_ path: String) -> Bool { access(path + "/", F_OK) == 0 }

/// What the last failed call of the system says of it.
func lastError() -> String { systemReason(errno) }
