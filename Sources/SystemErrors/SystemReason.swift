import Glibc

/// Why the system refused something, in words for people who do not know `errno`: a clause without a full stop, with what can be
/// done where that does not depend on what was tried.
///
/// - Parameter code: of `errno`.
public func systemReason(_ code: Int32) -> String {
    fileReason(code) ?? networkReason(code) ?? "the system's error \(code), \(String(cString: strerror(code)))"
}

/// The same of what concerns a connection, or an address to listen on.
///
/// - Parameter code: of `errno`.
public func connectionReason(_ code: Int32) -> String {
    switch code {
    case EACCES, EPERM: "this user may not do that; is it a port below 1024, or does a firewall forbid it?"
    default: systemReason(code)
    }
}

private func fileReason(_ code: Int32) -> String? {
    switch code {
    case ENOENT: "there is no such file or folder"
    case EACCES, EPERM: "this user may not do that; look at the rights with ls -l, or use a place of your own"
    case EEXIST: "there is one of that name already, which is left as it is; choose another name"
    case EISDIR: "it is a folder"
    case ENOTDIR: "a part of its path is a file, not a folder"
    case ENOSPC: "the disk is full; make room on it, or choose another one"
    case EDQUOT: "this user's share of the disk is used up; make room, or choose another disk"
    case EROFS: "that disk can only be read; choose another place"
    case EFBIG: "the file may not grow so large; look at ulimit -f"
    case ENAMETOOLONG: "the name is too long"
    case ELOOP: "its symbolic links lead in a circle"
    case EIO: "the disk or the terminal reported a failure; look at dmesg"
    case EMFILE: "this process may have no more files and connections open; ulimit -n tells how many"
    case ENFILE: "the machine has no room for more open files"
    case ENOMEM, ENOBUFS: "there is no memory left"
    case EBADF: "it is not open"
    case EPIPE: "whoever was to read it has gone"
    case ETXTBSY, EBUSY: "another program uses it"
    case ETIMEDOUT: "it took too long"
    default: nil
    }
}

private func networkReason(_ code: Int32) -> String? {
    switch code {
    case ECONNREFUSED: "nobody listens there (connection refused)"
    case ECONNRESET, ECONNABORTED: "the other side broke the connection off"
    case EHOSTUNREACH, EHOSTDOWN: "that machine cannot be reached"
    case ENETUNREACH, ENETDOWN: "there is no way to that network"
    case EADDRINUSE: "another program uses that address and port"
    case EADDRNOTAVAIL: "this machine has no such address"
    case EAFNOSUPPORT: "this machine does not use addresses of that kind"
    case ENODEV, ENXIO: "there is no such device"
    default: nil
    }
}
