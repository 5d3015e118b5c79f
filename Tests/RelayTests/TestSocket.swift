import Capture
import Foundation
import Glibc
import Testing

struct SocketProblem: Error, CustomStringConvertible {
    let description: String

    init(_ what: String, _ code: Int32 = errno) { description = "\(what): \(String(cString: strerror(code)))" }
}

/// Runs blocking work on a thread of its own, so that it does not keep other tests from running.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}

/// A blocking TCP socket on the loopback. Every call gives up after 60 seconds.
///
/// Sendable because the kernel orders the calls; the descriptor is closed once, at the end or by `close` and `reset`.
final class TestSocket: @unchecked Sendable {
    let descriptor: Int32
    private var isOpen = true

    init(descriptor: Int32) {
        self.descriptor = descriptor
        setLimit(seconds: 60)
    }

    /// After how long every call gives up.
    func setLimit(seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close() }

    static func connect(to endpoint: Endpoint, receiveBuffer: Int32? = nil) throws -> TestSocket {
        let family = endpoint.isIPv6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketProblem("socket") }
        let client = TestSocket(descriptor: descriptor)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        let code = withSocketAddress(endpoint) { Glibc.connect(descriptor, $0, $1) }
        guard code == 0 else { throw SocketProblem("connect \(endpoint)") }
        return client
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SocketProblem("send after \(sent) bytes") }
            sent += count
        }
    }

    /// Each byte in a write, and a segment, of its own.
    func sendSingly(_ text: String) throws {
        var option: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &option, socklen_t(MemoryLayout<Int32>.size))
        for byte in text.utf8 { try send([byte]) }
    }

    /// The next bytes, at most `limit`; empty at the end of the stream.
    func receive(atMost limit: Int = 65_536) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            let received = recv(descriptor, buffer.baseAddress, limit, 0)
            guard received >= 0 else { throw SocketProblem("recv") }
            count = received
        }
    }

    func receive(exactly count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try receive(atMost: count - bytes.count)
            if more.isEmpty { throw SocketProblem("end of stream after \(bytes.count) of \(count) bytes", 0) }
            bytes += more
        }
        return bytes
    }

    func receiveToEnd(pausing pause: useconds_t = 0, every count: Int = 65_536) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let more = try receive(atMost: count)
            if more.isEmpty { return bytes }
            bytes += more
            // A slow reader is what is tested; nothing is waited for.
            if pause > 0 { usleep(pause) }
        }
    }

    func receiveText(exactly count: Int) throws -> String {
        String(decoding: try receive(exactly: count), as: UTF8.self)
    }

    func receiveText(through text: String) throws -> String {
        var bytes: [UInt8] = []
        while !bytes.reversed().starts(with: text.utf8.reversed()) { bytes += try receive(exactly: 1) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next byte, which stays to be received.
    func peek() throws -> UInt8 {
        var byte: UInt8 = 0
        guard recv(descriptor, &byte, 1, Int32(MSG_PEEK)) == 1 else { throw SocketProblem("recv") }
        return byte
    }

    /// True if the other side ends without another byte, by a FIN or a RST.
    func receiveNothing() -> Bool {
        do { return try receive().isEmpty } catch { return errno == ECONNRESET || errno == EPIPE }
    }

    /// Reads to the end; true if it comes, by a FIN or a RST, before the time limit.
    func endsSoon() -> Bool {
        do {
            while try !receive().isEmpty {}
            return true
        } catch {
            return errno == ECONNRESET || errno == EPIPE
        }
    }

    func receiveText() throws -> String { String(decoding: try receiveToEnd(), as: UTF8.self) }

    /// Waits until the socket has or takes bytes.
    func wait(forInput: Bool, output: Bool) throws -> (input: Bool, output: Bool) {
        let events = (forInput ? POLLIN : 0) | (output ? POLLOUT : 0)
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        guard poll(&entry, 1, 20_000) > 0 else { throw SocketProblem("poll") }
        let failed = entry.revents & Int16(POLLERR | POLLHUP) != 0
        return (
            forInput && (failed || entry.revents & Int16(POLLIN) != 0), output && entry.revents & Int16(POLLOUT) != 0
        )
    }

    /// How many bytes the socket takes at once.
    func sendWhatFits(_ bytes: ArraySlice<UInt8>) throws -> Int {
        let count = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        if count < 0, errno != EAGAIN { throw SocketProblem("send") }
        return max(0, count)
    }

    /// Sends a FIN; receiving goes on.
    func shutdownOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    func close() {
        if isOpen { Glibc.close(descriptor) }
        isOpen = false
    }

    /// Sends a RST.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Waits for a RST; true if that is what came.
    func waitForReset() throws -> Bool {
        do {
            while try !receive().isEmpty {}
            return false
        } catch {
            return errno == ECONNRESET
        }
    }
}

/// A listening TCP socket on a free port of 127.0.0.1.
final class TestServer: Sendable {
    let descriptor: Int32
    let endpoint: Endpoint

    init(host: String = "127.0.0.1", port: UInt16 = 0, listening: Bool = true) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let any = try #require(Endpoint(host: host, port: port))
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        let descriptor = self.descriptor
        guard withSocketAddress(any, { bind(descriptor, $0, $1) }) == 0 else { throw SocketProblem("bind") }
        if listening { guard listen(descriptor, 256) == 0 else { throw SocketProblem("listen") } }
        endpoint = try localEndpoint(of: descriptor)
    }

    deinit { Glibc.close(descriptor) }

    func accept(seconds: Int = 60) throws -> TestSocket {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { throw SocketProblem("accept") }
        return TestSocket(descriptor: accepted)
    }
}

func localEndpoint(of descriptor: Int32) throws -> Endpoint {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutablePointer(to: &storage) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    guard code == 0 else { throw SocketProblem("getsockname") }
    let bytes = withUnsafeBytes(of: storage) { Array($0) }
    let address = Int32(storage.ss_family) == AF_INET6 ? bytes[8..<24] : bytes[4..<8]
    return try #require(Endpoint(address: Array(address), port: UInt16(bytes[2]) << 8 | UInt16(bytes[3])))
}

func withSocketAddress<Value>(
    _ endpoint: Endpoint,
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
) -> Value {
    var storage = sockaddr_storage()
    let size = endpoint.isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    withUnsafeMutableBytes(of: &storage) { bytes in
        let family = UInt16(endpoint.isIPv6 ? AF_INET6 : AF_INET)
        withUnsafeBytes(of: family) { bytes.copyMemory(from: $0) }
        withUnsafeBytes(of: endpoint.port.bigEndian) { port in
            UnsafeMutableRawBufferPointer(rebasing: bytes[2..<4]).copyMemory(from: port)
        }
        let start = endpoint.isIPv6 ? 8 : 4
        for (offset, byte) in endpoint.address.enumerated() { bytes[start + offset] = byte }
    }
    return withUnsafePointer(to: &storage) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
    }
}
