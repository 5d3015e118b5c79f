import Foundation
import Glibc

/// A TCP socket of a test, blocking with time limits; `text` is what has been read so far.
public final class RawPeer {
    public let descriptor: Int32
    public private(set) var received: [UInt8] = []

    public init(descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Connects to a port of 127.0.0.1, from 127.0.0.`host` if that is given.
    public convenience init(port: Int, fromHost host: UInt8? = nil) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if let host {
            var source = loopback(port: 0)
            source.sin_addr.s_addr = (UInt32(0x7F00_0000) | UInt32(host)).bigEndian
            _ = withUnsafePointer(to: &source) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        var address = loopback(port: port)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            throw TestKitError("cannot connect to port \(port): \(String(cString: strerror(errno)))")
        }
        self.init(descriptor: descriptor)
    }

    deinit { close(descriptor) }

    public var text: String { String(decoding: received, as: UTF8.self) }

    public func send(_ text: String) { send(Array(text.utf8)) }

    public func send(_ bytes: [UInt8]) { _ = Self.send(bytes, to: descriptor) }

    /// Sends pieces on a thread of its own until one is nil or the connection is gone.
    public func sendAside(_ piece: @escaping @Sendable (Int) -> [UInt8]?) {
        // Its own, for this value may be gone before the thread is.
        let copy = dup(descriptor)
        Thread.detachNewThread {
            var number = 0
            while let bytes = piece(number), Self.send(bytes, to: copy) { number += 1 }
            close(copy)
        }
    }

    private static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor,
                    $0.baseAddress.map { $0 + sent },
                    bytes.count - sent,
                    Int32(bitPattern: UInt32(MSG_NOSIGNAL))
                )
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Reads until `condition` holds for all that was read; false at the end of the stream or after the time limit.
    public func read(until condition: (RawPeer) -> Bool) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !condition(self) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { return condition(self) }
            received += buffer.prefix(count)
        }
        return true
    }

    public func read(until text: String) -> Bool { read { $0.text.contains(text) } }

    /// Reads to the end of the stream.
    public func readToEnd() { _ = read { _ in false } }

    /// The port of its own end.
    public var localPort: Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            _ = $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    public func closeOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes the end of this value a RST.
    public func resetAtEnd() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}

/// Lets this process, and those that it starts, have as many files open as the machine allows.
public func raiseDescriptorLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

/// A listening socket of a test on a free port of 127.0.0.1.
public final class RawListener: Sendable {
    private let descriptor: Int32
    public let port: Int

    public init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | listen(descriptor, 1024) | getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { throw TestKitError("cannot listen: \(String(cString: strerror(errno)))") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    public func accept() -> RawPeer { RawPeer(descriptor: Glibc.accept(descriptor, nil, nil)) }
}

private func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}
