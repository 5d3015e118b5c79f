import Glibc

/// Starts a thread of its own, for work that waits in the system's calls: Swift's own pool has only as many threads as the
/// machine has cores.
///
/// - Parameters:
///   - name: what the system calls it, cut after 15 bytes.
///   - stackBytes: the size of its stack; nil for what the system gives.
///   - body: what it does; the thread ends with it.
/// - Returns: false if the system gives no more threads; `body` is not called then.
@discardableResult
public func startThread(
    named name: String,
    stackBytes: Int? = nil,
    _ body: @escaping @Sendable () -> Void
) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }
    let work = Unmanaged.passRetained(Work(name: name, body: body))
    var thread = pthread_t()
    let result = pthread_create(
        &thread,
        &attributes,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
            return nil
        },
        work.toOpaque()
    )
    if result != 0 { work.release() }
    return result == 0
}

/// What a new thread is handed.
private final class Work: Sendable {
    private static let nameLimit = 15

    private let name: String
    private let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    func run() {
        takeName()
        body()
    }

    /// By the kernel's file for it: Swift's Glibc module does not know pthread_setname_np. A thread without a name works too.
    private func takeName() {
        let descriptor = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        let bytes = Array(name.utf8.prefix(Self.nameLimit))
        _ = write(descriptor, bytes, bytes.count)
        close(descriptor)
    }
}
